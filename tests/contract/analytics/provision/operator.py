"""An operator with a personal key, who types `plan`, `apply` and `destroy`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx

from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.provision.aims import away, towards
from authsome.analytics.provision.bring_about import Aim, Outcome, bring_about, what_would_change
from authsome.analytics.provision.connect import open_project
from authsome.analytics.provision.look import hold_time_zone
from authsome.analytics.provision.project import Project
from authsome.analytics.provision.wanted import Wanted, everything_wanted
from authsome.kit.secret import Secret
from authsome.telemetry.sinks.posthog.private.access import Access
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID

Json = dict[str, Any]
WRITING = ("POST", "PATCH", "PUT", "DELETE")
QUERY = {
    "kind": "InsightVizNode",
    "source": {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "event": "theirs"}]},
}


class Operator:
    """`told` is every line they read, `waited` each pause in seconds, during which the clock goes on."""

    def __init__(self, posthog: PostHogSimulator, clock: SimulatedClock) -> None:
        self.posthog, self.clock = posthog, clock
        self.time_zone = "UTC"
        self.client = httpx.Client(base_url=posthog.url, headers={"Authorization": f"Bearer {PERSONAL_KEY}"})
        self.told: list[str] = []
        self.waited: list[float] = []

    async def plan(self, wanted: Wanted | None = None, *, old_names: bool = False) -> list[str]:
        """The lines of what would change."""
        outcome = await self._within(lambda project: self._look(project, wanted, old_names))
        return [change.line for change in outcome.changes]

    async def apply(self, wanted: Wanted | None = None, *, old_names: bool = False) -> Outcome:
        async def work(project: Project) -> Outcome:
            return await bring_about(project, await self._aim(project, wanted, old_names))

        return await self._within(work)

    async def destroy(self) -> Outcome:
        return await self._within(lambda project: bring_about(project, away(project)))

    async def _look(self, project: Project, wanted: Wanted | None, old_names: bool) -> Outcome:
        return await what_would_change(await self._aim(project, wanted, old_names))

    async def _aim(self, project: Project, wanted: Wanted | None, old_names: bool) -> Aim:
        await hold_time_zone(project, self.time_zone)
        return towards(project, wanted or everything_wanted(DASHBOARDS, with_old_names=old_names))

    async def _within(self, work: Callable[[Project], Awaitable[Outcome]]) -> Outcome:
        access = Access(host=self.posthog.url, project_id=PROJECT_ID, key=Secret(PERSONAL_KEY))
        async with open_project(access, self.clock, wait=self._wait, tell=self.told.append) as project:
            return await work(project)

    async def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.advance(timedelta(seconds=seconds))

    def by_hand(self, method: str, path: str, document: Json | None = None) -> Json:
        """What somebody does in PostHog's own pages."""
        answer = self.client.request(method, f"/api/projects/{PROJECT_ID}/{path}/", json=document)
        assert answer.status_code < 300, answer.text
        made: Json = answer.json()
        return made

    def capture(self, event: str, **properties: Any) -> None:
        one = {"event": event, "distinct_id": "prn_1", "properties": properties}
        sent = self.client.post("/batch/", json={"api_key": self.posthog.key, "batch": [one]})
        assert sent.status_code == 200

    @property
    def dashboards(self) -> list[Json]:
        """Every dashboard there is, whoever made it, with its tiles."""
        listed = self.by_hand("GET", "dashboards")["results"]
        return [self.by_hand("GET", f"dashboards/{one['id']}") for one in listed]

    @property
    def insights(self) -> list[Json]:
        """The names and ids of every insight there is, the oldest first."""
        made = self.posthog.private.kept.insights
        return [{"id": one.id, **one.fields} for one in made.values() if not one.deleted]

    @property
    def writes(self) -> int:
        """How many calls so far could have changed something."""
        return sum(
            request.method in WRITING and request.path.startswith("/api/")
            for request in self.posthog.requests
        )
