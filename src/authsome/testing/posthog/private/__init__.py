"""PostHog's private API: what a personal key may ask of a project, `/api/projects/:id/…`.

`answer` holds to its authentication, scopes, limits and error documents. Each further module is one resource,
a table of endpoints; `kept` is a folder of them, for what people make in a project. To add one: write the
module with its table, its rules and their source, and add the table to `ENDPOINTS`. A HogQL query is a
`Shape` in `query`.
"""

from __future__ import annotations

from authsome.testing.posthog.private.answer import PERSONAL_KEY, PROJECT_ID, PrivateSide

__all__ = ["PERSONAL_KEY", "PROJECT_ID", "PrivateSide"]
