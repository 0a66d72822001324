"""The metrics in plain Python: lists, sets and loops over the whole history, as slow and as clear as can be.

It shares no code with what it judges: no rollups, no SQL, not even the fold or the definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Rule = Callable[["Fact"], bool]
FOURTEEN_DAYS = timedelta(days=14)


@dataclass(frozen=True)
class Fact:
    """One fact as anybody outside would see it."""

    event: str
    at: datetime
    fields: dict[str, Any]
    subject: str = ""
    uuid: str = ""

    @property
    def people(self) -> set[str]:
        """Everybody whom the fact is about or names."""
        return {self.subject, *(self.fields.get(f, "") for f in ("principal_id", "identity_handle"))} - {""}


class Oracle:
    """A history, and the time zone in which its days are cut."""

    def __init__(self, history: Sequence[Fact], zone: ZoneInfo) -> None:
        self.history, self.zone = [fact for fact in history if not fact.people & erased_in(history)], zone
        self._days = {id(fact): fact.at.astimezone(zone).date() for fact in history}

    def only(self, **wanted: str) -> Oracle:
        """The same, of the facts about one provider, identity_handle or principal_id."""
        oracle = Oracle([], self.zone)
        oracle.history = [fact for fact in self.history if all(said(fact, k) == v for k, v in wanted.items())]
        oracle._days = self._days
        return oracle

    def day(self, fact: Fact) -> date:
        return self._days[id(fact)]

    def facts(self, days: Iterable[date], rule: Rule) -> list[Fact]:
        wanted = set(days)
        return [fact for fact in self.history if self.day(fact) in wanted and rule(fact)]

    def ids(self, event: str, field: str, days: Iterable[date], **only: str) -> set[str]:
        """The distinct values of the field in facts of those days."""
        found = self.facts(days, is_one(event, **only))
        return {fact.fields[field] for fact in found if fact.fields.get(field)}

    def count(self, event: str, field: str, days: Iterable[date], **only: str) -> int:
        return len(self.ids(event, field, days, **only))

    def summed(self, event: str, days: Iterable[date], **only: str) -> int:
        """The sum of `count`, each fact once."""
        found = {fact.uuid: fact.fields["count"] for fact in self.facts(days, is_one(event, **only))}
        return sum(found.values())

    def upto(self, day: date) -> list[date]:
        return [one for one in set(self._days.values()) if one <= day]

    def in_all(self, event: str, field: str, upto: date, **only: str) -> int:
        return self.count(event, field, self.upto(upto), **only)

    def rate(self, days: Iterable[date], **only: str) -> float | None:
        """Completed ÷ (completed + failed + expired), of sessions that ended on those days."""
        listed = list(days)
        ended = [
            self.count(f"auth_session_{how}", "auth_session_id", listed, **only)
            for how in ("completed", "failed", "expired")
        ]
        return share(ended[0], sum(ended))

    def use(self, days: Iterable[date], **only: str) -> list[int]:
        """Uses of credentials by outcome."""
        listed = list(days)
        return [
            self.summed("credentials_used", listed, outcome=outcome, **only)
            for outcome in ("delivered", "credential_rejected", "refused", "upstream_failed")
        ]

    def providers(self, days: Iterable[date]) -> list[tuple[str, int, int]]:
        """Provider, connections, principals: the most connections first."""
        created = self.facts(days, is_one("connection_created"))
        rows = [
            (
                name,
                len({f.fields["connection_id"] for f in created if said(f, "provider") == name}),
                len({f.fields["principal_id"] for f in created if said(f, "provider") == name}),
            )
            for name in {said(fact, "provider") for fact in created}
        ]
        return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))

    def open_connections(self, upto: date, **only: str) -> int:
        """Created up to then, less ended up to then."""
        created, logged_out, revoked = (
            self.in_all(f"connection_{how}", "connection_id", upto, **only)
            for how in ("created", "logged_out", "revoked")
        )
        return created - logged_out - revoked

    def broken_connections(self, upto: date) -> int:
        """Marked broken up to then, less mended up to then; each time counts."""
        marked, mended = (
            len({fact.uuid for fact in self.facts(self.upto(upto), is_one(f"connection_{how}"))})
            for how in ("marked_broken", "mended")
        )
        return marked - mended

    def values(self, dimension: str, rule: Rule) -> set[str]:
        """Every value of a dimension that the facts have, at any time."""
        return {said(fact, dimension) for fact in self.history if rule(fact)}

    def active(self, field: str, days: Iterable[date], rule: Rule) -> int:
        return len({f.fields[field] for f in self.facts(days, rule) if f.fields.get(field)})

    def funnel(self, days: Iterable[date]) -> tuple[list[int], list[float]]:
        """How many registered, opened, were claimed and used first, and the seconds to each claim."""
        rules = [
            is_one("identity_registered"),
            is_one("identity_claim_opened"),
            is_one("identity_claimed"),
            is_one("credentials_used", outcome="delivered"),
        ]
        wanted, counts, seconds = set(days), [0, 0, 0, 0], []
        for handle in {fact.fields.get("identity_handle") for fact in self.history} - {None}:
            own = [fact for fact in self.history if fact.fields.get("identity_handle") == handle]
            firsts = [min((f.at for f in own if rule(f)), default=None) for rule in rules]
            begun = firsts[0]
            if begun is None or begun.astimezone(self.zone).date() not in wanted:
                continue
            latest = begun
            for step, at in enumerate(firsts):
                if at is None or at < latest or at > begun + FOURTEEN_DAYS:
                    break
                latest = at
                counts[step] += 1
                if step == 2:
                    seconds.append((at - begun).total_seconds())
        return counts, sorted(seconds)

    def cohort(self, field: str, began: str, week: Sequence[date]) -> set[str]:
        """Whose first fact of that name ever was in that week."""
        firsts: dict[str, datetime] = {}
        for fact in self.history:
            if fact.event == began and fact.fields.get(field):
                who = fact.fields[field]
                firsts[who] = min(fact.at, firsts.get(who, fact.at))
        return {who for who, at in firsts.items() if at.astimezone(self.zone).date() in week}

    def retained(self, who: set[str], field: str, week: Sequence[date], rule: Rule) -> int:
        return len(who & {fact.fields.get(field) for fact in self.facts(week, rule)})


def is_one(event: str, **only: str) -> Rule:
    """Facts of that name, with these values of dimensions."""
    return lambda fact: fact.event == event and all(said(fact, name) == v for name, v in only.items())


def is_running(fact: Fact) -> bool:
    return fact.event == "run_started"


def is_agent_active(fact: Fact) -> bool:
    delivered = fact.event == "credentials_used" and fact.fields["outcome"] == "delivered"
    return delivered or is_running(fact)


def is_principal_active(fact: Fact) -> bool:
    return is_agent_active(fact) or fact.event == "principal_logged_in"


def said(fact: Fact, name: str) -> str:
    """What the fact says of a dimension, '' where it says nothing. Custom providers have their own names."""
    if name == "provider" and fact.fields.get("custom_provider"):
        name = "custom_provider"
    return str(fact.fields.get(name) or "")


def share(count: float, whole: float) -> float | None:
    return count / whole if whole else None


def erased_in(history: Sequence[Fact]) -> set[str]:
    """Everybody who is erased by the end of it."""
    return {
        fact.fields.get("principal_id") or fact.fields["identity_handle"]
        for fact in history
        if fact.event in ("principal_erased", "identity_erased")
    }


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
