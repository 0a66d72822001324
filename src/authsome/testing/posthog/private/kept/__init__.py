"""What people make in a project: dashboards, insights, actions, and descriptions of events and properties.

`state` holds it, the other modules are resources, each with its endpoints, its rules and their source.
The traps of the real one are here on purpose, because a client that does not know them loses somebody's work:

- a dashboard is made without the `tiles` that came with it, and `filters: {}` does not clear its filters;
- names are not unique, except those of actions, and a list shows a hundred at a time;
- an insight's `dashboards` replaces the list, so what is left out is taken down;
- a query gains defaults, and inside a dashboard it is shown with the dashboard's filters mixed in;
- `DELETE` answers 405: one patches `deleted`, and what is deleted is neither listed nor found;
- without a licence (`licensed = False`) tags are taken and forgotten, and descriptions are refused.

`nodes.json` is PostHog's query schema reduced to what an insight may be, with its origin and licence beside.
"""

from __future__ import annotations

from authsome.testing.posthog.private.kept.state import Kept

__all__ = ["Kept"]
