"""Which metrics stand together, and in which order.

`DASHBOARDS` are for admins, here and in PostHog. `MINE` is for each principal, over what is theirs, and
stays here: PostHog does not know who looks.

To add a dashboard: a module with a `DashboardPlan`, listed in `DASHBOARDS`; `make docs` writes the rest.
"""

from __future__ import annotations

from authsome.analytics.dashboards.adoption import ADOPTION
from authsome.analytics.dashboards.mine import MINE
from authsome.analytics.dashboards.reliability import RELIABILITY

DASHBOARDS = (ADOPTION, RELIABILITY)

__all__ = ["ADOPTION", "DASHBOARDS", "MINE", "RELIABILITY"]
