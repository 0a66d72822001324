"""Connect a provider: by its key, or by its own page."""
