"""The files that are made from the definitions: the page about the metrics, the dashboards for PostHog."""

from __future__ import annotations

import json
from collections.abc import Iterator

from authsome.analytics.compile.posthog import template
from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.metric import (
    Active,
    Activity,
    Counted,
    Distinct,
    Funnel,
    Lanes,
    Line,
    Metric,
    Retention,
    Summed,
)
from authsome.analytics.metrics import METRICS

PAGE = "docs/reference/metrics.md"
HEAD = """\
# Metrics

Each number is defined once, in `src/authsome/analytics/metrics/`. The page `/analytics`, the command
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
    yield f"| kind | {metric.kind} |"
    yield from (f"| {name} | {text} |" for name, text in _form(metric))
    yield ""


def _form(metric: Metric) -> Iterator[tuple[str, str]]:
    """What its form says of it."""
    match metric:
        case Counted():
            yield "counted", _counted(metric)
            yield "lines", ", ".join(map(_line, metric.lines))
            if metric.by:
                yield "by", ", ".join(metric.by)
        case Active():
            yield "counted", f"distinct `{metric.activity.field}`"
            yield "active by", _signs(metric.activity)
        case Funnel():
            yield "counted", f"distinct `{metric.counted}`, by the first of each"
            yield "steps", " → ".join(map(_line, metric.steps))
            yield "within", f"{metric.within.days} days"
        case Retention():
            began = f"the {metric.bucket} of the first `{metric.began.name}`"
            yield "cohorts", f"distinct `{metric.activity.field}` by {began}"
            yield "active by", _signs(metric.activity)
        case Lanes():
            yield "not in PostHog", str(metric.here_only)


def _counted(metric: Counted) -> str:
    match metric.counted:
        case Distinct(field):
            return f"distinct `{field}`"
        case Summed(field):
            return f"sum of `{field}`"
        case _:
            return "facts, each once"


def _line(line: Line) -> str:
    where = f" with {line.where[0]} `{line.where[1]}`" if line.where else ""
    less = "".join(f" less `{event.name}`" for event in line.less)
    return f"`{line.event.name}`{where}{less} ({line.title.lower()})"


def _signs(activity: Activity) -> str:
    return ", ".join(
        f"`{sign.event.name}`" + (f" with outcome `{sign.outcome}`" if sign.outcome else "")
        for sign in activity.signs
    )


def _anchor(title: str) -> str:
    """The id that a heading gets where Markdown is shown."""
    return title.lower().replace(" ", "-")
