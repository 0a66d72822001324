"""One request that succeeds, to every route of the API, each held to what the document says of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from authsome.client.keys import Key, new_key
from authsome.identity.key_proof import prove
from authsome.server.guard import authority_of
from authsome.testing.oauth.described import Described
from tests.e2e.api.callers import Auth

HOLDS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
ENDS_THE_SESSION = "/api/sign-outs"
DEFINITION = {
    "name": "mine",
    "display_name": "Mine",
    "hosts": ["api.mine.example"],
    "inject": {"header": "Authorization", "template": "Bearer {api_key}"},
}
Operation = APIOperation[Any, Any, Any, Any]


@dataclass
class Asked:
    """Asks what should succeed, and holds each answer to the document."""

    known: dict[str, Operation]
    callers: dict[str, Auth | None]
    succeeded: set[str] = field(default_factory=set)

    def get(self, path: str, name: str, where: dict[str, str] | None = None) -> Any:
        return self._ask(f"GET {path}", name, path_parameters=where or {})

    def post(
        self, path: str, name: str, body: dict[str, Any] | None = None, *, where: dict[str, str] | None = None
    ) -> Any:
        sent = {} if body is None else {"body": body, "media_type": "application/json"}
        return self._ask(f"POST {path}", name, path_parameters=where or {}, **sent)

    def put(self, path: str, name: str, body: dict[str, Any], *, where: dict[str, str]) -> Any:
        sent = {"body": body, "media_type": "application/json"}
        return self._ask(f"PUT {path}", name, path_parameters=where, **sent)

    def _ask(self, label: str, name: str, **parts: Any) -> Any:
        case = self.known[label].Case(**parts)
        response = case.call(auth=self.callers[name])
        assert response.status_code < 300, f"{label}: {response.text}"
        case.validate_response(response, checks=HOLDS)
        self.succeeded.add(label)
        return response.json() if response.content else None


def walk(asked: Asked, *, rotation: dict[str, Any], share: Callable[[str], None]) -> None:
    """One request that succeeds, to every route; the session that signs ends with the last."""
    for path in ("reconcile", "rebuild"):
        asked.post(f"/api/analytics/{path}", "admin", {})
    for path in ("adoption", "reliability", "mine", "inventory", "reconcile", "rebuild"):
        asked.get(f"/api/analytics/{path}", "admin")
    for path in (
        "connections",
        "grants",
        "identities",
        "principals",
        "principals/erasures",
        "providers",
        "connections/ended",
    ):
        asked.get(f"/api/{path}", "admin")
    for path in ("status", "consent", "preview", "export", "facts", "dead-letters"):
        asked.get(f"/api/telemetry/{path}", "admin")
    for path in ("retry", "drop"):
        asked.post(f"/api/telemetry/dead-letters/{path}", "admin", {})
    asked.get("/api/health", "nobody")
    asked.get("/api/whoami", "agent")
    asked.post("/api/identities", "new", {"label": "new here"})
    asked.post("/api/key-rotations", "other", rotation)
    wanted = {"provider": "openai", "connection_name": "wanted"}
    session = {"session_id": asked.post("/api/auth-sessions", "agent", wanted)["id"]}
    asked.get("/api/auth-sessions/{session_id}", "agent", session)
    walk_access(asked)
    asked.post("/api/auth-sessions/{session_id}/cancel", "agent", where=session)
    walk_connections(asked, share)
    run = {"run_id": asked.post("/api/runs", "agent", {"program": "python"})["run_id"]}
    asked.post("/api/runs/{run_id}/renew", "agent", where=run)
    asked.post("/api/runs/{run_id}/complete", "agent", {"exit_code": 0}, where=run)
    asked.post("/api/providers", "admin", {"definition": DEFINITION})
    walk_providers(asked)
    asked.put("/api/providers/{name}/oauth-client", "admin", {"client_id": "1"}, where={"name": "google"})
    asked.post("/api/invitations", "admin", {})
    for path in ("set-up-link", "reset-links"):
        asked.post(f"/api/host/{path}", "host", {})
    asked.post(ENDS_THE_SESSION, "admin")


def walk_access(asked: Asked) -> None:
    """An agent asks for access and is told no."""
    wanted = {"provider": "stripe", "connection_name": "work", "lasting": "7d", "note": "reports"}
    request = {"request_id": asked.post("/api/access-requests", "agent", wanted)["id"]}
    asked.get("/api/access-requests", "admin")
    asked.get("/api/access-requests/{request_id}", "agent", request)
    asked.post("/api/access-requests/{request_id}/deny", "admin", where=request)


def walk_providers(asked: Asked) -> None:
    """The provider that was just registered: looked at, tested, and asked to be removed."""
    name = {"name": str(DEFINITION["name"])}
    asked.get("/api/providers/{name}", "admin", name)
    asked.post("/api/providers/{name}/test", "admin", {}, where=name)
    other = DEFINITION | {"name": "not-yet", "hosts": ["not-yet.invalid"]}
    asked.post("/api/provider-checks", "admin", {"definition": other})
    for path in ("amendments/plan", "amendments"):
        asked.post(f"/api/{path}", "admin", {"act": "remove", **name})


def walk_server(asked: Asked, server: Described) -> None:
    """An MCP server, added by its address, and asked for a client anew."""
    body = {"address": server.address, "name": "served", "private_addresses": [server.provider.place]}
    asked.post("/api/mcp-servers", "admin", body)
    path = "/api/providers/{name}/oauth-client/registration"
    asked.post(path, "admin", {}, where={"name": "served"})


def walk_connections(asked: Asked, share: Callable[[str], None]) -> None:
    """Two connections, made, shared and ended in each way."""
    for acts in (("default", "check", "revoke"), ("unshare", "log-out")):
        made = asked.post("/api/connections", "admin", {"provider": "github", "api_key": "k" * 20})
        share(made["id"])
        for act in acts:
            where = {"connection_id": made["id"]}
            asked.post(f"/api/connections/{{connection_id}}/{act}", "admin", where=where)


def rotation(key: Key, base_url: str) -> dict[str, Any]:
    """The body of a request that replaces `key`."""
    fresh, authority = new_key(), authority_of(base_url)
    proof = prove(
        authority=authority, old_did=key.did, new_did=fresh.did, created=int(time.time()), key=fresh.sign
    )
    return asdict(proof)
