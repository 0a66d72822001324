"""A dashboard in PostHog's template format, which can be imported by hand."""

from __future__ import annotations

from collections.abc import Iterator

from authsome.analytics.compile.posthog.insights import insights
from authsome.analytics.compile.posthog.nodes import Json
from authsome.analytics.dashboards.dashboard import DashboardPlan

COLUMNS, WIDTH, HEIGHT = 2, 6, 6  # of PostHog's grid, which is twelve wide
INTRO = """\
**{title}**, by Authsome. {description}

Days are those of this project's time zone; set it to the one of the installation and both show the same \
numbers. Weeks begin on Monday; for cohorts of agents PostHog takes the project's own first day of the week, \
so set that to Monday too. Distinct ids are counted, so an event that arrives twice counts once. What each \
number means: docs/reference/metrics.md in Authsome's repository, from which this dashboard is generated.\
"""


def template(plan: DashboardPlan) -> Json:
    """The dashboard in PostHog's template format. Tiles carry their own time, so the filters are empty."""
    intro = {
        "type": "TEXT",
        "body": INTRO.format(title=plan.title, description=plan.description),
        "color": None,
        "layouts": _layouts(x=0, y=0, w=2 * WIDTH, h=2, at=0),
    }
    return {
        "template_name": plan.title,
        "dashboard_description": plan.description,
        "dashboard_filters": {},
        "tags": ["authsome"],
        "variables": [],
        "tiles": [intro, *_tiles(plan)],
    }


def _tiles(plan: DashboardPlan) -> Iterator[Json]:
    found = [(tile, insight) for tile in plan.tiles for insight in insights(tile)]
    for number, (tile, insight) in enumerate(found):
        y, x = divmod(number, COLUMNS)
        yield {
            "type": "INSIGHT",
            "name": insight.title,
            "description": f"{tile.metric.question} {tile.metric.definition}",
            "query": insight.query,
            "color": None,
            "layouts": _layouts(x=x * WIDTH, y=2 + y * HEIGHT, w=WIDTH, h=HEIGHT, at=2 + number * HEIGHT),
        }


def _layouts(*, x: int, y: int, w: int, h: int, at: int) -> Json:
    """Where it stands on a wide screen, and `at` which height in the one column of a narrow one."""
    return {
        "sm": {"x": x, "y": y, "w": w, "h": h, "minW": 3, "minH": 2},
        "xs": {"x": 0, "y": at, "w": 1, "h": h, "minW": 1, "minH": 2},
    }
