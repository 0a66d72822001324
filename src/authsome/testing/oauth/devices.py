"""Codes that are typed on another device (RFC 8628), given and refused as strictly as it may be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from authsome.kit.clock import Clock

Grant = TypeVar("Grant")
SLOWER = timedelta(seconds=5)


@dataclass
class Device(Generic[Grant]):
    """One code, until it is used. `allowed` is None while nobody has decided."""

    user_code: str
    grant: Grant
    interval: timedelta
    expires_at: datetime
    allowed: bool | None = None
    asked_at: datetime | None = None
    used: bool = False


@dataclass
class Devices(Generic[Grant]):
    """`asked_too_early` counts questions within the interval; each makes it five seconds longer (§3.5)."""

    interval: timedelta = timedelta(seconds=5)
    expires_in: timedelta = timedelta(minutes=30)
    asked_too_early: int = 0
    given: dict[str, Device[Grant]] = field(default_factory=dict)

    def give(self, grant: Grant, page: str, *, clock: Clock, text: Callable[[str], str]) -> dict[str, object]:
        """A device code and a user code, as §3.2 writes them."""
        code, typed = text("device"), f"WDJB-{text('u')[2:6].upper()}"
        self.given[code] = Device(typed, grant, self.interval, clock.now() + self.expires_in)
        return {
            "device_code": code,
            "user_code": typed,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={typed}",
            "expires_in": int(self.expires_in.total_seconds()),
            "interval": int(self.interval.total_seconds()),
        }

    def decide(self, user_code: str, *, allow: bool = True) -> None:
        """The person has typed the code and said yes or no."""
        device = next(one for one in self.given.values() if one.user_code == user_code)
        device.allowed = allow

    def ask(self, code: str, *, clock: Clock) -> Grant | str:
        """The grant, or the error of §3.5 or RFC 6749 §5.2."""
        device, now = self.given.get(code), clock.now()
        if device is None or device.used:
            return "invalid_grant"
        if now >= device.expires_at:
            return "expired_token"
        is_early = device.asked_at is not None and now < device.asked_at + device.interval
        device.asked_at = now
        if is_early:
            device.interval += SLOWER
            self.asked_too_early += 1
            return "slow_down"
        if device.allowed is None:
            return "authorization_pending"
        device.used = True
        return device.grant if device.allowed else "access_denied"
