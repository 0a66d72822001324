"""Erasure forgets a person or an agent: the values go, the fact that something happened stays.

Nothing is here yet. It will hold one use case per kind of subject, each of which deletes the `Local` values
and salts beside the log, ends what the subject held, and records `principal_erased` or `identity_erased`;
it lies above all other nouns because it writes all of them.
"""
