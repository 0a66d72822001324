"""An auth session is one attempt to make a connection: who asked, for what, and how it ended.

    pending ◀─▶ waiting     the person is at the provider's page, and has come back
      ├────▶ completed      a connection was made in the same commit
      ├────▶ failed         it cannot succeed any more, for one of a closed list of reasons
      ├────▶ expired        nobody finished it in fifteen minutes
      └────▶ cancelled      whoever asked, or the principal, called it off

Invariants: it belongs to one principal, and only they complete it, signed in, whoever started it; an agent
that starts one for its principal never learns the key; its link works once and is worth nothing without
being signed in; it ends exactly once; a few may be open per principal.

The success rate is counted from these ends, so a way to make a connection that bypasses them is a bug.
To add a flow: a member of `connection.model.Flow`, a verb that gets what is sealed and hands it to `finish`,
and its reasons to fail.
"""
