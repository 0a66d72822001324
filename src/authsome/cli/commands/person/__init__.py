"""Commands of a person: signed with the key of a signed-in terminal."""
