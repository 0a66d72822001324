"""By which ways a provider can be connected."""

from __future__ import annotations

from authsome.connection.errors import FlowUnavailable
from authsome.connection.model import Flow
from authsome.provider.model import Provider


def flows_of(provider: Provider) -> tuple[Flow, ...]:
    """The one that needs no admin first."""
    oauth = provider.oauth
    flows = (
        (Flow.API_KEY, provider.inject),
        (Flow.AUTHORIZATION_CODE, oauth and oauth.authorization_url),
        (Flow.DEVICE_CODE, oauth and oauth.device_authorization_url),
        (Flow.CLIENT_CREDENTIALS, oauth and oauth.client_credentials),
    )
    return tuple(flow for flow, offered in flows if offered)


def choose_flow(provider: Provider, wanted: Flow | None) -> Flow:
    """The wanted one, else the provider's first. Raises `FlowUnavailable`."""
    flows = flows_of(provider)
    if not flows or (wanted is not None and wanted not in flows):
        names = ", ".join(flow.value for flow in flows) or "no way of this version's"
        raise FlowUnavailable(f"{provider.display_name} can be connected by {names} only")
    return wanted or flows[0]
