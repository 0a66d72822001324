"""The door of the private API: key, scope, project, limits, and the way to an endpoint.

Source: PostHog's `auth.py`, `permissions.py`, `rate_limit.py` and its exception handler; OpenAPI's
`PersonalAPIKeyAuth` for the scopes.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authsome.kit.clock import Clock
from authsome.testing.posthog.http import Reply
from authsome.testing.posthog.ingestion import Ingestion
from authsome.testing.posthog.private import persons, query
from authsome.testing.posthog.private.endpoint import Ask, Endpoint, Problem, invalid
from authsome.testing.posthog.private.kept import Kept, actions, dashboards, definitions, insights, project
from authsome.testing.posthog.record import RecordedRequest

PREFIX = "/api/"
PERSONAL_KEY = "phx_simulated"
PROJECT_ID = "1"
MINUTE = timedelta(minutes=1)
CALLS_A_MINUTE = 480
INSIGHT_CALLS_A_MINUTE = 240
ENDPOINTS: tuple[Endpoint, ...] = (
    *persons.ENDPOINTS,
    *query.ENDPOINTS,
    *project.ENDPOINTS,
    *dashboards.ENDPOINTS,
    *insights.ENDPOINTS,
    *actions.ENDPOINTS,
    *definitions.ENDPOINTS,
)
EVERY_SCOPE = frozenset(endpoint.scope for endpoint in ENDPOINTS)


class PrivateSide:
    """The private API before one project's `ingestion`. `keys` are personal keys and their scopes."""

    def __init__(
        self,
        ingestion: Ingestion,
        clock: Clock,
        *,
        keys: Mapping[str, frozenset[str]] | None = None,
        project_id: str = PROJECT_ID,
    ) -> None:
        self.keys = dict(keys or {PERSONAL_KEY: EVERY_SCOPE})
        self.project_id = project_id
        self._ingestion = ingestion
        self._clock = clock
        self.kept = Kept()
        self._calls: deque[datetime] = deque()
        self._insight_calls: deque[datetime] = deque()

    def show_late(self, lag: timedelta) -> None:
        """Let queries find only what was taken so long ago: PostHog's ingestion takes seconds or more."""
        self._ingestion.lag = lag

    def answer(self, request: RecordedRequest) -> Reply:
        """The reply to a request whose path begins with `PREFIX`. The caller holds the lock."""
        try:
            endpoint, path = self._let_in(request)
            answered = endpoint.answer(
                self._ask(request, path.rpartition("/")[2] if endpoint.has_id else None)
            )
        except Problem as problem:
            headers = {"Retry-After": "60"} if problem.status == 429 else {}
            return _reply(problem.status, problem.document, headers)
        return _reply(answered.status, answered.document, {})

    def _let_in(self, request: RecordedRequest) -> tuple[Endpoint, str]:
        scopes = self._scopes(request)
        _api, kind, project_id, *rest = [*request.path.strip("/").split("/", 3), "", ""]
        path = rest[0]
        self._throttle(path)
        if kind not in ("projects", "environments") or not project_id:
            raise _not_found()
        if project_id != self.project_id:
            raise Problem(
                403,
                "authentication_error",
                "permission_denied",
                detail="You don't have access to the project.",
            )
        here = [endpoint for endpoint in ENDPOINTS if endpoint.serves(path)]
        if not here:
            raise _not_found()
        for endpoint in here:
            if endpoint.method == request.method:
                return _within(endpoint, scopes), path
        detail = f'Method "{request.method}" not allowed.'
        raise Problem(405, "invalid_request", "method_not_allowed", detail=detail)

    def _scopes(self, request: RecordedRequest) -> frozenset[str]:
        scheme, _, key = (request.header("Authorization") or "").partition(" ")
        if scheme != "Bearer" or not key:
            detail = "Authentication credentials were not provided."
            raise Problem(401, "authentication_error", "not_authenticated", detail=detail)
        scopes = self.keys.get(key)
        if scopes is None:  # a project's key too: it can only add
            detail = "Personal API key found in request Authorization header is invalid."
            raise Problem(401, "authentication_error", "invalid_personal_api_key", detail=detail)
        return scopes

    def _throttle(self, path: str) -> None:
        of_insights = path.partition("/")[0] == "insights"
        calls = self._insight_calls if of_insights else self._calls
        most, now = INSIGHT_CALLS_A_MINUTE if of_insights else CALLS_A_MINUTE, self._clock.now()
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        if len(calls) >= most:
            detail = "Request was throttled. Expected available in 60 seconds."
            raise Problem(429, "throttled_error", "throttled", detail=detail)
        calls.append(now)

    def _ask(self, request: RecordedRequest, id_in_path: str | None) -> Ask:
        parts = urlsplit(request.target)
        return Ask(
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            document=_document(request) if request.method != "GET" else None,
            ingestion=self._ingestion,
            kept=self.kept,
            origin=f"http://{request.header('Host') or ''}",
            path=parts.path,
            id=id_in_path,
        )


def _within(endpoint: Endpoint, scopes: frozenset[str]) -> Endpoint:
    wider = endpoint.scope.replace(":read", ":write")  # write implies read
    if not scopes & {endpoint.scope, wider, "*"}:
        detail = f"API key missing required scope '{endpoint.scope}'"
        raise Problem(403, "authentication_error", "permission_denied", detail=detail)
    return endpoint


def _document(request: RecordedRequest) -> Any:
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if kind != "application/json":
        detail = f'Unsupported media type "{kind}" in request.'
        raise Problem(415, "invalid_request", "unsupported_media_type", detail=detail)
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise invalid(f"JSON parse error - {error}", code="parse_error") from error
    if not isinstance(document, dict):
        raise invalid("Invalid data. Expected a dictionary.")
    return document


def _not_found() -> Problem:
    return Problem(404, "invalid_request", "not_found", detail="Endpoint not found.")


def _reply(status: int, document: Any, headers: Mapping[str, str]) -> Reply:
    return Reply(status, json.dumps(document), content_type="application/json", headers=headers)
