"""What a relay leaves beside its cursor, so that every server and the command line can tell how it fares."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from authsome.kit.clock import from_micros, to_micros
from authsome.telemetry.relay.deliver import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The relay's last word: the answer it got, when, why it waits if it does, and which server it was."""

    last_answer: str | None = None
    answered_at: datetime | None = None
    paused: str | None = None
    resumes_at: datetime | None = None
    by: str | None = None

    def after(self, progress: Progress, *, now: datetime, rests: float) -> Notes:
        """The notes once this has happened and the relay rests for so many seconds."""
        if progress.interruption is not None:
            reason = progress.interruption.reason
            resumes_at = now + timedelta(seconds=rests)
            return Notes(last_answer=reason, answered_at=now, paused=reason, resumes_at=resumes_at)
        if progress.culprits:
            return Notes(last_answer=progress.culprits[-1].reason, answered_at=now)
        if progress.sent:
            return Notes(last_answer="taken", answered_at=now)
        return replace(self, paused=None, resumes_at=None)

    def to_state(self) -> dict[str, Any]:
        return {k: to_micros(v) if isinstance(v, datetime) else v for k, v in asdict(self).items()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Notes:
        return cls(
            last_answer=state.get("last_answer"),
            answered_at=_moment(state.get("answered_at")),
            paused=state.get("paused"),
            resumes_at=_moment(state.get("resumes_at")),
            by=state.get("by"),
        )


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
