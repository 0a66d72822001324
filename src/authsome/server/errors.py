"""How refusals look over HTTP: problem documents (RFC 9457) for the API, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from authsome.kit.errors import AuthsomeError, InputInvalid, InternalFailure, Kind, MissingError

log = logging.getLogger("authsome.server")

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.DENIED: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.EXPIRED: 410,
    Kind.UNAVAILABLE: 503,
    Kind.BROKEN: 500,
}


class NothingHere(MissingError):
    """Nothing is kept at this address."""

    code = "nothing_here"
    hint = "compare it with the API's reference, `/openapi.json`"


def problem(error: AuthsomeError, status: int | None = None) -> Response:
    """The problem document of a refusal."""
    status = status or STATUS[error.kind]
    body = {
        "type": f"urn:authsome:error:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": error.detail,
        "hint": error.next_step,
    }
    headers = {"X-Authsome-Error": error.code}
    if error.kind is Kind.UNAVAILABLE:
        headers["Retry-After"] = "5"
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Give every way to fail an answer."""
    app.add_exception_handler(AuthsomeError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, AuthsomeError)
    if error.kind is Kind.BROKEN:
        log.error("%s: %s", error.code, error.detail, exc_info=error)
    return _answer(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    """Name the fields that are wrong. The values are not repeated: one of them may be a secret."""
    assert isinstance(error, RequestValidationError)
    wrong = {".".join(str(p) for p in e["loc"][1:]) or "body": e["msg"] for e in error.errors()[:10]}
    said = "; ".join(f"{field}: {why}" for field, why in wrong.items())
    return _answer(request, InputInvalid(said))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _answer(request, NothingHere())
    phrase = HTTPStatus(error.status_code).phrase
    why = "the body cannot be read" if error.status_code == 400 else f"{request.method} is not answered here"
    refusal = InputInvalid(f"{phrase}: {why}", hint="compare it with the API's reference")
    answer = _answer(request, refusal, error.status_code)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return answer


def _methods(request: Request) -> set[str]:
    """All that is answered at this address (RFC 9110 §15.5.6); the framework names one route's alone."""
    matching = (route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE)
    return {method for route in matching for method in getattr(route, "methods", None) or ()}


async def _failed(request: Request, error: Exception) -> Response:
    log.error("request failed", exc_info=error)
    return _answer(request, InternalFailure())


def _answer(request: Request, error: AuthsomeError, status: int | None = None) -> Response:
    if request.url.path.startswith("/api/"):
        return problem(error, status)
    from authsome.server.routes.ui.problem import page

    return page(request, error, status or STATUS[error.kind])
