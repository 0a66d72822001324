"""Style sheets, scripts and images, under addresses that change with their content.

A browser may keep such a file for ever, and an upgrade is seen at once. Files are found in a
dictionary made at first use, so no path that a request names ever reaches the file system.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
PREFIX = "/static/"
FOREVER = "public, max-age=31536000, immutable"

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file as it is sent."""

    url: str
    media_type: str
    body: bytes

    def headers(self) -> dict[str, str]:
        """Response headers. `nosniff` keeps a browser from guessing another type."""
        return {
            "Content-Type": self.media_type,
            "Cache-Control": FOREVER,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Vary": "Accept-Encoding",
        }


def asset_url(name: str) -> str:
    """The address of `name` (`page.js`, `vendor/htmx.min.js`). Raises `KeyError` for a missing file."""
    return _by_name()[name].url


def find_asset(path: str) -> Asset | None:
    """The file at the request path `path`, or None, also where only the digest is stale."""
    return _by_url().get(path)


@cache
def compressed(url: str) -> bytes:
    """The gzip form of the file at `url`, made once. Raises `KeyError` for an unknown address."""
    return gzip.compress(_by_url()[url].body, compresslevel=6, mtime=0)


@cache
def _by_name() -> dict[str, Asset]:
    found = {}
    for file in sorted(STATIC.rglob("*")):
        if file.suffix in MEDIA_TYPES:
            name = file.relative_to(STATIC).as_posix()
            body = file.read_bytes()
            digest = hashlib.sha256(body).hexdigest()[:12]
            media_type = MEDIA_TYPES[file.suffix]
            found[name] = Asset(url=f"{PREFIX}{digest}/{name}", media_type=media_type, body=body)
    return found


@cache
def _by_url() -> dict[str, Asset]:
    return {asset.url: asset for asset in _by_name().values()}
