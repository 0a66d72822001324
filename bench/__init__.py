"""What things cost, each measured beside a baseline in the same run, so that the machine cancels out.

`python -m bench` prints one table per benchmark; nothing here asserts, since a busy machine is no defect. The
servers are real processes on loopback, the requests are really signed, and the load comes from processes of
their own, so that neither side's interpreter waits for the other.

A benchmark is a module with `run(scale) -> list[Figure]`. To add one, write it and name it in `catalogue.py`.
"""
