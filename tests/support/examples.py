"""How many examples hypothesis tries: more of them, from new seeds, in `make deep`."""

from __future__ import annotations

import os

MINUTES = int(os.environ.get("AUTHSOME_DEEP_MINUTES") or 0)


def examples(usual: int) -> int:
    """The usual number, or twice as many for every minute that `make deep` was given."""
    return usual * max(1, 2 * MINUTES)
