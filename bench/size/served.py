"""A real server on an installation that has grown, and an admin who looks at its pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from authsome.analytics.dashboards import DASHBOARDS
from authsome.client.address import read_address
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import load_key
from authsome.kit.errors import Kind
from authsome.store.database import SQLITE_FILES
from authsome.testing.journey import Journey
from authsome.testing.stage import Stage
from bench.processes import peak_mb
from bench.servers import WIDE, Target

PAGES = {"adoption": "/analytics/adoption", "reliability": "/analytics/reliability"}  # in a browser
WAIT_SECONDS = 3 * 3_600.0


class Served:
    """The server, seen by its admin: pages in a browser, numbers in a terminal."""

    def __init__(self, journey: Journey, target: Target) -> None:
        self._journey = journey
        self._client = self._terminal()
        self.target = target

    def _ask(self, act: Callable[[Client], Any]) -> Any:
        """As the admin at their terminal, who signs in again when its hour is over."""
        try:
            return act(self._client)
        except ClientError as error:
            if error.kind is not Kind.UNAUTHENTICATED:
                raise
        self._journey.sign_in()
        self._client = self._terminal()  # each sign-in makes a key
        return act(self._client)

    def _terminal(self) -> Client:
        return Client(read_address(self._journey.base_url), load_key(self._journey.stage.home / "terminal"))

    def look(self, days: int) -> dict[str, Callable[[], object]]:
        """Everything that shows a dashboard, by what it is called."""
        pages = {f"page {name}": partial(self.page, name, days) for name in PAGES}
        return pages | {
            f"numbers of {plan.name}": partial(self.numbers, plan.name, days) for plan in DASHBOARDS
        }

    def page(self, name: str, days: int) -> None:
        self._journey.person.open(f"{PAGES[name]}?days={days}")

    def numbers(self, name: str, days: int) -> dict[str, Any]:
        return dict(self._ask(lambda client: client.get(f"/analytics/{name}", {"days": str(days)})))

    def settle(self) -> None:
        """Wait until every fact is counted."""
        _until(lambda: self.numbers("adoption", 1)["lag"] == 0)

    def begin_rebuild(self) -> None:
        self._ask(lambda client: client.post("/analytics/rebuild"))

    @property
    def last_rebuild(self) -> dict[str, Any]:
        return dict(self._ask(lambda client: client.get("/analytics/rebuild"))["last"])

    def wait_for_progress(self) -> None:
        """Wait until the rebuild that was begun has folded something."""
        _until(lambda: self.last_rebuild["folded"] > 0)

    def wait_for_end(self) -> None:
        _until(lambda: not self.last_rebuild["under_way"])

    def rebuild(self) -> float:
        """Seconds from the question to the end."""
        began = time.perf_counter()
        self.begin_rebuild()
        self.wait_for_end()
        return time.perf_counter() - began

    @property
    def peak_mb(self) -> float:
        return peak_mb(self.target.pid)


@contextmanager
def served(home: Path) -> Iterator[Served]:
    """Started on what lies in `home`, until the block ends."""
    stage = Stage(home, AUTHSOME_PORT="0", AUTHSOME_PROXY_PORT="0", AUTHSOME_TELEMETRY="local")
    stage.environment |= WIDE
    journey = Journey(stage, email="ada@bench.invalid", password="bench-" + "x" * 12)
    try:
        journey.begin()
        journey.sign_in()
        up = stage.ask("up")
        registry = f"sqlite:///{home / 'server' / SQLITE_FILES[0]}"
        authority = urlsplit(journey.base_url).netloc
        yield Served(journey, Target(int(up["pid"]), int(up["port"]), authority, registry))
    finally:
        journey.end()


def _until(is_done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_done():
        if time.monotonic() > deadline:
            raise TimeoutError("it does not come to an end")
        time.sleep(0.5)


def milliseconds(ask: Callable[[], object], times: int) -> tuple[float, float]:
    """p50 and p95 of so many, after one that nobody counts."""
    ask()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1e3)
    return median(taken), quantiles(taken, n=20)[-1] if times > 1 else taken[0]
