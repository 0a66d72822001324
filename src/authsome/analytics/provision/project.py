"""One PostHog project, asked patiently: page by page, waiting as PostHog asks, with errors for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from authsome.analytics.provision.errors import PostHogDenies, PostHogRefuses, PostHogUnavailable
from authsome.kit.errors import AuthsomeError
from authsome.telemetry.sinks.posthog.private.answer import Answer, Answered, NotAllowed, Refused, TryLater

if TYPE_CHECKING:  # its HTTP library loads slowly
    from authsome.telemetry.sinks.posthog.private.call import PrivateApi

Json = dict[str, Any]
PAGE = 100
TRIES = 6
LONGEST_WAIT = 600.0  # seconds before one call; whoever asks for more is asked again another day
GONE = 404


class Unsure(Exception):
    """What makes something was not answered: it may be there or not, so look before making it again."""


class Project:
    """Asks `api`. `wait` sleeps so many seconds, and `tell` says why to whoever watches."""

    def __init__(
        self, api: PrivateApi, *, wait: Callable[[float], Awaitable[None]], tell: Callable[[str], None]
    ) -> None:
        self.wait = wait
        self.tell = tell
        self._api = api

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        """The document at the path. Raises what `_document` does."""
        return _document(await self.ask_for(path, query), path)

    async def ask_for(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """The same as a value, for who can do without it."""
        return await self._patiently(lambda: self._api.get(path, query))

    async def read_all(self, path: str, query: Mapping[str, str] | None = None) -> list[Json]:
        """Every row of a list, page by page."""
        answer = await self.rows(path, query)
        if isinstance(answer, list):
            return answer
        raise refusal(answer, path)

    async def rows(self, path: str, query: Mapping[str, str] | None = None) -> list[Json] | Answer:
        """The same, or the answer that ended it."""
        rows = list[Json]()
        while True:
            part = {**(query or {}), "limit": str(PAGE), "offset": str(len(rows))}
            answer = await self.ask_for(path, part)
            if not isinstance(answer, Answered):
                return answer
            document = _document(answer, path)
            results = document.get("results")
            if not isinstance(results, list):
                raise PostHogRefuses(f"{path}: the answer is no list")
            rows += results
            # The next page's address is not followed, as it may name another host; that there is one counts.
            if not results or not document.get("next"):
                return rows

    async def create(self, path: str, document: Json) -> Json:
        """Make something. Raises `Unsure` where it may have been made."""
        return _document(await self._once(lambda: self._api.post(path, document)), path)

    async def add_to(self, path: str, document: Json) -> None:
        """Change something by which a part of it is made. Raises `Unsure` as well."""
        _document(await self._once(lambda: self._api.patch(path, document)), path)

    async def change(self, path: str, document: Json) -> None:
        """Change something; twice is the same as once."""
        _document(await self.ask_to_change(path, document), path)

    async def ask_to_change(self, path: str, document: Json) -> Answer:
        return await self._patiently(lambda: self._api.patch(path, document))

    async def _once(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Again only if PostHog certainly did nothing."""
        answer = await self._patiently(call, again=lambda later: later.untouched)
        if isinstance(answer, TryLater):
            self.tell(f"PostHog did not say whether it was done ({answer.reason}); looking again")
            await self.wait(answer.after or 1.0)
            raise Unsure(answer.reason)
        return answer

    async def _patiently(
        self, call: Callable[[], Awaitable[Answer]], *, again: Callable[[TryLater], bool] = lambda _: True
    ) -> Answer:
        for tried in range(TRIES):
            answer = await call()
            if not isinstance(answer, TryLater) or not again(answer):
                return answer
            seconds = max(answer.after or 0.0, float(2**tried))
            if seconds > LONGEST_WAIT:
                raise PostHogUnavailable(f"PostHog asks to wait {seconds:.0f} seconds ({answer.reason})")
            if tried == TRIES - 1:
                raise PostHogUnavailable(f"PostHog was asked {TRIES} times: {answer.reason}")
            self.tell(f"waiting {seconds:.0f} s: {answer.reason}")
            await self.wait(seconds)
        raise AssertionError("the last try returns or raises")


def _document(answer: Answer, path: str) -> Json:
    """What PostHog answered. Raises an error for a person where it did not do as it was asked."""
    if isinstance(answer, Answered) and isinstance(answer.document, dict):
        return answer.document
    raise refusal(answer, path)


def refusal(answer: Answer, path: str) -> AuthsomeError:
    """The error for a person that an answer is."""
    where = path or "the project"
    match answer:
        case Answered():
            return PostHogRefuses(f"{where}: the answer is not PostHog's")
        case Refused(status=status, reason=reason):
            hint = "is AUTHSOME_POSTHOG_PROJECT_ID right?" if status == GONE and not path else None
            return PostHogRefuses(f"{where}: {reason}", hint=hint)
        case NotAllowed(reason=reason):
            return PostHogDenies(f"{where}: {reason}", hint=_way_out(reason))
        case TryLater(reason=reason):
            return PostHogUnavailable(f"{where}: {reason}")


def _way_out(reason: str) -> str | None:
    """A nearer hint than the general one, from what PostHog said."""
    if reason.startswith("401"):
        return (
            "make a personal key in PostHog, in your own settings, and set AUTHSOME_POSTHOG_PERSONAL_API_KEY"
        )
    if "scope" not in reason and reason.startswith("403"):
        return "is AUTHSOME_POSTHOG_PROJECT_ID the right one, and may the key see that project?"
    return None
