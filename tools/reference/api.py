"""`docs/reference/api.md`: every route, from the OpenAPI document that the server hands out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from authsome.kit.errors import InputInvalid
from authsome.server.app import MODULES
from authsome.server.reference.describe import CALLER, KEY, describe
from authsome.server.reference.refusals import CODES

PAGE = "docs/reference/api.md"
HEAD = """\
# HTTP API

<!-- Generated from the OpenAPI document by `make docs`. -->

The document itself is at `/openapi.json` on every server. What each code of a refusal means is in
[errors](errors.md). Refusals that are no route's own are not repeated below: 421 for what was asked of
another host, 413 for a body that is too large; and where requests are signed, those of the signature and the
key, and of a database that is busy: {signed}.

"""
EVERYWHERE = {"413", "421"}
SIGNED = [error.code for error in KEY]
Schema = dict[str, Any]


def files() -> dict[str, str]:
    """The page."""
    document = describe([route for module in MODULES for route in module.router.routes])
    signed = ", ".join(f"`{code}`" for code in SIGNED if code != InputInvalid.code)
    return {PAGE: HEAD.format(signed=signed) + "\n".join(_page(document))}


def _page(document: Schema) -> Iterator[str]:
    yield document["info"]["description"] + "\n"
    tags: dict[str, list[tuple[str, str, Schema]]] = {}
    for path, ways in document["paths"].items():
        for method, operation in ways.items():
            tags.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    for tag, operations in tags.items():
        yield f"## {tag.capitalize()}\n"
        for method, path, operation in operations:
            yield from _operation(document, f"{method} {path}", operation)
    yield "## Parts of bodies and answers\n"
    yield from _parts(document)


def _operation(document: Schema, title: str, operation: Schema) -> Iterator[str]:
    yield f"### {title}\n"
    yield f"{operation['description']} Who may ask: {operation[CALLER]}.\n"
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    fields = [
        *(
            (f"`{one['name']}` ({one['in']})", one["schema"], one["required"])
            for one in operation.get("parameters", ())
        ),
        *((f"`{name}`", schema, needed) for name, schema, needed in _fields(document, body or {})),
    ]
    if fields:
        yield "| given | type | needed |\n|---|---|---|"
        yield from (
            f"| {name} | {_type(schema)} | {'yes' if needed else 'no'} |" for name, schema, needed in fields
        )
        yield ""
    yield from _answer(document, operation)
    refused = [text for status, one in operation["responses"].items() if (text := _refused(status, one))]
    if refused:
        yield f"Refuses: {'; '.join(refused)}.\n"


def _refused(status: str, response: Schema) -> str:
    """The codes under a status, empty where none of them is the route's own."""
    own = [code for code in response.get(CODES, ()) if code == InputInvalid.code or code not in SIGNED]
    said = ", ".join(f"`{code}`" for code in own)
    return f"{status} {said}" if own and status not in EVERYWHERE else ""


def _answer(document: Schema, operation: Schema) -> Iterator[str]:
    status, answer = next((s, one) for s, one in operation["responses"].items() if s < "300")
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    if not schema:
        yield f"Answers {status}, with nothing in it.\n"
        return
    many = schema.get("type") == "array"
    inner = _resolved(document, schema["items"] if many else schema)
    said = f"{'a list of ' if many else ''}{inner['title']}"
    yield f"Answers {status}, {said}: {_plain(inner['description'])}\n"
    yield from _table(inner)


def _parts(document: Schema) -> Iterator[str]:
    """What stands inside of answers and bodies."""
    schemas = document["components"]["schemas"]
    named = {name for schema in schemas.values() for name in _names(schema.get("properties", {}))}
    for name in sorted(named):
        yield f"### {name}\n"
        yield f"{_plain(schemas[name].get('description', ''))}\n"
        yield from _table(schemas[name]) if "properties" in schemas[name] else (f"{_type(schemas[name])}\n",)


def _table(schema: Schema) -> Iterator[str]:
    yield "| field | type |\n|---|---|"
    yield from (f"| `{name}` | {_type(one)} |" for name, one in schema["properties"].items())
    yield ""


def _names(value: Any) -> Iterator[str]:
    """Every schema that is referred to in the value."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield str(value["$ref"]).rpartition("/")[2]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _names(one)


def _fields(document: Schema, schema: Schema) -> Iterator[tuple[str, Schema, bool]]:
    found = _resolved(document, schema)
    for name, one in found.get("properties", {}).items():
        yield name, one, name in found.get("required", ())


def _resolved(document: Schema, schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    found: Schema = document["components"]["schemas"][name]
    return found


def _type(schema: Schema) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " or ".join(f"`{one}`" for one in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = str(schema.get("type", "any"))
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    inner = schema.get("additionalProperties")
    if kind == "object" and isinstance(inner, dict):
        return f"object of {_type(inner)}"
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _plain(text: str) -> str:
    return " ".join(text.split())
