"""PostHog, by its capture endpoint `POST /batch/` (v0), or by the newer one with an answer per event (v1).

Its own SDK is not used: the queue of that lives in memory, drops when full and cannot be acknowledged
(with a hanging host every event was lost at exit). Here the relay posts and moves its cursor on the answer.

`payload` makes and checks the events' wire form, `payload_v1` that of the newer endpoint; `send` and
`send_v1` post them, `answer` and `results` say what came back means. The two that post are imported only
where something is sent: their HTTP library is a tenth of a server's start.
"""

from __future__ import annotations

NAME = "posthog"
