"""The files that are made from the definitions: the page about the metrics, the dashboards for PostHog."""

from __future__ import annotations

import json
from collections.abc import Iterator

from authsome.analytics.compile.posthog import template
from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.metric import Metric
from authsome.analytics.metrics import METRICS

PAGE = "docs/reference/metrics.md"
HEAD = """\
# Metrics

Each number is defined once, in `src/authsome/analytics/metrics.py`. The page `/analytics`, the command
`authsome analytics show`, `GET /api/analytics/…`, the PostHog dashboards in `dashboards/posthog/` and this
page (`make docs`) are made from these definitions.

Days are whole days in the installation's time zone (`AUTHSOME_TIME_ZONE`, by default UTC); in PostHog, in
the project's. Distinct values are counted, so nothing that arrives twice counts twice.
"""


def files() -> dict[str, str]:
    """Every generated file, by its path from the repository's root."""
    dashboards = {
        f"dashboards/posthog/{plan.name}.json": json.dumps(template(plan), indent=2, ensure_ascii=False)
        + "\n"
        for plan in DASHBOARDS
    }
    return {PAGE: "\n".join(_page()), **dashboards}


def _page() -> Iterator[str]:
    yield HEAD
    for plan in DASHBOARDS:
        shown = ", ".join(f"[{m.title}](#{_anchor(m.title)})" for tile in plan.tiles for m in tile.metrics)
        yield f"**{plan.title}.** {plan.description} Shows: {shown}.\n"
    for metric in METRICS:
        yield from _metric(metric)


def _metric(metric: Metric) -> Iterator[str]:
    yield f"## {metric.title}\n"
    yield f"*{metric.question}*\n"
    yield f"{metric.definition}\n"
    yield f"**Healthy:** {metric.healthy}\n"
    yield "| | |\n|---|---|"
    yield f"| name | `{metric.name}` |"
    yield f"| unit | {metric.unit} |"
    yield f"| counted | distinct `{metric.counted}` |"
    lines = ", ".join(f"`{line.event.name}` ({line.title.lower()})" for line in metric.lines)
    yield f"| events | {lines} |"
    if metric.by:
        yield f"| by | {', '.join(metric.by)} |"
    yield ""


def _anchor(title: str) -> str:
    """The id that a heading gets where Markdown is shown."""
    return title.lower().replace(" ", "-")
