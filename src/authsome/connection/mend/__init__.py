"""Out of use because an admin changed the provider, and back by its principal."""
