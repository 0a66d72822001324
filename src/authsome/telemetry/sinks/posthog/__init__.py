"""PostHog, by its capture endpoint `POST /batch/` (v0).

Its own SDK is not used: the queue of that lives in memory, drops when full and cannot be acknowledged
(with a hanging host every event was lost at exit). Here the relay posts and moves its cursor on the answer.

`payload` makes and checks the events' wire form, `send` posts them and says what the answer means. `send` is
imported only where something is sent: its HTTP library is a tenth of a server's start.
"""

from __future__ import annotations

NAME = "posthog"
