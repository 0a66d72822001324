"""The project itself, to be read. Source: `posthog/api/project.py`."""

from __future__ import annotations

from authsome.testing.posthog.private.endpoint import Answered, Ask, Endpoint


def retrieved(ask: Ask) -> Answered:
    """`GET /api/projects/:id/`, of which only the time zone matters here."""
    return Answered(document={"id": 1, "name": "Simulated", "timezone": ask.kept.time_zone})


ENDPOINTS = (Endpoint(method="GET", path="", scope="project:read", answer=retrieved),)
