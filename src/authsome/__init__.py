"""Authsome: a credential gateway for AI agents that can always answer who is using it."""

__version__ = "0.1.0"
