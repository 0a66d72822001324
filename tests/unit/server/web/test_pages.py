"""Every page, with believable and with hostile values, held to what a page promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from authsome.server.web import pages
from authsome.server.web.assets import find_asset
from tests.unit.server.web.hostile import TEXTS, hostile, hostile_frame
from tests.unit.server.web.reading import Document, Tag, read
from tests.unit.server.web.sample_frames import CSRF
from tests.unit.server.web.samples import samples

SAMPLES = list(samples())
HARMLESS_DATA = "application/json"
LINKS = {"href", "src", "action", "hx-get"}
TYPED = {"definition", "private_addresses"}
CHOOSING = {"narrow", "find"}


def everything() -> Iterator[tuple[str, str]]:
    for name, page, frame in SAMPLES:
        yield name, page.html(frame)
        for kind, text in TEXTS.items():
            yield f"{name}-{kind}", hostile(page, text).html(hostile_frame(text))


DRAWN = dict(everything())


@pytest.fixture(params=DRAWN, scope="module")
def html(request: pytest.FixtureRequest) -> str:
    return DRAWN[request.param]


@pytest.fixture(scope="module")
def document(html: str) -> Document:
    return read(html)


def test_every_page_has_a_sample() -> None:
    shown = {type(page) for _, page, _ in SAMPLES}
    known = {cls for cls in vars(pages).values() if isinstance(cls, type) and issubclass(cls, pages.Page)}
    assert shown == known - {pages.Page}


def test_every_template_is_drawn() -> None:
    folder = Path(pages.__file__).parent.parent / "templates"
    shown = {page.template for _, page, _ in SAMPLES}
    shared = {
        "layout.html",
        "connect.html",
        "entry.html",
        "parts.html",
        "erasing_parts.html",
        "tile.html",
        "chart.html",
        "heat.html",
    }
    assert {file.name for file in folder.glob("*.html")} == shown | shared


def test_nothing_in_a_page_executes(document: Document) -> None:
    for tag in document.tags:
        handlers = [name for name in tag.attributes if name.startswith("on") or name.startswith("hx-on")]
        assert not handlers, f"<{tag.name}> has {handlers}"
        assert "style" not in tag.attributes, f"<{tag.name}> is styled inline"
        assert "srcdoc" not in tag.attributes
        for name in LINKS & tag.attributes.keys():
            said = tag.attributes[name].strip().lower()
            assert said.startswith(("/", "#", "https://", "http://")), f"{name}={said[:40]!r}"
    assert not document.named("style", "iframe", "object", "embed", "base", "img")


def test_scripts_are_files_of_ours_or_data(document: Document) -> None:
    for script in document.named("script"):
        if "src" in script.attributes:
            assert not script.text.strip()
        else:
            assert script.attributes["type"] == HARMLESS_DATA
            json.loads(script.text)


def test_every_file_a_page_loads_is_there(document: Document) -> None:
    loaded = [tag.attributes["src"] for tag in document.named("script") if "src" in tag.attributes]
    loaded += [tag.attributes["href"] for tag in document.named("link")]
    assert loaded
    for url in loaded:
        assert find_asset(url), f"{url} is not among the static files"


def test_hostile_text_makes_no_element(document: Document) -> None:
    svg = [tag for tag in document.named("svg") if tag.attributes.get("class") != "wordmark"]
    assert not svg
    assert all(tag.attributes["name"] in TYPED for tag in document.named("textarea"))
    assert len(document.named("title")) == 1


def test_every_input_has_a_name_to_read_out(document: Document) -> None:
    labelled = {tag.attributes["for"] for tag in document.named("label") if "for" in tag.attributes}
    for tag in document.named("input", "select", "textarea"):
        if tag.attributes.get("type") == "hidden":
            continue
        named = (
            tag.attributes.get("id") in labelled
            or tag.attributes.get("aria-label", "").strip()
            or "label" in tag.inside
        )
        assert named, f"{tag.attributes} has no label"


def test_every_button_and_link_says_something(document: Document) -> None:
    for tag in document.named("button", "a"):
        assert tag.text.strip() or tag.attributes.get("aria-label"), f"{tag.attributes} is silent"


def test_ids_are_unique_and_every_reference_finds_one(document: Document) -> None:
    ids = document.ids()
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    for tag in document.tags:
        for name in (
            "aria-describedby",
            "aria-labelledby",
            "aria-controls",
            "for",
            "data-copy",
            "data-meter",
        ):
            for id in tag.attributes.get(name, "").split():
                assert id in ids, f"{name}={id} leads nowhere"
        if tag.attributes.get("href", "").startswith("#"):
            assert tag.attributes["href"][1:] in ids


def test_a_page_has_landmarks_and_headings_in_order(document: Document) -> None:
    for landmark in ("main", "header", "footer"):
        assert len([t for t in document.named(landmark) if "article" not in t.inside]) == 1
    assert document.tags[0].attributes == {"lang": "en"}
    levels = [int(tag.name[1]) for tag in document.named("h1", "h2", "h3")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels)), levels


def test_every_form_posts_and_carries_its_token(document: Document) -> None:
    """But for those that choose what is shown: they change nothing, and their address is kept."""
    posting = [form for form in document.named("form") if form.attributes.get("id") not in CHOOSING]
    assert all(form.attributes["method"] == "post" for form in posting)
    hidden = [tag for tag in document.named("input") if tag.attributes.get("name") == "csrf_token"]
    assert len(hidden) == len(posting)


def test_links_out_tell_the_other_site_nothing(document: Document) -> None:
    for tag in document.named("a"):
        if tag.attributes["href"].startswith("http"):
            assert "noreferrer" in tag.attributes["rel"]
            assert "noopener" in tag.attributes["rel"]


def only(name: str) -> Document:
    return read(DRAWN[name])


def passwords(document: Document) -> list[Tag]:
    return [tag for tag in document.named("input") if tag.attributes.get("type") == "password"]


def test_no_page_ever_fills_in_a_password() -> None:
    for name, page, frame in SAMPLES:
        for tag in passwords(read(page.html(frame))):
            assert "value" not in tag.attributes, name


def test_no_connection_is_ticked_on_the_claim_page() -> None:
    boxes = [tag for tag in only("claim").named("input") if tag.attributes.get("type") == "checkbox"]
    assert len(boxes) == 3
    assert not any("checked" in tag.attributes for tag in boxes)


def test_a_key_is_typed_where_no_password_manager_keeps_it() -> None:
    (key,) = passwords(only("key-entry"))
    assert key.attributes["autocomplete"] == "off"
    assert "data-1p-ignore" in key.attributes


def test_what_was_wrong_is_said_at_the_field() -> None:
    document = only("set-up-wrong")
    first, second = passwords(document)
    assert first.attributes["aria-invalid"] == "true"
    assert "set-up-password-error" in first.attributes["aria-describedby"].split()
    assert "aria-invalid" not in second.attributes


def test_a_form_carries_the_token_it_was_given() -> None:
    tokens = [t for t in only("log-in").named("input") if t.attributes.get("name") == "csrf_token"]
    assert [tag.attributes["value"] for tag in tokens] == [CSRF]


@pytest.mark.parametrize(("name", "seen"), [("overview", True), ("overview-empty", False), ("log-in", False)])
def test_only_an_admin_is_led_to_the_admins_pages(name: str, seen: bool) -> None:
    links = {tag.attributes["href"] for tag in only(name).named("a")}
    assert ("/analytics" in links) is seen
    assert ("/analytics/mine" in links) is (not seen and name != "log-in")
    assert ("/principals" in links) is seen


def test_without_a_visitor_there_is_nothing_to_sign_out_of() -> None:
    assert "/log-out" not in DRAWN["log-in"]
    assert "/log-out" in DRAWN["overview"]


def test_a_provider_cannot_name_a_script_as_its_documentation() -> None:
    for name in ("key-entry-javascript", "providers-javascript", "telemetry-on-javascript"):
        assert not [t for t in only(name).named("a") if t.attributes["href"].startswith("javascript")]
