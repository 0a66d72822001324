"""Simulators of the outside world, shipped so that anyone can test against them.

A simulator is a real server on a loopback port that refuses what the real one refuses and records
what it took. It is never a replacement object inside our code: what is tested is the code that runs
in production, down to the socket.

To add one: a package named for what it simulates, with the documented contract as pure functions,
a record of everything received, and `python -m authsome.testing.<name>` to run it by hand.
"""
