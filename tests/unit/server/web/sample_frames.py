"""Who looks at a sample page, and the words and moments that many of them show."""

from __future__ import annotations

from datetime import datetime, timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW

DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
CSRF = "q7Zr0bqk8Qj1cNQy3b0n8w"

STRANGER = p.Frame(installation="gateway.example.org", csrf=CSRF)
MEMBER = p.Frame(installation="gateway.example.org", csrf=CSRF, visitor=p.Visitor(name="noor@example.org"))
ADMIN = p.Frame(
    installation="gateway.example.org", csrf=CSRF, visitor=p.Visitor(name="Mika Sørensen", is_admin=True)
)

GOOD, WAIT, BAD, QUIET = p.Tone.GOOD, p.Tone.WAIT, p.Tone.BAD, p.Tone.QUIET
CLAIMED = p.Badge(text="claimed", tone=GOOD)
PENDING = p.Badge(text="waits for a claim", tone=WAIT)
REVOKED = p.Badge(text="revoked", tone=BAD)
RELEASED = p.Badge(text="released", tone=QUIET)

Sample = tuple[str, p.Page, p.Frame]


def ago(days: float) -> datetime:
    """An instant before now."""
    return NOW - timedelta(days=days)
