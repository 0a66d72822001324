"""Metrics as PostHog insights, and a dashboard as PostHog's dashboard template.

- `insights` makes the query nodes of one tile: Trends, Funnels and Retention where they can say it, so that
  people can click through it, and SQL where they cannot;
- `template` puts them on a dashboard in PostHog's template format, for import by hand
  (`dashboards/posthog/*.json`) and for `authsome analytics apply`.
"""

from __future__ import annotations

from authsome.analytics.compile.posthog.insights import DAYS, insights
from authsome.analytics.compile.posthog.template import template

__all__ = ["DAYS", "insights", "template"]
