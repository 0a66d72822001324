"""The request to a token address, written: its headers, and its parameters by oauthlib."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from authsome.connection.oauth.endpoint import ByClient, ByCode, TokenRequest
from authsome.provider.oauth import ClientAuthentication, OAuth


def headers_of(request: TokenRequest, oauth: OAuth) -> dict[str, str]:
    """With the client's SECRET, where the provider wants it here."""
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "authsome",
    }
    client = request.client
    if client.secret is not None and oauth.client_authentication is ClientAuthentication.BASIC:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret.reveal(), safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return headers


def body_of(request: TokenRequest, oauth: OAuth) -> str:
    """SECRET. A client without a secret names itself in it."""
    # Loaded by those who ask, not by every start.
    from oauthlib.oauth2 import BackendApplicationClient, WebApplicationClient

    client, grant = request.client, request.grant
    shown: dict[str, Any] = {"resource": oauth.resource} if oauth.resource else {}  # RFC 8707 §2.2
    in_body = client.secret is None or oauth.client_authentication is ClientAuthentication.BODY
    if in_body and client.secret is not None:
        shown["client_secret"] = client.secret.reveal()
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
