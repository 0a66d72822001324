"""The parts every noun is made of, and no noun's own business.

A clock, ids, a type for secrets, the shape of an error, of an event, of a caller and of a
unit of work. Nothing here opens a file or a socket, and nothing here imports from elsewhere in Authsome.

To add to it: only when two nouns need the same thing and it can be named without naming either of them.
"""
