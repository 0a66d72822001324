"""Erasure forgets a person or an agent: the values go, the fact that something happened stays.

    principal   erase_principal   themselves or an admin; takes their identities with it
    identity    erase_identity    whoever claimed it

Invariants: one unit of work ends all that the subject held, with the events of each end, empties its rows and
records `identity_erased` or `principal_erased` last; what is left is a tombstone (id, handle, a digest of the
did), so that none of these is ever given to anybody again; the only admin cannot be erased; both are
confirmed acts, so no call signed by an identity completes one.

An *erased subject* is kept by the id under which it is counted (a principal's id, an identity's handle).
Everybody who counts or sends goes by one rule: a fact that is about an erased subject, or names one, is
neither counted nor sent any more, however long it stays in the log; the two events above excepted.

To add to what goes: a row that ends belongs into `end`, words in a row that ended before into the store's
`Erasures.blank_…`.
"""
