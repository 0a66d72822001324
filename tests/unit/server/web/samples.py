"""Every page with believable values, in each of its states: for the tests, and for looking at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from authsome.server.web import pages as p
from tests.unit.server.web.sample_agents import registry
from tests.unit.server.web.sample_authorizing import by_address, going_there
from tests.unit.server.web.sample_claiming import deciding, letting_in
from tests.unit.server.web.sample_connections import connections
from tests.unit.server.web.sample_dashboard import dashboards
from tests.unit.server.web.sample_entry import entry, problems
from tests.unit.server.web.sample_frames import ADMIN, MEMBER, Sample, ago
from tests.unit.server.web.sample_granting import granting
from tests.unit.server.web.sample_people import erasing, people
from tests.unit.server.web.sample_providers import providers
from tests.unit.server.web.sample_telemetry import busy_page, quiet_page


def samples() -> Iterator[Sample]:
    """Name, page and frame of each. Names are file names."""
    yield from entry()
    yield from problems()
    yield from deciding()
    yield from letting_in()
    yield from going_there(MEMBER)
    yield from by_address(ADMIN)
    yield from registry()
    yield from granting(MEMBER)
    yield from providers(MEMBER)
    yield from connections(MEMBER)
    yield from people()
    yield from measures()
    yield from erasing()
    yield from the_past()


def the_past() -> Iterator[Sample]:
    past = p.ExportPastPage(
        form=p.Form(action="/telemetry/export-past"),
        since="2026-01-31",
        facts=1_204,
        host="https://eu.i.posthog.com",
    )
    repair = p.RepairPage(
        form=p.Form(action="/analytics/repair"),
        is_backfill=False,
        since="2026-01-31",
        compared_at=ago(1),
        missing=3,
        stale=12,
        lost=204,
        left=1,
        host="https://eu.i.posthog.com",
    )
    yield "repair", repair, ADMIN
    yield "repair-backfill", replace(repair, is_backfill=True, since=""), ADMIN
    yield "repair-begun", replace(repair, is_begun=True), ADMIN
    yield "repair-not-compared", replace(repair, compared_at=None), ADMIN
    yield "export-past", past, ADMIN
    yield "export-past-done", replace(past, is_done=True), ADMIN


def measures() -> Iterator[Sample]:
    for name, page in dashboards():
        yield name, page, MEMBER if page.is_own else ADMIN
    guide = "https://example.org/docs/guides/telemetry.md"
    yield "telemetry-local", quiet_page(guide), ADMIN
    yield "telemetry-on", busy_page(guide), ADMIN
