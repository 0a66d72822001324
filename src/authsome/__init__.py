"""Authsome: a credential gateway for AI agents that can always answer who is using it."""
