"""The way to providers: which addresses, how to get there, one connection, and a stock of idle ones.

No connection remembers a request or a secret, and none is made to an address that `address` does not allow.
"""
