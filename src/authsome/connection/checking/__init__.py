"""Asking a provider whether it takes a connection, and whose account it is there.

In the background after each connecting by the provider's page, on which somebody may have been signed in as
another than they thought; and whenever its principal asks. The answer is a word of a closed list and a label;
nothing else of what a provider writes goes any further.
"""
