"""The agents: the list of them, one and its grants, and its end."""
