"""One metric, in every language that answers it.

- `rollup`: SQLAlchemy Core on the rollups, the same for SQLite and PostgreSQL;
- `hogql`: PostHog's SQL on its events;
- `posthog`: PostHog's insights and dashboard template, as JSON.

Invariants: on the same history all give the number that a plain Python oracle gives (property tests); on
PostHog's side distinct ids are counted and never rows, because a retry may leave a row twice.
"""
