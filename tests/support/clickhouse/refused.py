"""What PostHog would answer with an error, or what nobody has looked up yet."""

from __future__ import annotations


class HogqlRefused(Exception):
    """A query or insight that this project does not take."""
