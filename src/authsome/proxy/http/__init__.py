"""HTTP/1.1 as the proxy reads it: strictly, or not at all.

`stream` cuts bytes into heads and bodies, `headers` says where a body ends, `request` and `response` hold the
parts, `authority` makes host and port one canonical pair. Nothing here opens a socket or knows of secrets.

To allow something that is refused today: show that every parser on the way reads it the same way, and add it
to the table of hostile requests in the tests.
"""
