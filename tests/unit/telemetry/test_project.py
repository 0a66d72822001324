"""What of a fact leaves: what its class allows, and nothing that the row might hold besides."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.kit.event import EVENTS, Event, Local, Privacy, Pseudonym, Public, Subject
from authsome.telemetry import catalogue, golden
from authsome.telemetry.naming.pseudonyms import PseudonymKey, PseudonymKeyGone
from authsome.telemetry.project import EventUnknown, project
from authsome.telemetry.sinks.posthog import payload
from authsome.vault.installation_key import InstallationKey
from tests.unit.telemetry.facts import INSTALLATION, PRINCIPAL, fact, names, sample_fields


class ProjectionTried(Event):
    """An event with a field of each privacy class."""

    subject = Subject.PRINCIPAL
    audit_only = "exists in this test"
    principal_id: Pseudonym[str]
    count: Public[int]
    label: Local[str | None] = None


def test_public_and_pseudonymous_fields_leave_with_installation_and_kind_of_actor() -> None:
    sent = project(
        fact("projection_tried", fields={"principal_id": PRINCIPAL, "count": 3}), installation_id=INSTALLATION
    )
    assert sent.fields == {
        "principal_id": PRINCIPAL,
        "count": 3,
        "installation_id": INSTALLATION,
        "actor_kind": "principal",
    }


def test_a_local_value_does_not_leave_even_if_the_row_held_it() -> None:
    fields = {"principal_id": PRINCIPAL, "count": 3, "label": "Ada's laptop"}
    sent = project(fact("projection_tried", fields=fields), installation_id=INSTALLATION)
    assert "Ada" not in str(sent)


def test_an_event_that_this_version_does_not_know_does_not_leave() -> None:
    with pytest.raises(EventUnknown):
        project(fact("from_the_future", fields={"count": 3}), installation_id=INSTALLATION)


@pytest.mark.parametrize("name", sorted(catalogue.events()))
def test_under_keyed_pseudonyms_no_value_of_that_class_leaves_as_it_is(name: str) -> None:
    logged = golden.sample_fact(EVENTS[name])
    named = {logged.fields[f] for f, p in EVENTS[name].privacy.items() if p is Privacy.PSEUDONYM}
    sent = project(logged, installation_id=INSTALLATION, terms=golden.KEYED, key=golden.SAMPLE_KEY)
    body = payload.render([sent]).decode()
    assert [value for value in named if f'"{value}"' in body] == []
    jsonschema.validate(dict(sent.fields), catalogue.schema(EVENTS[name]))
    assert payload.objection(sent) is None
    if sent.fields.get("principal_id") and logged.subject_kind == "principal":
        assert sent.fields["principal_id"] == sent.distinct_id


def test_a_key_that_is_not_the_windows_sends_nothing_rather_than_the_plain_id() -> None:
    other = PseudonymKey(InstallationKey(bytes([7]) * 32))
    logged = golden.sample_fact(EVENTS["principal_registered"])
    for key in (None, other):
        with pytest.raises(PseudonymKeyGone):
            project(logged, installation_id=INSTALLATION, terms=golden.KEYED, key=key)


@given(name=names(), extra=st.dictionaries(st.text(min_size=1), st.integers() | st.text()))
def test_no_field_leaves_that_is_not_allowed(name: str, extra: dict[str, Any]) -> None:
    local = {f: "kept" for f, privacy in EVENTS[name].privacy.items() if privacy is Privacy.LOCAL}
    logged = fact(name, fields=extra | local | sample_fields(name))
    sent = project(logged, installation_id=INSTALLATION)
    allowed = {f for f, privacy in EVENTS[name].privacy.items() if privacy is not Privacy.LOCAL}
    assert set(sent.fields) <= allowed | {"installation_id", "actor_kind"}


@pytest.mark.parametrize("name", sorted(catalogue.events()))
def test_every_event_can_be_sent_and_fits_its_schema(name: str) -> None:
    event = EVENTS[name]
    sent = project(golden.sample_fact(event), installation_id=INSTALLATION)
    jsonschema.validate(dict(sent.fields), catalogue.schema(event))
    assert payload.objection(sent) is None


@pytest.mark.parametrize("name", sorted(catalogue.events()))
def test_the_schema_refuses_a_field_too_many_and_one_too_few(name: str) -> None:
    schema = catalogue.schema(EVENTS[name])
    good = dict(project(golden.sample_fact(EVENTS[name]), installation_id=INSTALLATION).fields)
    jsonschema.validate(good, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good | {"email": "ada@example.org"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({k: v for k, v in good.items() if k != "installation_id"}, schema)
