"""A metric as SQL on the rollups: one module per form of metric, in SQLAlchemy Core, for both databases.

- `pick` says which rows count, and cuts days into buckets;
- `counted` reads the daily counts where days add up, else the subjects, where one that comes back must not
  count twice; `active` the index of who was active; `funnel` and `retention` first times.

Invariant: a query touches the days and subjects that it shows. All tables are keyed by event, or by activity,
and then day (`tests/contract/analytics/test_query_plans.py`).
"""
