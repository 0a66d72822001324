"""What the proxy refuses of its own accord, and how reaching a provider can fail."""

from __future__ import annotations

from authsome.kit.errors import (
    BrokenError,
    DeniedError,
    InvalidError,
    UnauthenticatedError,
    UnavailableError,
)


class RequestMalformed(InvalidError):
    """The request is not well-formed HTTP/1.1."""

    code = "request_malformed"
    hint = "send it with an HTTP client that follows RFC 9112; nothing was forwarded"


class HeadTooLarge(InvalidError):
    """The request's headers are larger than the proxy accepts."""

    code = "head_too_large"
    hint = "send fewer or shorter headers: 64 KiB and 200 of them at most"


class TargetTooLong(InvalidError):
    """The request's URL is longer than the proxy accepts."""

    code = "target_too_long"
    hint = "shorten the URL to less than 16 KiB, or put the data into the body"


class HeadTooSlow(InvalidError):
    """The request did not arrive in time."""

    code = "head_too_slow"
    hint = "send the whole request at once"


class HttpVersionRefused(InvalidError):
    """Only HTTP/1.1 passes through the proxy."""

    code = "http_version_refused"
    hint = "set the client to HTTP/1.1"


class MethodRefused(InvalidError):
    """This method does not pass through the proxy."""

    code = "method_refused"
    hint = "TRACE would send the credential back in the body; use another method"


class UpgradeRefused(InvalidError):
    """Upgrading a connection (WebSocket, h2c) does not pass through the proxy yet."""

    code = "upgrade_refused"
    hint = "use the provider's plain HTTPS interface"


class ExpectationRefused(InvalidError):
    """The only expectation that can be met is 100-continue."""

    code = "expectation_refused"
    hint = "leave the Expect header out"


class HostMismatch(DeniedError):
    """The request names another host than the one the connection was opened to."""

    code = "host_mismatch"
    hint = "open a connection to the host you want to talk to; its credential goes nowhere else"


class PlainHttpRefused(DeniedError):
    """Plain http:// does not pass: a secret is never sent in the clear."""

    code = "plain_http_refused"
    hint = "use the https:// address"


class TargetRefused(InvalidError):
    """The host and port to connect to are not well-formed."""

    code = "target_refused"
    hint = "use a host name or a plain IP address, and a port from 1 to 65535"


class RunTokenMissing(UnauthenticatedError):
    """The proxy needs the token of a run."""

    code = "run_token_missing"
    hint = "start the program with `authsome run -- COMMAND`"


class TooManyConnections(UnavailableError):
    """Too many connections are open."""

    code = "proxy_full"
    hint = "close some, or try again in a moment"


class GateSlow(UnavailableError):
    """Whether this may pass could not be decided in time."""

    code = "gate_slow"
    hint = "try again in a moment"


class PrivateAddress(DeniedError):
    """The host's address is private, and no admin listed this host and port."""

    code = "private_address"
    hint = "an admin can list exactly this host and port for a custom provider (`authsome providers --help`)"


class UpstreamUnreachable(UnavailableError):
    """The provider cannot be reached."""

    code = "upstream_unreachable"
    hint = "check the name and the network of the machine that the gateway runs on"


class UpstreamTlsFailed(UnavailableError):
    """The provider's certificate was not accepted, so nothing was sent."""

    code = "upstream_tls_failed"
    hint = "for a private authority, name its certificate in AUTHSOME_UPSTREAM_CA_FILE"


class UpstreamTimeout(UnavailableError):
    """The provider did not answer in time."""

    code = "upstream_timeout"
    hint = "try again, or ask for less at once"


class UpstreamClosed(UnavailableError):
    """The provider closed the connection before it answered."""

    code = "upstream_closed"
    hint = "try again, if it does no harm that the request may have arrived"


class UpstreamMalformed(UnavailableError):
    """The provider's answer is not well-formed HTTP/1.1."""

    code = "upstream_malformed"
    hint = "this is the provider's fault; nothing of the answer was passed on"


class ProxyFailure(BrokenError):
    """The proxy failed to handle this request."""

    code = "proxy_failure"
    hint = "look at the server's log"


class AuthorityUnsafe(BrokenError):
    """The certificate authority's files cannot be trusted."""

    code = "authority_unsafe"
    hint = "give its key file to the server's user alone (chmod 600), or move both files away for new ones"


class RootsUnreadable(BrokenError):
    """The file with further roots for providers cannot be read."""

    code = "roots_unreadable"
    hint = "set AUTHSOME_UPSTREAM_CA_FILE to a PEM file that the server's user can read, or unset it"
