"""One module per noun, under /api; the pages are in `ui/`.

A handler parses, calls one use case and shapes the answer. It may not import telemetry or analytics: what
happened is recorded by the use case, and a route that could report would.
"""
