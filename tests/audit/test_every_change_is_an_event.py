"""Whoever changes the registry says so in an event, and only inside a unit of work."""

from __future__ import annotations

import ast

import grimp

from tests.audit.source import NOUNS, RECORDS, functions, modules, reaches

# Each writes, and leaves the event to whoever calls it. The reason is checked by the store at every commit.
NAMED_BY_THE_CALLER = {
    ("authsome.vault.ensure", "ensure_vault"): "the event of what is put into the vault first names it",
    ("authsome.auth_session.end", "close"): "each of the four ends has an event of its own, recorded before",
    ("authsome.auth_session.depart", "depart"): "quiet: how the session ends is the fact",
    ("authsome.auth_session.come_back", "take_state"): "quiet: what comes of the answer is the fact",
    (
        "authsome.connection.oauth.configure_client",
        "draft_client",
    ): "each way to a client has an event of its own",
    ("authsome.connection.oauth.configure_client", "keep_client"): "which is recorded between these two",
}
SENDING = ("relay.run", "start", "sinks.posthog.send", "sinks.posthog.send_v1", "sinks.file", "sinks.log")
# Functions that may say what happened, and where these live besides the nouns.
MAY_RECORD = (*NOUNS, "store", "telemetry", "analytics")


def test_every_use_case_that_writes_records_an_event() -> None:
    known = functions(*NOUNS)
    writers = {
        name for name, one in known.items() if not name[1].startswith("_") and reaches(one, known, "writes")
    }
    silent = {name for name in writers if not reaches(known[name], known, "records")}
    assert len(writers) > 25, "the audit finds the use cases"
    assert silent == set(NAMED_BY_THE_CALLER)


def test_nothing_is_quiet_but_first_rows_and_the_way_to_a_provider_and_back() -> None:
    quiet = [
        module
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "quiet"
    ]
    on_the_way = ["authsome.auth_session.come_back", "authsome.auth_session.depart"]
    on_the_way += ["authsome.auth_session.oauth.poll", "authsome.auth_session.oauth.show_code"]
    assert quiet == [*on_the_way, *["authsome.store.open"] * 2]


def test_an_event_is_recorded_by_a_unit_of_work_and_by_nothing_else() -> None:
    elsewhere = [
        f"{module}: {ast.unparse(node)[:60]}"
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in RECORDS
        and ast.unparse(node.func.value) != "work"
        and not module.startswith("authsome.testing.")
    ]
    assert elsewhere == []
    outside = {module for module, _ in modules() if module.split(".")[1] not in (*MAY_RECORD, "testing")}
    recorders = {
        module
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in RECORDS
    }
    assert recorders & outside == set()


def test_only_the_store_puts_rows_into_the_log() -> None:
    writers = {
        module
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "insert"
        and node.args
        and ast.unparse(node.args[0]) in ("event_log", "log.event_log")
    }
    assert {module for module in writers if not module.startswith("authsome.store.")} == set()


def test_no_route_reaches_what_sends() -> None:
    graph = grimp.build_graph("authsome")
    routes = {module for module in graph.modules if module.startswith("authsome.server.routes")}
    assert len(routes) > 20
    reached = {
        name: chain
        for name in SENDING
        for route in routes
        if (chain := graph.find_shortest_chain(importer=route, imported=f"authsome.telemetry.{name}"))
    }
    assert reached == {}
