"""A principal is a person with an account on this installation.

Invariants: an e-mail belongs to one principal; there is always an active admin once there was one;
nobody becomes a principal without a link that was made for it (the first one by `authsome up`, all
others by an admin); a link works once; an ended session never works again.

To add a verb: a module with one function whose first line authorises, its event in `events.py`, its
refusals in `errors.py`, and a test named after the rule.
"""
