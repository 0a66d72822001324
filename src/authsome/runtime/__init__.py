"""The composition root: what a running installation consists of, put together in one place.

`build.py` makes the parts in order and takes them down in the reverse one; doors are given the `Runtime` and
nothing else. No rules live here: a part is made, started, stopped, or asked for.
"""
