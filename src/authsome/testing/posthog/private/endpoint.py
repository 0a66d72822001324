"""What one endpoint of the private API is, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authsome.testing.posthog.ingestion import Ingestion

if TYPE_CHECKING:  # its modules are made of this one's
    from authsome.testing.posthog.private.kept.state import Kept

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
    """A call that was let in. `origin` and `path` are for the addresses of further pages."""

    query: Mapping[str, str]
    document: Any
    ingestion: Ingestion
    kept: Kept
    origin: str
    path: str
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The status and the JSON of an answer."""

    document: Any
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method of one path. `scope` is what the key must have, as PostHog's OpenAPI names it.

    A path that ends in `{id}` has the id of one thing there.
    """

    method: str
    path: str
    scope: str
    answer: Callable[[Ask], Answered]

    def serves(self, path: str) -> bool:
        """Whether a call to the path is a call to this endpoint, whatever its method."""
        return path == self.path or (self.has_id and path.rpartition("/")[0] == self.path.rpartition("/")[0])

    @property
    def has_id(self) -> bool:
        return self.path.endswith("{id}")
