"""What the API says of itself holds: whatever is asked, the answer is one that its document knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode

from authsome.client.keys import load_key, new_key
from authsome.server.host_token import NAME as HOST_TOKEN
from authsome.server.reference.refusals import CODES
from authsome.testing.oauth.described import Described
from authsome.testing.oauth.serve import OAuthProvider
from tests.e2e.api.callers import Auth, Bearer, Signed, Stranger
from tests.e2e.api.walking import ENDS_THE_SESSION, HOLDS, Asked, Operation, rotation, walk, walk_server
from tests.e2e.cli.house import PASSWORD, House
from tests.support.examples import examples

TRIES = {"agent": 8, "admin": 10}  # all others are turned away before anything is read
NO_IDS = {"session_id": "aus_1", "connection_id": "con_1", "run_id": "run_1", "name": "google"}
NO_IDS |= {"request_id": "acr_1"}
KEYS = {"agent": "identity", "admin": "terminal"}


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
    refusing = schema.config.checks.negative_data_rejection
    refusing.expected_statuses = [*refusing.expected_statuses, "413"]  # what is drawn may be very long
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
    def ask(case: Case[Any]) -> None:
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
