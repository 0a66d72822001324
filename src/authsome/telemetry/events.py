"""What can happen to telemetry itself."""

from __future__ import annotations

from authsome.kit.event import Event, Public, Subject


class TelemetryConsentChanged(Event):
    """Sending to a sink was allowed from here on, or no longer.

    Fires at the start of a server whose environment decides otherwise than the last one did, and when an
    admin lets facts from before that leave.
    Healthy: once, when the operator opts in. The one that ends consent is itself not sent.
    """

    subject = Subject.SERVER
    audit_only = "says when facts may leave; the telemetry page shows it, and it measures no adoption"
    window_id: Public[str]
    sink: Public[str]
    allowed: Public[bool]
