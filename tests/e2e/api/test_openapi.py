"""What the API says of itself holds: whatever is asked, the answer is one that its document knows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from authsome.client.keys import Key, load_key, new_key
from authsome.identity.key_proof import prove
from authsome.server.guard import authority_of
from authsome.server.host_token import NAME as HOST_TOKEN
from authsome.server.reference.refusals import CODES
from authsome.testing.oauth.described import Described
from authsome.testing.oauth.serve import OAuthProvider
from tests.e2e.cli.house import PASSWORD, House
from tests.support.examples import examples
from tests.support.signed import signature

HOLDS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
]
ENDS_THE_SESSION = "/api/sign-outs"
TRIES = {"agent": 8, "admin": 10}  # all others are turned away before anything is read
NO_IDS = {"session_id": "aus_1", "connection_id": "con_1", "run_id": "run_1", "name": "google"}
NO_IDS |= {"request_id": "acr_1"}
KEYS = {"agent": "identity", "admin": "terminal"}
DEFINITION = {
    "name": "mine",
    "display_name": "Mine",
    "hosts": ["api.mine.example"],
    "inject": {"header": "Authorization", "template": "Bearer {api_key}"},
}
Operation = APIOperation[Any, Any, Any, Any]
AnyCase = Case[Any]
Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]


@dataclass(frozen=True)
class Signed:
    """Signs what `requests` is about to send, byte for byte."""

    key: Key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        assert isinstance(body, str | bytes)
        body = body.encode() if isinstance(body, str) else body
        request.headers.update(signature(self.key, str(request.method), str(request.url), body))
        return request


@dataclass(frozen=True)
class Bearer:
    """Sends a token."""

    token: str

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Stranger:
    """Signs each request with another key, which nobody has registered."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return Signed(new_key())(request)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """An MCP server that the gateway can find out about."""
    provider = OAuthProvider(tmp_path_factory.mktemp("mcp"), redirect_uri="")
    yield Described(provider)
    provider.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, described: Described) -> Iterator[House]:
    """Ada, an admin, is signed in at a terminal; her agent may use a connection."""
    limits = {"AUTHSOME_PENDING_PER_ADDRESS": "100000", "AUTHSOME_PENDING_IN_ALL": "100000"}
    made = House(tmp_path_factory.mktemp("openapi"), **limits)
    roots = made.api.ca_file
    roots.write_bytes(roots.read_bytes() + described.provider.ca_file.read_bytes())
    made.start()
    made.set_up()
    made.sign_in()
    made.onboard(made.connect())
    yield made
    made.close()


@pytest.fixture(scope="module")
def operations(house: House) -> list[Operation]:
    """Every operation of the document that the server hands out.

    But for how requests are signed, which is ours to do: to leave it out is no way to spoil a request.
    """
    document = requests.get(f"{house.base_url}/openapi.json", timeout=10).json()
    for ways in document["paths"].values():
        for operation in ways.values():
            operation.pop("security", None)
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=house.base_url)
    return [schema[path][method] for path, ways in document["paths"].items() for method in ways]


def who(house: House, name: str) -> Auth | None:
    """How each kind of caller proves who they are."""
    if name == "host":
        return Bearer((house.home / "server" / HOST_TOKEN).read_text())
    if name == "stranger":
        return Stranger()
    key = (
        load_key(house.home / {"agent": "identity", "admin": "terminal"}[name]) if name != "nobody" else None
    )
    return Signed(key) if key else None


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", ["agent", "admin", "host", "stranger", "nobody"])
def test_every_answer_is_in_the_document(
    house: House, operations: list[Operation], name: str, mode: GenerationMode
) -> None:
    auth = who(house, name)
    for operation in operations:
        ends_it = name == "admin" and operation.path == ENDS_THE_SESSION
        if not ends_it and (mode is GenerationMode.POSITIVE or can_be_spoiled(operation)):
            try_out(operation, mode, auth, tries=examples(TRIES.get(name, 3)))
    if name in KEYS:
        listed = requests.get(f"{house.base_url}/api/connections", auth=auth, timeout=10)
        assert listed.status_code == 200, "nothing that was sent took its rights away"


def can_be_spoiled(operation: Operation) -> bool:
    raw = operation.definition.raw
    return bool(raw.get("parameters") or raw.get("requestBody"))


def try_out(operation: Operation, mode: GenerationMode, auth: Auth | None, *, tries: int) -> None:
    @settings(
        max_examples=tries,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: AnyCase) -> None:
        response = case.call(auth=auth)
        case.validate_response(response, checks=HOLDS)
        if response.status_code >= 400:
            documented = operation.definition.raw["responses"][str(response.status_code)][CODES]
            assert response.json()["code"] in documented

    ask()


def test_another_method_is_refused_with_those_that_there_are(
    house: House, operations: list[Operation]
) -> None:
    methods: dict[str, set[str]] = {}
    for operation in operations:
        methods.setdefault(operation.path, set()).add(operation.method.upper())
    for path, known in methods.items():
        answer = requests.delete(house.base_url + path.format_map(NO_IDS), timeout=10)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == known, path
        assert answer.headers["content-type"] == "application/problem+json"


def test_what_succeeds_is_in_the_document_too(
    house: House, operations: list[Operation], described: Described, tmp_path: Path
) -> None:
    known = {operation.label: operation for operation in operations}
    asked = Asked(known, {name: who(house, name) for name in ("agent", "admin", "host", "nobody")})
    house.onboard(home=tmp_path)
    agent = load_key(tmp_path / "identity")
    assert agent is not None
    asked.callers |= {"new": Signed(new_key()), "other": Signed(agent)}
    walk_server(asked, described)
    walk(asked, rotation=rotation(agent, house.base_url), share=lambda made: share(house, made))
    assert asked.succeeded == set(known)


def share(house: House, connection_id: str) -> None:
    """What its owner, an admin, does on the connection's page."""
    page = f"/connections/{connection_id}"
    house.ada.submit(house.base_url + page, [("password", PASSWORD)], action=f"{page}/share")


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


def rotation(key: Key, base_url: str) -> dict[str, Any]:
    """The body of a request that replaces `key`."""
    fresh, authority = new_key(), authority_of(base_url)
    proof = prove(
        authority=authority, old_did=key.did, new_did=fresh.did, created=int(time.time()), key=fresh.sign
    )
    return asdict(proof)
