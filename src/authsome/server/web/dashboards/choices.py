"""What the address of a dashboard chooses: which days, in which buckets, and about whom.

A page's address says everything, so that it can be sent to somebody, who then sees the same. What cannot
be read is told by field, and nothing of the address is followed then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, urlencode

from authsome.analytics.asked import MOST_DAYS, Asked
from authsome.analytics.metric import Bucket
from authsome.server.web import paths

USUAL_DAYS = 30
DAILY_UP_TO, WEEKLY_UP_TO = 120, 730  # more bars than that are thinner than a pixel or two on a phone
FIRST = date(2000, 1, 1)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
HANDLE = re.compile(r"[a-z]+(-[a-z]+){1,3}-\d{1,6}")
FIELDS = ("days", "since", "until", "bucket", "provider", "identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`since` wins over `days`. An empty `bucket` is chosen by the length."""

    dashboard: str
    days: int = USUAL_DAYS
    since: date | None = None
    until: date | None = None
    bucket: str = ""
    provider: str = ""
    identity: str = ""

    def asked(self, today: date) -> Asked:
        """The same for analytics."""
        last = min(self.until or today, today)
        days = (last - self.since).days + 1 if self.since else self.days
        return Asked(
            days=days,
            until=self.until,
            bucket=Bucket(self.bucket or _fitting(days)),
            provider=self.provider,
            identity=self.identity,
        )

    def query(self) -> dict[str, str]:
        """What is not as usual."""
        found = {
            "days": "" if self.since or self.days == USUAL_DAYS else str(self.days),
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "bucket": self.bucket,
            "provider": self.provider,
            "identity": self.identity,
        }
        return {name: value for name, value in found.items() if value}

    @property
    def href(self) -> str:
        """The address of the page."""
        return _address(paths.dashboard(self.dashboard), self.query())

    def file(self, tile: str, form: str, table: str = "") -> str:
        """The address of a tile as a file."""
        path = f"{paths.dashboard(self.dashboard)}/{quote(tile, safe='')}.{form}"
        return _address(path, {**self.query(), **({"table": table} if table else {})})

    def over(self, days: int) -> Choices:
        """The same over the last so many days."""
        return replace(self, days=days, since=None, until=None)

    def on(self, dashboard: str) -> Choices:
        """The same of another dashboard."""
        return replace(self, dashboard=dashboard)

    def by(self, bucket: str) -> Choices:
        """The same in other buckets."""
        return replace(self, bucket=bucket)

    @property
    def cleared(self) -> Choices:
        """Without filters."""
        return replace(self, provider="", identity="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """What of an address could not be read, by field, and what was written there."""

    errors: Mapping[str, str]
    sent: Mapping[str, str]


def read_choices(dashboard: str, query: Mapping[str, str], today: date) -> Choices | Misread:
    """The choices of an address; all of them or none."""
    sent = {name: query.get(name, "").strip()[:100] for name in FIELDS}
    errors: dict[str, str] = {}
    since, until = _day(sent["since"], "since", errors), _day(sent["until"], "until", errors)
    days = _days(sent["days"], errors)
    if since and since > today:
        errors["since"] = f"It is {today} here: nothing has happened since {since}."
    if since and until and until < since:
        errors["until"] = "The last day comes before the first."
    if since and (min(until or today, today) - since).days >= MOST_DAYS:
        errors.setdefault("since", f"At most {MOST_DAYS} days are shown at once.")
    if sent["bucket"] not in ("", *Bucket):
        errors["bucket"] = "Choose day, week or month."
    if sent["provider"] and not NAME.fullmatch(sent["provider"]):
        errors["provider"] = "No provider can be called that."
    if sent["identity"] and not HANDLE.fullmatch(sent["identity"]):
        errors["identity"] = "That is not a handle. One looks like brisk-amber-otter-4821."
    if errors:
        return Misread(errors=errors, sent=sent)
    return Choices(
        dashboard=dashboard,
        days=days,
        since=since,
        until=until,
        bucket=sent["bucket"],
        provider=sent["provider"],
        identity=sent["identity"],
    )


def _day(text: str, field: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        errors[field] = "That is not a day. Write one as 2026-11-22."
        return None
    if found < FIRST:
        errors[field] = f"Choose a day from {FIRST} on."
    return found


def _days(text: str, errors: dict[str, str]) -> int:
    if not text:
        return USUAL_DAYS
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_DAYS:
        errors["days"] = f"Choose a number of days from 1 to {MOST_DAYS}."
        return USUAL_DAYS
    return int(text)


def _fitting(days: int) -> str:
    return "day" if days <= DAILY_UP_TO else "week" if days <= WEEKLY_UP_TO else "month"


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
