"""A PostHog project on ClickHouse's embedded engine: its table, its HogQL, its insights.

What is true of PostHog is written here anew from its public source (PostHog/posthog, read in late 2026); the
docstrings name the files. What it does not know it refuses, so a tile that begins to use more makes a test
fail instead of passing unread.

- `engine`: the engine (`chdb`, which only `make deep` installs) and the table of events;
- `stored`: facts as PostHog stores them, by way of our own wire form and of the simulator's ingestion;
- `functions`, `scope`, `expressions`, `select`: HogQL's tree, from PostHog's own parser, as ClickHouse's SQL;
- `dates`, `asked`: which time an insight means (`-89d` is not the same everywhere), and which events;
- `trends`, `funnels`, `retention`: what PostHog's query runners make of an insight;
- `project`: all of it together, which is what tests use.

To let tiles use another function: look it up in PostHog's list, then add it to `functions`.
"""

from __future__ import annotations
