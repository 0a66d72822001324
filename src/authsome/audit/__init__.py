"""The event log for people: who did what, when, and proof that nobody changed the record.

A reader like any other: it imports the store and is imported by the doors. It records nothing.
"""
