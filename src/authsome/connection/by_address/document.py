"""This installation as a client whose id is the address of a document that says who it is
(draft-ietf-oauth-client-id-metadata-document): no secret, nothing to register, nothing to forget.
"""

from __future__ import annotations

from typing import Any

from authsome.connection.oauth.client import CALLBACK

PATH = "/oauth/client.json"
NAME = "Authsome"
GRANTS = ("authorization_code", "refresh_token")


def client_document(base_url: str) -> dict[str, Any]:
    """The document at `client_id_of(base_url)`. Nothing in it is secret, and nothing says who is asking."""
    return {
        "client_id": client_id_of(base_url),
        "client_name": NAME,
        "client_uri": base_url,
        "redirect_uris": [base_url + CALLBACK],
        "grant_types": list(GRANTS),
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }


def client_id_of(base_url: str) -> str:
    """The client's id, which is where the document lies."""
    return base_url + PATH
