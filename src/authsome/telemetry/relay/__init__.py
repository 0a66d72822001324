"""The relay: moves one sink's cursor along the event log.

A fact is done when the sink answered for it, and only then the cursor passes it; so nothing is lost when
the process dies, and what is sent twice is the same twice. One relay at a time works for a sink (a lease),
however many servers there are; the cursor moves by compare-and-swap, should two ever overlap.

`run` is the loop, `deliver` the reaction to answers (halving, dead letters), `pace` how long it waits for
what, `notes` what it leaves beside its cursor, `status` the view of all this for people.
"""

from __future__ import annotations

from authsome.telemetry.relay.pace import Pace
from authsome.telemetry.relay.run import Relay
from authsome.telemetry.relay.status import RelayStatus, read_status

__all__ = ["Pace", "Relay", "RelayStatus", "read_status"]
