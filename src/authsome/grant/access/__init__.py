"""An access request: an identity asks its principal for a grant.

    open ──▶ approved    request_access, then approve_access with the grant
      └────▶ denied      deny_access

Invariants: only a claimed identity asks, and only whoever claimed it is asked; one request is open per
identity, provider and name, few per identity, and a denied one is not asked again for a day; it is open for a
week and as long as the claim lasts, which is looked at each time anew (`is_open`), so that nothing has to be
cleaned up; approving is a confirmed act and makes the grant in the same unit of work. What an identity asks
for is kept as it was written and never looked up for it: the answer says nothing about what is connected.
The note is for the principal to read, plain and short, and never leaves.
"""
