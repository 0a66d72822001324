"""Under which names subjects are known outside.

`pseudonyms` makes keyed ones; `terms` says whether a consent window asks for them, and is kept with it;
`distinct_ids` finds every id under which a subject may ever have left.
"""
