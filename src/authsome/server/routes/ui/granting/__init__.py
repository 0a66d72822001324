"""Pages about how long grants last, and about what agents ask for."""
