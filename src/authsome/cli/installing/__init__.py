"""`authsome up --install`: the server as a user of its own, which is the way out of sharing one with agents.

`plan` says what is missing on this machine as a list of `steps`; each can describe itself (`--dry-run`) and
be taken. What is there already is no step, so doing it twice is doing it once.
"""
