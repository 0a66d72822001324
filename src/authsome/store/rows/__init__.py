"""One module per noun: rows to the noun's model and back. Each class satisfies the noun's port.

To add one: subclass `Rows`, use its `insert`, `update_row` and `first`, and offer it as a property of `View`.
Writing goes through `Rows` only, because that is where the unit of work learns what was changed.
"""
