"""Authsome: a credential gateway for AI agents that can always answer who is using it."""

from __future__ import annotations

__version__ = "0.1.0"
