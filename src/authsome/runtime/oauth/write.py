"""The request to a token address, written: its headers, and its parameters by oauthlib."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote, urlencode

from authsome.connection.oauth.client import Credentials
from authsome.connection.oauth.device import DeviceRequest
from authsome.connection.oauth.endpoint import ByClient, ByCode, ByDeviceCode, TokenRequest
from authsome.provider.oauth import ClientAuthentication, OAuth


def headers_of(client: Credentials, oauth: OAuth) -> dict[str, str]:
    """With the client's SECRET, where the provider wants it here."""
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "authsome",
    }
    if client.secret is not None and oauth.client_authentication is ClientAuthentication.BASIC:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret.reveal(), safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return headers


def device_body_of(request: DeviceRequest, oauth: OAuth) -> str:
    """RFC 8628 §3.1; oauthlib would put it into the address. The client names itself in any case."""
    client = request.client
    said = {"client_id": client.client_id}
    if client.secret is not None and oauth.client_authentication is ClientAuthentication.BODY:
        said["client_secret"] = client.secret.reveal()
    if request.scopes:
        said["scope"] = " ".join(request.scopes)
    if oauth.resource:
        said["resource"] = oauth.resource
    return urlencode(said)


def body_of(request: TokenRequest, oauth: OAuth) -> str:
    """SECRET. A client without a secret names itself in it."""
    # Loaded by those who ask, not by every start.
    from oauthlib.oauth2 import BackendApplicationClient, DeviceClient, WebApplicationClient

    client, grant = request.client, request.grant
    shown: dict[str, Any] = {"resource": oauth.resource} if oauth.resource else {}  # RFC 8707 §2.2
    in_body = client.secret is None or oauth.client_authentication is ClientAuthentication.BODY
    if in_body and client.secret is not None:
        shown["client_secret"] = client.secret.reveal()
    if isinstance(grant, ByDeviceCode):
        device = DeviceClient(client.client_id)
        return str(device.prepare_request_body(grant.code.reveal(), include_client_id=in_body, **shown))
    if isinstance(grant, ByClient):
        alone = BackendApplicationClient(client.client_id)
        return str(
            alone.prepare_request_body(scope=list(grant.scopes) or None, include_client_id=in_body, **shown)
        )
    writer = WebApplicationClient(client.client_id)
    if isinstance(grant, ByCode):
        body = writer.prepare_request_body(
            code=grant.code.reveal(),
            redirect_uri=grant.redirect_uri,
            code_verifier=grant.verifier.reveal(),
            include_client_id=in_body,
            **shown,
        )
    else:
        if in_body:
            shown["client_id"] = client.client_id
        body = writer.prepare_refresh_body(refresh_token=grant.token.reveal(), **shown)
    return str(body)
