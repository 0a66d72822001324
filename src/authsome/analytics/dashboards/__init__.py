"""Which metrics stand together, and in which order.

To add a dashboard: a module with a `Dashboard`, listed in `DASHBOARDS`; `make docs` writes its PostHog form.
"""

from __future__ import annotations

from authsome.analytics.dashboards.adoption import ADOPTION

DASHBOARDS = (ADOPTION,)

__all__ = ["ADOPTION", "DASHBOARDS"]
