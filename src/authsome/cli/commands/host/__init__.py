"""Commands of whoever runs a server: on its machine, as its operating-system user, or as an admin."""
