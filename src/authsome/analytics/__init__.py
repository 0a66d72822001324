"""Who is using it: the reader of the event log that answers in numbers.

    event log ─► projections ─► rollups ─► compile/rollup ─► reader ─► page, API, command line
                                   metrics ─► compile/{hogql,posthog} ─► dashboards/posthog/*.json

- `projections/` folds facts into rollups, exactly once in effect; `retain` deletes old facts and keeps
  their share of the counts.
- `metric/` says what a metric is, `metrics/` defines each one, once.
- `compile/` turns a metric into SQL on the rollups, into HogQL and into PostHog's insights. The rollups'
  SQL is SQLAlchemy Core, so one module serves SQLite and PostgreSQL alike.
- `dashboards/` says which metrics stand together; `reader` answers what is `asked` of one, with `tiles/` for
  each form of metric, as `answers`.
- `reference` writes the page about the metrics and the dashboards for PostHog (`make docs`).

Invariants: no number is computed in two ways that a property test does not hold equal; a page reads
rollups and never the log; every event and field in a metric is an attribute of an event's class.

To add a metric: define it in `metrics`, put it on a dashboard, run `make docs`.
"""
