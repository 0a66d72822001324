"""Every event is raised by the product, held by a test, and closed in what it says."""

from __future__ import annotations

import ast
import re
from enum import Enum
from typing import get_args, get_type_hints

import pytest

from authsome.kit.event import Privacy
from authsome.telemetry.catalogue import events
from authsome.telemetry.naming.pseudonyms import FIELDS
from tests.audit.source import NOUNS, SOURCE, TESTS, modules

# Where events are raised. What else speaks of them counts them, makes examples, or repeats them from rows.
RAISING = (*NOUNS, "store", "telemetry", "analytics")
NOT_RAISING = re.compile(r"authsome\.(telemetry\.golden|analytics\.(?!reconcile\.confirm).*|.*\.events)")
# DESIGN §5, as far as it is about principals, identities, claims, connections, runs, servers and consent.
TABLE = """
    principal_registered principal_logged_in principal_logged_out principal_invited principal_login_failed
    principal_password_changed principal_password_reset principal_role_changed principal_disabled
    principal_erased identity_registered identity_claimed identity_claim_opened identity_claim_rejected
    identity_claim_expired identity_released identity_revoked identity_key_rotated identity_erased
    auth_session_started auth_session_completed auth_session_failed auth_session_expired
    auth_session_cancelled
    provider_registered provider_deleted provider_configuration_updated
    connection_created connection_reauthorized connection_first_used connection_refreshed
    connection_refresh_failed connection_expired connection_marked_broken connection_mended
    connection_reason_changed connection_default_changed
    connection_logged_out connection_revoked connection_shared connection_unshared
    credentials_exported credentials_used grant_created grant_changed grant_removed
    access_requested access_approved access_denied
    run_started run_completed server_started server_upgraded telemetry_consent_changed
    """.split()
CHOICES = {"reason", "outcome", "kind", "via", "by", "role", "flow", "surface", "state", "database"}
# Texts that may leave as they are: ids of rows, and these, each made by the product and by nobody's hand.
PUBLIC_TEXTS = {"provider", "server_version", "previous_version", "sink", "catalogue_hash", "since"}


@pytest.mark.parametrize("name", TABLE)
def test_every_event_of_the_design_exists(name: str) -> None:
    assert name in events()


def test_every_event_is_raised_by_the_product() -> None:
    spoken_of = {
        node.id
        for module, tree in modules(*RAISING)
        if not NOT_RAISING.fullmatch(module)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
    }
    assert [event.__name__ for event in events().values() if event.__name__ not in spoken_of] == []


def test_every_event_is_asserted_by_a_test() -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for folder in ("contract", "e2e", "property", "unit")
        for path in (TESTS / folder).rglob("*.py")
        if "unit/telemetry" not in str(path) and "support" not in path.parts
    ]
    unheld = [
        name
        for name, event in events().items()
        if not any(re.search(rf"\b({name}|{event.__name__})\b", text) for text in texts)
    ]
    assert unheld == []


@pytest.mark.parametrize("name", sorted(events()))
def test_what_has_a_closed_list_of_values_says_so_by_its_type(name: str) -> None:
    event = events()[name]
    for field, hint in get_type_hints(event).items():
        if field in CHOICES and field in event.privacy:
            assert all(issubclass(kind, Enum) for kind in _kinds(hint)), f"{name}.{field} is open"


@pytest.mark.parametrize("name", sorted(events()))
def test_no_free_text_leaves(name: str) -> None:
    event = events()[name]
    open_texts = {field for field, hint in get_type_hints(event).items() if str in _kinds(hint)}
    for field in open_texts & event.privacy.keys():
        if event.privacy[field] is Privacy.PUBLIC:
            assert field.endswith("_id") or field in PUBLIC_TEXTS, f"{name}.{field} could hold anything"
        if event.privacy[field] is Privacy.PSEUDONYM:
            assert field in FIELDS, f"{name}.{field} has no kind of pseudonym"


def test_nothing_that_posthog_would_merge_persons_by_is_in_the_product() -> None:
    words = re.compile(
        r"create_alias|merge_dangerously|\$identify|anon_distinct_id|\$groupidentify|\.alias\("
    )
    holding = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if words.search(_code(path.read_text(encoding="utf-8"))) and "testing" not in path.parts
    ]
    assert holding == []


def _kinds(hint: object) -> list[type]:
    return [kind for kind in get_args(hint) or (hint,) if isinstance(kind, type) and kind is not type(None)]


def _code(text: str) -> str:
    """The source without its docstrings, which may say why a thing is not done."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = ""
    return ast.unparse(tree)
