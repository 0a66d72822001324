"""The catalogue is complete, its names keep to their form, and what is written down is what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from authsome.telemetry import catalogue, golden
from authsome.telemetry.identify import DESCRIBES, UNCLAIMED
from authsome.telemetry.reference import events_markdown

SOURCE = Path(catalogue.__file__).resolve().parents[1]
# Events that DESIGN names and a later step raises. An entry that exists is removed from here.
PLANNED: set[str] = set()


def test_every_event_class_in_the_source_is_in_the_catalogue() -> None:
    written = {
        re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        for path in SOURCE.glob("*/events.py")
        for name in re.findall(r"^class (\w+)\(Event\):", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert set(catalogue.events()) == written


@pytest.mark.parametrize("name", sorted(catalogue.events()))
def test_names_are_snake_case_and_in_the_past_tense(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name)
    assert re.search(r"(ed|reset|sent|run|begun)(_\w+)?$|logged_(in|out)$", name), f"{name} is not past tense"


def test_old_names_are_unambiguous() -> None:
    assert len(set(catalogue.OLD_NAMES.values())) == len(catalogue.OLD_NAMES)


def test_identify_speaks_of_events_that_exist() -> None:
    missing = (DESCRIBES | UNCLAIMED) - set(catalogue.events())
    assert missing <= PLANNED


def test_the_digest_names_what_consent_was_given_for() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", catalogue.digest())
    assert catalogue.digest() == catalogue.digest()


def test_the_reference_names_every_event_field_and_old_name() -> None:
    page = events_markdown()
    for name, event in catalogue.events().items():
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for field, privacy in event.privacy.items():
            assert f"| `{field}` |" in section
            assert f"| {privacy.value} |" in section
        assert f"`{catalogue.OLD_NAMES.get(name, name)}`" in page


def test_golden_payloads_hold_no_person() -> None:
    text = golden.payloads_json()
    assert set(json.loads(text)) == set(catalogue.events())
    assert "@" not in text
    assert "://" not in text
