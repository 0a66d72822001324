"""Tokens that a provider is asked to take back (RFC 7009), after their connection was revoked here.

    revoked here ──▶ pending ──▶ ended      revoked, refused, or given up after a day
      one commit                 background, tried again

Invariants: what is revoked here does not wait for a provider and never fails because of one; from then on
the tokens are sealed for this question alone, in the installation's own vault, so that they outlive their
owner's; they are destroyed with the end, whichever it is; each revocation ends once, with one event.

    model      the row, and how it can end          ask        what revoking a connection leaves to do
    endpoint   a provider's address, as a port      carry_out  ask it, until it has answered
    lately     what ended, for people
"""
