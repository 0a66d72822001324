"""Ask analytics for what an address chose."""

from __future__ import annotations

from authsome.analytics.answers import DashboardAnswer
from authsome.analytics.reader import Reader
from authsome.server.web.dashboards.choices import Choices

MINE = "mine"


async def ask(reader: Reader, choices: Choices, *, principal_id: str) -> DashboardAnswer:
    """The dashboard; where it is one's own, that of this principal."""
    asked = choices.asked(reader.today())
    if choices.dashboard == MINE:
        return await reader.answer_mine(principal_id, asked)
    return await reader.answer(choices.dashboard, asked)
