"""The API as a whole: documented, and with no way for a stored secret to get out."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute

from authsome.server.app import MODULES
from authsome.server.reference.describe import describe

# What may be told to whoever proved who they are: a link or token that was made for them in this very answer.
FRESH = {"Registered.claim_url", "Registered.code", "Started.url", "RunOut.token", "InvitationOut.url"}
FRESH |= {"Link.url", "SetUpLink.url", "AskedOut.url", "Started.user_code"}
SECRET_WORDS = ("key", "password", "secret", "sealed", "token", "hash", "url", "code")
HARMLESS = {"ProviderOut.key_label", "ProviderOut.key_url", "ProviderOut.documentation_url"}
HARMLESS |= {"ClientOut.has_secret", "KeyFieldOut.secret"}  # whether there is one, and not which
# They name a key and a list of events, and are made from them by a derivation that nobody can go back.
HARMLESS |= {"Window.pseudonym_key_id", "Window.catalogue_hash", "History.catalogue_hash"}
HARMLESS |= {"AccessRequestOut.url"}  # a page that opens for nobody but the principal, signed in
PUBLIC = {"/api/health"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return describe([route for module in MODULES for route in module.router.routes])


def test_every_route_says_what_it_does(described: dict[str, Any]) -> None:
    operations = [
        (path, method, one) for path, ways in described["paths"].items() for method, one in ways.items()
    ]
    assert len(operations) > 20
    for path, method, operation in operations:
        assert operation.get("description"), f"{method} {path}"
        assert operation.get("tags"), f"{method} {path}"


def test_no_answer_has_a_place_for_a_stored_secret(described: dict[str, Any]) -> None:
    answers = {
        name: model
        for name, model in described["components"]["schemas"].items()
        if model.get("additionalProperties") is not False and name != "Problem"
    }
    fields = {f"{name}.{field}" for name, model in answers.items() for field in model.get("properties", {})}
    told = {field for field in fields if any(word in field.split(".")[1] for word in SECRET_WORDS)}
    assert told - HARMLESS == FRESH


def test_every_body_refuses_what_it_does_not_know(described: dict[str, Any]) -> None:
    for path, ways in described["paths"].items():
        for operation in ways.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            if not body:
                continue
            # One that may be left out is this or nothing.
            schema = next(one for one in body["schema"].get("anyOf", [body["schema"]]) if "$ref" in one)
            name = schema["$ref"].rpartition("/")[2]
            model = described["components"]["schemas"][name]
            assert model["additionalProperties"] is False, f"{path}: {name}"
            for field, kind in model.get("properties", {}).items():
                assert _is_bounded(kind), f"{path}: {name}.{field} has no bound"


def _is_bounded(schema: dict[str, Any]) -> bool:
    """Texts and lists have a longest, numbers a largest; an object is bounded by the body itself."""
    if "anyOf" in schema:
        return all(_is_bounded(one) for one in schema["anyOf"])
    kind = schema.get("type")
    if kind == "string":
        return "maxLength" in schema or "enum" in schema or schema.get("format") == "date"
    if kind == "array":
        return "maxItems" in schema and _is_bounded(schema["items"])
    if kind == "integer":
        return "maximum" in schema and "minimum" in schema
    return True


def test_everything_but_health_asks_who_it_is() -> None:
    for module in MODULES:
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            known = {dependency.call for dependency in _all(route.dependant)}
            asks = [call for call in known if getattr(call, "__name__", "") in ASKING]
            assert asks or route.path in PUBLIC, f"{route.path} asks nobody who they are"


ASKING = {"did_of_signer", "signer", "acting", "acting_principal", "acting_admin", "from_the_host"}


def _all(dependant: Any) -> list[Any]:
    return [dependant, *(inner for one in dependant.dependencies for inner in _all(one))]
