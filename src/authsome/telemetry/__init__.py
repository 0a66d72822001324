"""The reader that sends facts elsewhere, and everything that decides whether and as what they may go.

    event log ─► portion ─► consent (in a window?) ─► identify (as whom?) ─► project (what of it?)
                                                                                       └─► relay ─► sink

- `mode` decides at start whether anything may leave; `consent` keeps that as windows of log positions, with
  the terms under which their facts leave; `naming` knows keyed pseudonyms.
- `catalogue` is every event there is, with its old name and its schema; `reference` writes it for people.
- `identify` alone turns a fact into a `distinct_id` and person properties; `project` alone picks fields.
- `portion` puts these together; `relay` moves one sink's cursor along the log, at its own pace.
- `preview` shows what would be sent next, `status` how the relay fares; `start` wires it from settings.
- `sinks/` knows the outside: PostHog, or the server's own log.

Invariants: nothing is sent that is not in a consent window; nothing is sent but `Public` and `Pseudonym`
fields; a fact is sent again with the same uuid, time and `distinct_id`; nothing outside this package
reports anything, and nothing here changes what the product does.

To add a sink: a package in `sinks/` with a class that is a `Sink`; no writer and no event changes.
"""
