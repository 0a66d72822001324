"""Commands of an agent: signed with its key."""
