"""Why an address does not become a provider. Closed, so that it can be counted and says nothing personal."""

from __future__ import annotations

from enum import StrEnum


class DiscoveryFailure(StrEnum):
    """What was wrong with an answer, or that there was none."""

    UNREACHABLE = "unreachable"  # no connection, or none in time: name, network, certificate
    ADDRESS_REFUSED = "address_refused"  # it lies on a private network, and no admin has listed it
    SERVER_FAILED = "server_failed"  # it answered that it cannot now: 5xx, 429
    REDIRECTED = "redirected"  # it answered that the document lies elsewhere
    TOO_LONG = "too_long"
    MALFORMED = "malformed"  # not JSON, or not the JSON that the RFC describes
    RESOURCE_SILENT = "resource_silent"  # the API says nothing of who guards it
    RESOURCE_MISMATCH = "resource_mismatch"  # its document is about another address (RFC 9728 §3.3)
    SERVER_SILENT = "server_silent"  # the authorization server says nothing of itself
    ISSUER_MISMATCH = "issuer_mismatch"  # its document is about another server (RFC 8414 §3.3)
    ENDPOINT_REFUSED = "endpoint_refused"  # an address in it that is not https, or not public
    PKCE_MISSING = "pkce_missing"  # it does not offer S256, so that a stolen code would work
    UNSUPPORTED = "unsupported"  # it asks for what this gateway does not do
    REGISTRATION_REFUSED = "registration_refused"  # it does not take this installation as a client


# What people are told: what happened, and what to do next.
WORDS = {
    DiscoveryFailure.UNREACHABLE: ("it could not be reached", "check the address, and try again in a moment"),
    DiscoveryFailure.ADDRESS_REFUSED: (
        "it lies on a private network",
        "if you mean it, list it: `--allow-private HOST:PORT`, or on the page as a private address",
    ),
    DiscoveryFailure.SERVER_FAILED: ("it answered that it cannot right now", "try again in a moment"),
    DiscoveryFailure.REDIRECTED: (
        "it only says that the answer lies elsewhere, and redirects are not followed",
        "use the address that the server's documentation gives, exactly as it is written there",
    ),
    DiscoveryFailure.TOO_LONG: ("the answer is too long", "tell whoever runs the server"),
    DiscoveryFailure.MALFORMED: ("the answer could not be read", "tell whoever runs the server"),
    DiscoveryFailure.RESOURCE_SILENT: (
        "it does not say which authorization server guards it (RFC 9728)",
        "check the address, or describe it in a file: `authsome providers add FILE`",
    ),
    DiscoveryFailure.RESOURCE_MISMATCH: (
        "its document is about another address",
        "use the address that the server's documentation gives, exactly as it is written there",
    ),
    DiscoveryFailure.SERVER_SILENT: (
        "it does not describe itself (RFC 8414)",
        "describe the provider in a file: `authsome providers add FILE`",
    ),
    DiscoveryFailure.ISSUER_MISMATCH: (
        "its document is about another authorization server",
        "do not connect it; tell whoever runs the server",
    ),
    DiscoveryFailure.ENDPOINT_REFUSED: (
        "one of its addresses is not https, or not public",
        "do not connect it; tell whoever runs the server",
    ),
    DiscoveryFailure.PKCE_MISSING: (
        "it does not say that it protects codes by PKCE with S256 (RFC 7636)",
        "tell whoever runs the server; what it gives could be stolen on the way",
    ),
    DiscoveryFailure.UNSUPPORTED: (
        "it asks for something that this gateway does not do",
        "describe the provider in a file, if it has another way: `authsome providers add FILE`",
    ),
    DiscoveryFailure.REGISTRATION_REFUSED: (
        "it does not take this installation as a client by itself",
        "register it by hand there, and set the client with `authsome providers client`",
    ),
}
