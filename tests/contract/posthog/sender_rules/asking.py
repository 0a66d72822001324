"""A plain HTTP client that says well-formed things to a PostHog, by both capture APIs."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx

from authsome.testing.posthog import PostHogSimulator

PATHS = {"v0": "/batch/", "v1": "/i/v1/analytics/events"}


def event(number: int) -> dict[str, Any]:
    return {
        "event": "principal_logged_in",
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))),
        "distinct_id": f"prn_{number}",
        "timestamp": f"2026-01-01T10:00:00.00000{number}Z",
        "properties": {"principal_id": f"prn_{number}", "$ip": "0.0.0.0"},
    }


def ask(posthog: PostHogSimulator, api: str, *, key: str = "", events: int = 3) -> httpx.Response:
    """Post some events; raises what httpx raises where no answer comes."""
    batch, key = [event(number) for number in range(events)], key or posthog.key
    headers: dict[str, str] = {}
    body: dict[str, Any] = {"api_key": key, "batch": batch}
    if api == "v1":
        body = {"created_at": "2026-01-01T10:00:00Z", "batch": batch}
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "PostHog-Sdk-Info": "plain/1",
            "PostHog-Attempt": "1",
            "PostHog-Request-Id": str(uuid.uuid5(uuid.NAMESPACE_URL, "request")),
            "PostHog-Request-Timestamp": "2026-01-01T10:00:00Z",
        }
    return httpx.post(posthog.url + PATHS[api], content=json.dumps(body), headers=headers, timeout=0.5)
