"""The client of an authorization server: registered there, or described by a document at its own address."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

# The document at an address: status, type and body of the answer, redirects not followed.
Fetch = Callable[[str], tuple[int, str, bytes]]
LONGEST = 5 * 1024
_SHARED = ("client_secret_post", "client_secret_basic", "client_secret_jwt")


class Unredirectable(Exception):
    """The request is not known to come from the client, so nobody is sent anywhere (RFC 6749 §4.1.2.1)."""


@dataclass
class Client:
    """A registered client. Without a secret it is a public one."""

    client_id: str
    secret: str | None
    redirect_uri: str
    method: str | None = None  # the one way in which it may show its secret, where that was agreed upon


def fetch_client(client_id: str, redirect_uri: str | None, fetch: Fetch) -> Client:
    """What the document at `client_id` says, as strictly as draft-ietf-oauth-client-id-metadata-document has
    it (§3 and §4). Raises `Unredirectable`.
    """
    parts = urlsplit(client_id)
    steps = set(parts.path.split("/"))
    if parts.scheme != "https" or not parts.path or parts.fragment or "@" in parts.netloc:
        raise Unredirectable("a client's address is https, with a path, and nothing else")
    if steps & {".", ".."}:
        raise Unredirectable("a client's address does not lead back")
    status, kind, body = fetch(client_id)
    if status != 200 or kind.partition(";")[0] != "application/json" or len(body) > LONGEST:
        raise Unredirectable("no document lies at the client's address")
    said = json.loads(body)
    if said.get("client_id") != client_id:
        raise Unredirectable("the document is about another client")
    if "client_secret" in said or said.get("token_endpoint_auth_method", _SHARED[1]) in _SHARED:
        raise Unredirectable("there is no secret to share with a document")
    if redirect_uri not in said.get("redirect_uris", ()):
        raise Unredirectable("the redirect address is not one of the document's")
    return Client(client_id, None, str(redirect_uri), said["token_endpoint_auth_method"])
