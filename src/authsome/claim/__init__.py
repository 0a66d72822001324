"""A claim asks a principal: is this agent yours?

    pending ──▶ accepted ──▶ released
       ├──────▶ rejected
       └──────▶ expired

Invariants: one pending claim per identity, and one accepted until it is released; its link works once, for
as long as it is pending, and is given only to whoever holds the identity's key; accepting and rejecting ask
for the code that the terminal shows, and are confirmed acts; an accepted claim gives the agent exactly the
connections that were ticked, none by default; all that an agent has ends when it is released or revoked.

Registering, releasing and revoking live here and not with the identity, because they write both.
"""
