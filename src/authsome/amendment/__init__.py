"""An amendment is what an admin wants changed about a provider that is there: shown first, then confirmed.

    change      another definition for a custom provider
    override    a definition of one's own in the place of a bundled one
    remove      no custom provider of that name any more; of an override: the bundled one again

Invariants: a secret goes nowhere new without its owner. Where a definition adds a host, or an address of its
authorization server, the connections that were made before are out of use, in the same commit, until their
principals connect them again; so are those that the new definition cannot use. Whoever is just connecting is
asked to begin again. With a custom provider everything that was for it ends, its secrets are deleted, and
the page says how much that is before anybody confirms. What was confirmed is done, or nothing: if the
provider was changed in between, the page is shown again.

To add an amendment: its word in `model.Act`, what it makes of a provider in `plan.py`, its event in
`carry_out.py`.
"""
