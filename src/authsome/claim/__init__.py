"""A claim asks a principal: is this agent yours?

    pending ──▶ accepted ──▶ released
       ├──────▶ rejected
       └──────▶ expired

Invariants: one pending claim per identity; its link works once, for as long as it is pending, and is
given only to whoever holds the identity's key; accepting and rejecting ask for the code that the
terminal shows, and are confirmed acts; an accepted claim gives the agent exactly the connections that were
ticked, none by default.

Registering lives here and not with the identity, because it writes both.
"""
