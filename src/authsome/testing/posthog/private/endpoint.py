"""What one endpoint of the private API is, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from authsome.testing.posthog.ingestion import Ingestion

Json = dict[str, Any]


class Problem(Exception):
    """An error document, as Django's REST framework with PostHog's handler writes it."""

    def __init__(self, status: int, kind: str, code: str, *, detail: str, attr: str | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.document = {"type": kind, "code": code, "detail": detail, "attr": attr}


def invalid(detail: str, *, code: str = "invalid_input", attr: str | None = None) -> Problem:
    return Problem(400, "validation_error", code, detail=detail, attr=attr)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A call that was let in. `origin` is scheme and host, for the addresses of further pages."""

    query: Mapping[str, str]
    document: Any
    ingestion: Ingestion
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The status and the JSON of an answer."""

    document: Any
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method of one path. `scope` is what the key must have, as PostHog's OpenAPI names it."""

    method: str
    path: str
    scope: str
    answer: Callable[[Ask], Answered]
