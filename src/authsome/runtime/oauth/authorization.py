"""The address that a person is sent to (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2.1)."""

from __future__ import annotations

from authsome.auth_session.depart import Departure
from authsome.auth_session.errors import AuthSessionGone


def authorization_url(departure: Departure, *, redirect_uri: str) -> str:
    """With everything that the answer is held against."""
    from oauthlib.oauth2 import WebApplicationClient  # loaded when somebody connects, not at every start

    oauth = departure.provider.oauth
    if oauth is None or oauth.authorization_url is None:
        raise AuthSessionGone
    return str(
        WebApplicationClient(departure.client_id).prepare_request_uri(
            oauth.authorization_url,
            redirect_uri=redirect_uri,
            scope=list(departure.session.scopes) or None,
            state=departure.state.reveal(),
            code_challenge=departure.challenge,
            code_challenge_method="S256",
            **({"nonce": departure.nonce} if departure.nonce else {}),
            **({"resource": oauth.resource} if oauth.resource else {}),
            **dict(oauth.authorization_parameters),
        )
    )
