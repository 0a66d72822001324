"""The HTTP client: keys on disk, signed requests, refusals read back.

What the command line and anybody else's Python need to talk to a server. Start-up time is part of its
contract (`authsome whoami` is typed often), so it is built on the standard library's HTTP client and imports
neither the server's parts nor an HTTP library.

To add to it: a new call is a line in a command, `client.post("/runs", {...})`; nothing here knows the API's
nouns.
"""
