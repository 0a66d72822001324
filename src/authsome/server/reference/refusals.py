"""What a route may refuse with, as OpenAPI wants to know it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from authsome.kit.errors import REGISTERED, AuthsomeError
from authsome.server.errors import STATUS

CODES = "x-authsome-codes"
PROBLEM = "Problem"

Responses = dict[int | str, dict[str, Any]]


def refusals(*errors: type[AuthsomeError]) -> Responses:
    """For a route's `responses`: the codes of these errors under their statuses."""
    found: Responses = {}
    for error in errors:
        found.setdefault(STATUS[error.kind], {CODES: {}})[CODES][error.code] = meaning(error)
    return {status: {**one, "description": description(one[CODES])} for status, one in found.items()}


def merged(*several: Responses) -> Responses:
    """All of them, in the order of their statuses."""
    codes: dict[int, dict[str, str]] = {}
    for responses in several:
        for status, one in responses.items():
            codes.setdefault(int(status), {}).update(one.get(CODES, {}))
    return {status: _problem(status, codes[status]) for status in sorted(codes)}


def meaning(error: type[AuthsomeError]) -> str:
    return inspect.cleandoc(error.__doc__ or "").splitlines()[0]


def description(codes: dict[str, str]) -> str:
    return "\n".join(f"- `{code}`: {text}" for code, text in codes.items())


def _problem(status: int, codes: dict[str, str]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{PROBLEM}"}
    example = _example(status, codes.items())
    return {
        "description": description(codes),
        "content": {"application/problem+json": {"schema": schema, "example": example}},
        CODES: list(codes),
    }


def _example(status: int, codes: Iterable[tuple[str, str]]) -> dict[str, Any]:
    code, text = next(iter(codes))
    return {
        "type": f"urn:authsome:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": text,
        "hint": REGISTERED[code].hint,
    }
