"""What the proxy itself answers: problem documents (RFC 9457), marked as its own and not the provider's.

`X-Authsome-Error` carries the code. `X-Authsome-Hint` repeats the hint, because clients show the headers of
a refused CONNECT but not its body.
"""

from __future__ import annotations

import json
from http import HTTPStatus

from authsome.kit.errors import AuthsomeError, Kind
from authsome.proxy.gate import Refusal

# A missing thing is 403 and not 404: an agent would take 404 for the provider's answer.
STATUS_BY_KIND: dict[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 407,
    Kind.DENIED: 403,
    Kind.MISSING: 403,
    Kind.CONFLICT: 409,
    Kind.EXPIRED: 403,
    Kind.UNAVAILABLE: 503,
    Kind.BROKEN: 500,
}
STATUS_BY_CODE: dict[str, int] = {
    "head_too_large": 431,
    "target_too_long": 414,
    "head_too_slow": 408,
    "http_version_refused": 505,
    "method_refused": 405,
    "upgrade_refused": 501,
    "expectation_refused": 417,
    "host_mismatch": 421,
    "upstream_unreachable": 502,
    "upstream_tls_failed": 502,
    "upstream_closed": 502,
    "upstream_malformed": 502,
    "upstream_timeout": 504,
}
PHRASES: dict[int, bytes] = {status.value: status.phrase.encode() for status in HTTPStatus}
CHALLENGE = 'Proxy-Authenticate: Basic realm="authsome"\r\n'


def refusal_of(error: AuthsomeError) -> Refusal:
    """The same refusal as a value with this door's status."""
    status = STATUS_BY_CODE.get(error.code, STATUS_BY_KIND[error.kind])
    return Refusal(error.code, error.detail, error.next_step, status)


def render(refusal: Refusal, *, inside: bool, bodiless: bool = False) -> bytes:
    """The whole reply; it always ends the connection.

    Inside a tunnel the agent talks to the provider as far as it knows, where 407 means nothing, so it
    becomes 403. `bodiless` is for HEAD.
    """
    status = 403 if inside and refusal.status == 407 else refusal.status
    document = {
        "type": "about:blank",
        "title": PHRASES.get(status, b"Refused").decode(),
        "status": status,
        "detail": refusal.reason,
        "code": refusal.code,
        "hint": refusal.hint,
    }
    body = json.dumps(document, ensure_ascii=False).encode() + b"\n"
    head = (
        f"HTTP/1.1 {status} {document['title']}\r\n"
        f"Content-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Authsome-Error: {visible(refusal.code)}\r\n"
        f"X-Authsome-Hint: {visible(refusal.hint)}\r\n"
        f"Cache-Control: no-store\r\n"
        f"{CHALLENGE if status == 407 else ''}"
        f"Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + (b"" if bodiless else body)


def visible(text: str) -> str:
    """Text as a header value: whatever is not printable ASCII becomes a question mark."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)
