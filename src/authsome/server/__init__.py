"""The HTTP door: the API under /api, and the pages for people.

A route turns a request into one call of a use case and its result into an answer. No rules, no SQL, no
telemetry. `callers.py` says who asks the API, `visit.py` who looks at a page, `errors.py` how refusals look;
`web/` draws the pages.
"""
