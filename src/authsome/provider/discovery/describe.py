"""The definition that a discovery leads to, in the form of a file."""

from __future__ import annotations

import re

from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.walk import Discovered
from authsome.provider.errors import DefinitionInvalid, DiscoveryFailed
from authsome.provider.model import Provider
from authsome.provider.oauth import MOST_SCOPES, ClientAuthentication
from authsome.provider.validate import check_name, read_definition

# Asked for where it is offered, or servers of the OpenID kind give no refresh token.
OFFLINE = "offline_access"
_SCOPE = re.compile(r"[!#-\[\]-~]{1,200}")  # RFC 6749 §3.3


def describe(found: Discovered, *, name: str, method: str) -> Provider:
    """The provider `name`, whose client shows its secret by `method`. Its display name is its host: what a
    server calls itself could be anybody's name.

    Raises `DiscoveryFailed` where what was found makes no definition, and `DefinitionInvalid` for the name.
    """
    check_name(name)
    oauth = {
        **found.server.endpoints,
        "scopes": scopes_of(found),
        "issuer": found.server.issuer,
        "issuer_in_answer": found.server.names_itself,
        "client_authentication": authentication(method).value,
        "resource": found.resource.name,
    }
    place = str(found.address.place)
    try:
        return read_definition({"name": name, "display_name": place[:64], "hosts": [place], "oauth": oauth})
    except DefinitionInvalid as error:
        raise DiscoveryFailed(DiscoveryFailure.MALFORMED, error.detail) from None


def authentication(method: str) -> ClientAuthentication:
    """RFC 7591's name for it, as a definition has it. A client without a secret shows none by either."""
    in_body = method == "client_secret_post"
    return ClientAuthentication.BODY if in_body else ClientAuthentication.BASIC


def scopes_of(found: Discovered) -> list[str]:
    """What the API's refusal asked for, else what its document lists, as MCP has it; never all that the
    authorization server knows, which may be much more.
    """
    wanted = [one for one in found.wanted or found.resource.scopes if _SCOPE.fullmatch(one)]
    if OFFLINE in found.server.scopes:
        wanted.append(OFFLINE)
    return list(dict.fromkeys(wanted))[:MOST_SCOPES]
