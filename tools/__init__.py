"""What developers run: set-up, checks, generated files. Nothing here is shipped."""
