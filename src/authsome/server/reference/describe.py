"""Put the OpenAPI document together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from authsome import __version__
from authsome.identity.errors import (
    DidInvalid,
    IdentityEnded,
    IdentityUnclaimed,
    IdentityUnknown,
    KeyRetired,
    SignatureInvalid,
    SignatureMissing,
    SignatureReplayed,
    SignatureStale,
)
from authsome.kit.caller import AdminRequired, PrincipalRequired
from authsome.kit.errors import AuthsomeError, InputInvalid
from authsome.server import callers, gateway, state
from authsome.server.guard import LARGEST_BODY
from authsome.server.host_token import HostTokenWrong, from_the_host
from authsome.server.reference.refusals import CODES, PROBLEM, Responses, merged, refusals
from authsome.store.database import DatabaseUnreachable
from authsome.store.transactions import DatabaseBusy

CALLER = "x-authsome-caller"
INTRODUCTION = f"""\
Everything that the command line does, it does with this API.

**Who asks.** Requests are signed (RFC 9421) with the Ed25519 key of an agent or of a signed-in terminal. The
header `Signature-Input` names the components `"@method" "@authority" "@path" "@query"`, with a body also
`"content-digest"`, and carries `created` (good for 60 seconds), `nonce` (good once), `keyid` (the did), `alg`
(`ed25519`) and `tag` (`authsome`); `Signature` holds the signature. What decides or destroys is not here: a
person confirms it on a page.

**Refusals** are problem documents (RFC 9457) with a `code` that never changes its meaning, and a `hint` that
says what to do. A body has at most {LARGEST_BODY} bytes. Fields may be added to answers; a request with a
field that is not known is refused.

This document says nothing about the installation, and anybody may read it."""


@dataclass(frozen=True, slots=True)
class Door:
    """A dependency that lets a request in or not: for whom, how they show it, what it refuses with."""

    who: str
    security: list[dict[str, list[str]]]
    refuses: tuple[type[AuthsomeError], ...]


SIGNED: list[dict[str, list[str]]] = [{"signature": [], "signature_input": []}]
SIGNATURE = (
    SignatureMissing,
    SignatureInvalid,
    SignatureStale,
    SignatureReplayed,
    DidInvalid,
    InputInvalid,
    DatabaseBusy,
    DatabaseUnreachable,
)
KEY = (*SIGNATURE, IdentityUnknown, KeyRetired)
CLAIMED = (*KEY, IdentityUnclaimed, IdentityEnded)
DOORS: dict[Callable[..., Any], Door] = {
    callers.did_of_signer: Door("anybody with a key", SIGNED, SIGNATURE),
    callers.signer: Door("an identity in any state, or a signed-in terminal", SIGNED, KEY),
    callers.acting: Door("a claimed identity, or a signed-in terminal", SIGNED, CLAIMED),
    callers.acting_principal: Door("a signed-in terminal", SIGNED, (*CLAIMED, PrincipalRequired)),
    callers.acting_admin: Door("an admin's terminal", SIGNED, (*CLAIMED, PrincipalRequired, AdminRequired)),
    from_the_host: Door(
        "the server's operating-system user, on its host", [{"host_token": []}], (HostTokenWrong,)
    ),
}
OPEN = Door("anybody", [], ())
# What else a dependency may refuse with.
STEPS: dict[Callable[..., Any], tuple[type[AuthsomeError], ...]] = {
    state.given_runtime: (DatabaseBusy, DatabaseUnreachable),
    gateway.gateway_of: (gateway.ProxyNotRunning,),
}
GUARDED: Responses = {
    413: {CODES: {InputInvalid.code: "The body is too large."}},
    421: {CODES: {InputInvalid.code: "This server is not the host that was asked for."}},
}
UNREADABLE: Responses = {400: {CODES: {InputInvalid.code: "The body cannot be read."}}}

SECURITY_SCHEMES = {
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "RFC 9421 §4.2. By itself nothing: it signs what `Signature-Input` names.",
    },
    "signature_input": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature-Input",
        "description": "RFC 9421 §4.1, with the parameters that the introduction names.",
    },
    "host_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token in the server's own folder, which proves that it can be read.",
    },
}
TEXTS = ("type", "title", "code", "detail", "hint")
PROBLEM_SCHEMA = {
    "title": PROBLEM,
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "properties": {**{name: {"type": "string"} for name in TEXTS}, "status": {"type": "integer"}},
    "required": [*TEXTS, "status"],
}


class Described(FastAPI):
    """An application whose document is ours."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = describe(self.routes)
        return self.openapi_schema


def describe(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI document of those routes that are part of the API."""
    document = get_openapi(title="Authsome", version=__version__, description=INTRODUCTION, routes=routes)
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                _complete(document["paths"][route.path_format][method.lower()], route)
    components = document["components"]
    components["securitySchemes"] = SECURITY_SCHEMES
    components["schemas"][PROBLEM] = PROBLEM_SCHEMA
    for framework in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(framework, None)
    return document


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    """Who may ask, how they show it, and every refusal on the way and in the route."""
    steps = list(_steps(route.dependant))
    door = next((DOORS[step] for step in steps if step in DOORS), OPEN)
    on_the_way = refusals(*door.refuses, *(error for step in steps for error in STEPS.get(step, ())))
    asked = bool(operation.get("parameters") or operation.get("requestBody"))
    form = refusals(InputInvalid) if asked else {}
    body = UNREADABLE if operation.get("requestBody") else {}
    operation["responses"] = {
        **{status: one for status, one in operation["responses"].items() if int(status) < 300},
        **{
            str(status): one
            for status, one in merged(on_the_way, route.responses, form, body, GUARDED).items()
        },
    }
    operation["summary"] = operation["description"].partition(". ")[0].rstrip(".")
    operation[CALLER] = door.who
    if door.security:
        operation["security"] = door.security


def _steps(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for one in dependant.dependencies:
        yield from _steps(one)
