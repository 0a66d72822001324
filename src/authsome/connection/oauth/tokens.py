"""What an authorization server gives, and how long it is good for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from authsome.connection.errors import TokensUnreadable
from authsome.kit.ids import Entropy
from authsome.kit.secret import Secret

LONGEST_TOKEN = 16_384
# So much before its end a token is taken for spent: clocks differ, and a request is on its way for a while.
SKEW = timedelta(seconds=30)
EARLIEST = timedelta(minutes=5)
_TOKEN = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """SECRETS of one authorization. `expires_at` is when the access token ends, as our own clock counts.

    `scopes` are what they are good for. `asked` is what they were asked for with, which is not sealed.
    """

    access: Secret
    refresh: Secret | None = None
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    token_type: str = "Bearer"

    def text(self) -> Secret:
        """All of it as the text that is sealed."""
        return Secret(
            json.dumps(
                {
                    "access_token": self.access.reveal(),
                    "refresh_token": self.refresh.reveal() if self.refresh else None,
                    "expires_at": self.expires_at.isoformat() if self.expires_at else None,
                    "scopes": list(self.scopes),
                    "token_type": self.token_type,
                }
            )
        )

    def after(self, older: Tokens | None) -> Tokens:
        """These, with what the server left out because it stays as it was (RFC 6749 §5.1 and §6)."""
        if older is None:
            return self
        return replace(self, refresh=self.refresh or older.refresh, scopes=self.scopes or older.scopes)


def read_tokens(sealed: Secret) -> Tokens:
    """What `Tokens.text` wrote. Raises `TokensUnreadable`."""
    try:
        raw = json.loads(sealed.reveal())
        return Tokens(
            access=Secret(raw["access_token"]),
            refresh=Secret(raw["refresh_token"]) if raw["refresh_token"] else None,
            expires_at=datetime.fromisoformat(raw["expires_at"]) if raw["expires_at"] else None,
            scopes=tuple(raw["scopes"]),
            token_type=raw["token_type"],
        )
    except (ValueError, KeyError, TypeError):
        raise TokensUnreadable from None


def is_usable(token: object) -> bool:
    """Whether a text can stand in a header as it is: a line end in it would add headers of its choosing."""
    return isinstance(token, str) and len(token) <= LONGEST_TOKEN and _TOKEN.fullmatch(token) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Until when a connection's access token is good, as its row says it without being opened."""

    expires_at: datetime | None = None
    refresh_at: datetime | None = None
    is_refreshable: bool = False


NO_END = Life()


def life_of(tokens: Tokens, *, now: datetime, entropy: Entropy, asked_anew: bool = False) -> Life:
    """When to ask for the next one: before the end, and not all connections of one hour in one moment.

    Of a token's last quarter, five minutes at most, the first half is drawn from. `asked_anew` is for tokens
    that need no refresh token to be renewed.
    """
    is_refreshable = asked_anew or tokens.refresh is not None
    if tokens.expires_at is None:
        return Life(is_refreshable=is_refreshable)
    early = min(max(tokens.expires_at - now, timedelta()) / 4, EARLIEST)
    drawn = int.from_bytes(entropy.bytes(2), "big") / 0xFFFF
    refresh_at = tokens.expires_at - early * (1 - drawn / 2)
    return Life(
        expires_at=tokens.expires_at,
        refresh_at=refresh_at if is_refreshable else None,
        is_refreshable=is_refreshable,
    )
