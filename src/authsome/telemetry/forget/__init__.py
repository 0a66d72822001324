"""Forgetting elsewhere: PostHog is asked to delete whoever was erased here, and looked at until it has.

    log ── collect ──▶ queue (books) ── ask ──▶ PostHog's private API: delete, later count what is left
                                                  receipt: the same for people

Invariants: an erasure stays in the queue until PostHog holds nothing of its subjects, whatever happens to the
server between; asking twice is asking once; nothing is asked before the relay has come past the erasure, for
what PostHog takes after the request it keeps; where sending is not allowed no socket is opened, and the
receipt says what is left to do by hand.
"""
