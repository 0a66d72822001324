"""What can happen to telemetry itself, and what it counts at the doors."""

from __future__ import annotations

from enum import StrEnum

from authsome.kit.caller import RequestOutcome, Surface
from authsome.kit.event import Event, Pseudonym, Public, Subject


class ConsentReason(StrEnum):
    """Why a consent window was opened or closed."""

    ENVIRONMENT = "environment"  # the server's settings allow it now, or no longer
    TERMS = "terms"  # pseudonyms, their key or the group changed; sending goes on
    CATALOGUE = "catalogue"  # another version, with other events or fields; sending goes on
    PAST = "past"  # an admin let facts from before leave


class TelemetryConsentChanged(Event):
    """Sending to a sink was allowed from here on, or no longer.

    Fires at the start of a server whose environment decides otherwise than the last one did, or whose terms
    or catalogue are others, and when an admin lets facts from before that leave.
    Healthy: once, when the operator opts in, and once per upgrade that brings events. The one that ends
    consent is itself not sent.
    """

    subject = Subject.SERVER
    audit_only = "says when facts may leave; the telemetry page shows it, and it measures no adoption"
    window_id: Public[str]
    sink: Public[str]
    allowed: Public[bool]
    reason: Public[ConsentReason]
    catalogue_hash: Public[str]
    pseudonyms: Public[bool]
    group: Public[bool]
    previous_window_id: Public[str | None] = None


class RequestsServed(Event):
    """An identity or a principal asked the API, or for pages, `count` times in one hour.

    By one door, with one outcome; `principal_id` is whose the identity was at the time. Counted,
    not recorded one by one: it leaves once the hour has closed, with the hour's last microsecond as its time.
    Which request it was is nowhere kept. Use of the proxy is `credentials_used`. Sum `count`.
    Healthy: nearly all `succeeded`; `failed` is about the server, and `refused` about who asks.
    """

    subject = Subject.ACTOR
    keyed_by = "usage_key"
    usage_key: Pseudonym[str]
    identity_handle: Pseudonym[str | None]
    did: Pseudonym[str | None]
    principal_id: Pseudonym[str | None]
    surface: Public[Surface]
    outcome: Public[RequestOutcome]
    count: Public[int]
