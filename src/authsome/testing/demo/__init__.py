"""The demo: a whole installation of its own, from nothing to an agent's request and the dashboard.

Everything is done through the public interfaces: the commands, the pages and the proxy. Only the labelled
sample history is written by use cases directly, because half a year cannot be waited for.
"""
