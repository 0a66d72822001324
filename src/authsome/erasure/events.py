"""That somebody was forgotten: the last that is ever said of them.

The subject is the server. A fact under the id of whom it is about would make that id anew where it was
just deleted: PostHog deletes what came before the request, and gives what comes later no person.
"""

from __future__ import annotations

from authsome.erasure.model import ErasedBy
from authsome.kit.event import Event, Pseudonym, Public, Subject


class PrincipalErased(Event):
    """A principal was forgotten, with their identities, connections and sessions; the id is never used again.

    Dashboards leave out whatever names them from then on. Healthy: rare, with people who leave.
    """

    subject = Subject.SERVER
    keyed_by = "principal_id"
    audit_only = "says from when on somebody is left out of every number; it is none itself"
    erasure_id: Public[str]
    principal_id: Pseudonym[str]
    by: Public[ErasedBy]
    identities: Public[int]
    connections: Public[int]


class IdentityErased(Event):
    """An identity was forgotten, alone or with its principal; handle and key are never used again.

    Dashboards leave out whatever names it from then on. Healthy: rare.
    """

    subject = Subject.SERVER
    keyed_by = "identity_handle"
    audit_only = "says from when on an agent is left out of every number; it is none itself"
    erasure_id: Public[str]
    identity_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    by: Public[ErasedBy]
