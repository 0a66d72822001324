"""How a dashboard refuses."""

from __future__ import annotations

from authsome.kit.errors import DeniedError, MissingError


class DashboardForAdmins(DeniedError):
    """Numbers about everybody are for admins."""

    code = "dashboard_for_admins"
    hint = "open /analytics/mine for your own agents and connections, or ask an admin of this installation"


class TileMissing(MissingError):
    """The dashboard has no such tile, or the tile has no such table."""

    code = "tile_missing"
    hint = "open the dashboard and follow a link below one of its tiles"
