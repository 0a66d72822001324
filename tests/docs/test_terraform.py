"""The Terraform example in the guide fits PostHog's provider, and what it makes is what the templates say.

No Terraform runs here. What it would read of a template is read here by the same names, and held to what is
wanted in PostHog; names of arguments are held to the provider's own documentation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.provision.wanted import wanted_dashboard
from authsome.testing.posthog.private.kept.nodes import fault
from tests.docs.guide import ROOT, blocks

(EXAMPLE,) = blocks(ROOT / "docs/guides/posthog-dashboard.md", language="hcl")
TEMPLATES = {
    path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "dashboards/posthog").glob("*.json")
}
# PostHog/terraform-provider-posthog, docs/resources: what may be set, and of it what must.
ARGUMENTS = {
    "posthog_dashboard": ({"name", "description", "pinned", "tags", "project_id", "deleted"}, {"name"}),
    "posthog_insight": (
        {"name", "description", "query_json", "dashboard_ids", "tags", "derived_name", "create_in_folder"},
        {"query_json"},
    ),
    "posthog_dashboard_layout": ({"dashboard_id", "tiles", "project_id"}, {"dashboard_id", "tiles"}),
}
TILE_ARGUMENTS = {"insight_id", "text_body", "layouts_json", "color", "show_description"}
Json = dict[str, Any]


def resources() -> Iterator[tuple[str, str]]:
    """Each resource's type and what stands between its braces."""
    for found in re.finditer(r'^resource "(\w+)" "authsome" \{\n(.*?)^\}', EXAMPLE, re.MULTILINE | re.DOTALL):
        yield found[1], found[2]


RESOURCES = dict(resources())


def arguments(body: str, *, indent: int) -> dict[str, str]:
    """The arguments of a block at this depth, with their expressions."""
    found = re.findall(rf"^ {{{indent}}}(\w+)\s+= (.+)$", body, re.MULTILINE)
    return {name: expression for name, expression in found if name != "for_each"}


def tiles(kind: str | None = None) -> Iterator[tuple[str, Json]]:
    for key, template in TEMPLATES.items():
        yield from ((key, tile) for tile in template["tiles"] if kind in (None, tile["type"]))


def test_the_three_resources_are_there_and_have_arguments_that_the_provider_knows() -> None:
    assert RESOURCES.keys() == ARGUMENTS.keys()
    for kind, (known, needed) in ARGUMENTS.items():
        given = arguments(RESOURCES[kind], indent=2).keys()
        assert needed <= given <= known, kind
    assert arguments(RESOURCES["posthog_dashboard_layout"], indent=6).keys() <= TILE_ARGUMENTS


def test_braces_and_quotes_are_closed() -> None:
    plain = re.sub(r"#.*$", "", EXAMPLE, flags=re.MULTILINE)
    for opening, closing in ("{}", "[]", "()"):
        assert plain.count(opening) == plain.count(closing)
    assert all(line.count('"') % 2 == 0 for line in plain.splitlines())


def test_it_reads_the_folder_where_the_dashboards_are() -> None:
    assert 'folder = "${path.module}/dashboards/posthog"' in EXAMPLE
    assert TEMPLATES


@pytest.mark.parametrize("key", TEMPLATES)
def test_what_a_dashboard_is_made_of_is_in_the_template(key: str) -> None:
    template = TEMPLATES[key]
    made = {
        name: template[expression.removeprefix("each.value.")]
        for name, expression in arguments(RESOURCES["posthog_dashboard"], indent=2).items()
    }
    (wanted,) = [wanted_dashboard(plan) for plan in DASHBOARDS if plan.name == key]
    assert (made["name"], made["description"]) == (wanted.name, wanted.description)
    assert all(isinstance(tag, str) for tag in made["tags"])


def test_what_an_insight_is_made_of_is_in_the_template_and_its_query_is_one() -> None:
    given = arguments(RESOURCES["posthog_insight"], indent=2)
    assert given["query_json"] == "jsonencode(each.value.query)"
    assert given["description"] == "substr(each.value.description, 0, 400)"
    assert given["name"] == "each.value.name"
    assert list(tiles("INSIGHT"))
    for _, tile in tiles("INSIGHT"):
        assert fault(tile["query"]) is None
        assert tile["name"]
        assert tile["description"]


def test_each_tile_is_laid_out_as_an_insight_or_as_a_text_and_never_as_both() -> None:
    """`try(…, null)` gives an insight to what has a name, and a text to what has a body."""
    given = arguments(RESOURCES["posthog_dashboard_layout"], indent=6)
    assert given["insight_id"] == 'try(posthog_insight.authsome["${each.key}/${tile.name}"].id, null)'
    assert given["text_body"] == "try(tile.body, null)"
    assert given["layouts_json"] == "jsonencode(tile.layouts)"
    for _, tile in tiles():
        assert ("name" in tile) is (tile["type"] == "INSIGHT")
        assert ("body" in tile) is (tile["type"] == "TEXT")
        assert {"sm", "xs"} == tile["layouts"].keys()


def test_no_two_insights_would_have_one_address() -> None:
    addresses = [f"{key}/{tile['name']}" for key, tile in tiles("INSIGHT")]
    assert len(set(addresses)) == len(addresses)
