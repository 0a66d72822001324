"""What stands in place of a chart that has nothing to draw: why, and the command that changes it."""

from __future__ import annotations

from authsome.analytics.answers import TileAnswer
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.pages.frame import Empty

NO_REQUESTS = Empty(
    text="No request is counted here in this time. They are counted when their hour is over. Run something "
    "behind the gateway.",
    commands=("authsome run -- python agent.py",),
)
NO_CONNECTION = Empty(
    text="No provider was connected in this time. See which there are, and connect one.",
    commands=("authsome providers", "authsome login openai"),
)
BY_UNIT = {
    "principals": Empty(
        text="Nobody is counted in this time. Open the set-up link that the server printed at its first "
        "start, then invite others from the principals page.",
        commands=("authsome up",),
    ),
    "identities": Empty(
        text="No agent is counted in this time. On the machine where an agent works, make its key; then "
        "claim it with the code that the command prints.",
        commands=("authsome onboard",),
    ),
    "connections": NO_CONNECTION,
    "requests": NO_REQUESTS,
    "refusals": Empty(text="The gateway refused nothing in this time. That is how it should be."),
    "facts": Empty(
        text="Nothing is sent anywhere: facts stay in this installation.",
        commands=("authsome telemetry status",),
    ),
}
BY_DIMENSION = {
    "flow": Empty(
        text="No auth session ended in this time. Connect a provider, and the session is counted here.",
        commands=("authsome login openai",),
    ),
}
BY_KEY = {
    "refreshes": Empty(
        text="No connection needed a new token in this time. API keys do not run out; connections made by a "
        "provider's own page do.",
        commands=("authsome login google",),
    ),
    "reconnections": Empty(
        text="No connection stopped working in this time. That is how it should be.",
    ),
}
FILTERED = "Nothing here matches the filters in this time. Clear them, or choose a longer time."


def nothing(tile: TileAnswer, scene: Scene) -> Empty:
    """The words for the tile: its own, or of its unit, or of what its share can be taken apart by."""
    if scene.filtered and not tile.ignores:
        return Empty(text=FILTERED)
    if tile.key in BY_KEY:
        return BY_KEY[tile.key]
    by = next((BY_DIMENSION[one] for one in tile.by if one in BY_DIMENSION), None)
    return by or BY_UNIT.get(tile.unit, NO_REQUESTS)
