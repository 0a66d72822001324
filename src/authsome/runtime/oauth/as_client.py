"""A form that shows a token, sent to an authorization server as this installation's client."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from authsome.connection.oauth.client import Credentials
from authsome.kit.secret import Secret
from authsome.provider.oauth import ClientAuthentication, OAuth


@dataclass(frozen=True, slots=True)
class Shown:
    """Headers and body, both SECRET."""

    headers: dict[str, str] = field(repr=False)
    body: str = field(repr=False)


def show_token(oauth: OAuth, client: Credentials, *, token: Secret, kind: str) -> Shown:
    """The form of RFC 7009 §2.1, which RFC 7662 §2.1 has as well; the client proves itself as at the token
    address.
    """
    form = {"token": token.reveal(), "token_type_hint": kind}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if client.secret is not None and oauth.client_authentication is ClientAuthentication.BASIC:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret.reveal(), safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        form["client_id"] = client.client_id
        if client.secret is not None:
            form["client_secret"] = client.secret.reveal()
    return Shown(headers, urlencode(form))
