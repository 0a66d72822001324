"""The server as a process: its lock, its sockets, its log, its two doors, and how it is started.

`cli/serve.py` puts these together; `authsome up` and `down` start and stop the result.
"""
