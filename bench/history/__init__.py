"""A year of an installation, as long as one likes: who registers, connects, claims, and uses what when.

    plan ─► days (which facts a day has) ─► spell (a fact as the log's row) ─► fill (into a registry file)

Subjects come in over the year, more with each month. Most facts are use, reported hour by hour as the usage
lane does it, and most use is by a few agents that work around the clock; the others come for an hour or two.

Rows are spelled here and not by the log's appender, which takes several times as long; a test holds that they
are the same rows, position, uuid and hash chain included.
"""
