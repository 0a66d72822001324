"""Providers that the gateway finds out about by itself."""
