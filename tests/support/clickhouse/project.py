"""A PostHog project: what was sent to it, its zone and week, and the moment at which somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from authsome.telemetry.sink import Outgoing
from tests.support.clickhouse import funnels, retention, trends
from tests.support.clickhouse.asked import only
from tests.support.clickhouse.dates import filters
from tests.support.clickhouse.engine import Answer, Engine
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.select import to_clickhouse
from tests.support.clickhouse.stored import definitions, of_another_project, stored
from tests.support.hogql import parse

Json = dict[str, Any]


@dataclass(frozen=True)
class Project:
    """What is in the engine now, seen at one moment."""

    engine: Engine
    setting: Setting

    @classmethod
    def filled(
        cls,
        engine: Engine,
        requests: Sequence[Sequence[Outgoing]],
        setting: Setting,
        *,
        merged: bool = False,
        defined: bool = True,
    ) -> Project:
        """The project after these requests, which may say the same again.

        Duplicates are left as they are, unless `merged`. `defined` is whether PostHog has come to giving the
        properties their types.
        """
        blocks = stored(requests, at=setting.now)
        engine.empty()
        for block in blocks:
            engine.insert(block)
            engine.insert(of_another_project(block))
        if merged:
            engine.merge()
        return cls(engine, replace(setting, types=definitions(blocks) if defined else {}))

    def run(self, query: str, dates: Json | None = None) -> Answer:
        """The answer to a HogQL query; `dates` is the range that `{filters}` stands for."""
        setting = replace(self.setting, filters=filters(dates, self.setting))
        return self.engine.ask(to_clickhouse(parse(query), setting))

    def table(self, insight: Json) -> Answer:
        """The answer of an insight in SQL."""
        source = only(_source(insight, "HogQLQuery"), {"kind", "query", "filters"})
        asked = only(source.get("filters") or {}, {"dateRange"})
        return self.run(source["query"], asked.get("dateRange"))

    def trends(self, insight: Json) -> list[trends.Series]:
        return trends.answer(_source(insight, "TrendsQuery"), self.setting, self._rows)

    def funnel(self, insight: Json) -> list[funnels.Step]:
        return funnels.answer(_source(insight, "FunnelsQuery"), self.setting, self._rows)

    def retention(self, insight: Json) -> list[retention.Cohort]:
        return retention.answer(_source(insight, "RetentionQuery"), self.setting, self._rows)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.run(query).rows


def _source(insight: Json, kind: str) -> Json:
    outer = "DataVisualizationNode" if kind == "HogQLQuery" else "InsightVizNode"
    source: Json = insight["source"]
    if (insight["kind"], source["kind"]) != (outer, kind):
        raise HogqlRefused(f"{source['kind']} in {insight['kind']}, not {kind} in {outer}")
    return source
