"""`docs/reference/errors.md`: every way to refuse, from the classes themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from authsome.cli.exit_codes import EXIT_CODES, MEANINGS, RUN_MEANING
from authsome.grant.model import Reason
from authsome.kit.errors import REGISTERED, AuthsomeError, Kind
from authsome.proxy.replies import STATUS_BY_CODE, STATUS_BY_KIND
from authsome.server.errors import STATUS
from tools.reference.modules import import_all

PAGE = "docs/reference/errors.md"
HEAD = """\
# Errors

<!-- Generated from the error classes by `make docs`. -->

Everything that Authsome refuses has a code, which is part of the interface and never reused, a message,
and a hint that names the next step. The same refusal looks so at each door:

- **HTTP API**: a problem document (RFC 9457) with `code`, `detail` and `hint`, and the header
  `X-Authsome-Error`.
- **Command line**: two lines on standard error and an exit code; with `--json`, a JSON object there.
- **Proxy**: a problem document with the headers `X-Authsome-Error` and `X-Authsome-Hint`. An answer without
  `X-Authsome-Error` is the provider's own.

"""
PROXY_HEAD = """\
## Why the proxy does not let a request pass

The decision about one request. Status 403; the code is in `X-Authsome-Error`, which curl shows with `-v`.

| code | meaning |
|---|---|
"""
DENIALS = {
    Reason.IDENTITY_UNCLAIMED: "Nobody has claimed this identity yet.",
    Reason.IDENTITY_ENDED: "This identity was rejected, released or revoked.",
    Reason.HOST_NOT_COVERED: "No provider covers this host and port.",
    Reason.HOST_UNCLEAR: "Several providers claim this host; none gets its secret sent there.",
    Reason.NOT_CONNECTED: "The principal has no connection to this provider.",
    Reason.NEEDS_RECONNECTION: "The connection is broken until its principal connects it again.",
    Reason.NOT_GRANTED: "The principal has a connection, and this identity may not use it.",
    Reason.GRANT_EXPIRED: "The identity was given such a connection for a time, which is over.",
    Reason.CONNECTION_UNCLEAR: "Several connections are granted, and none of them is the default.",
}


def files() -> dict[str, str]:
    """The page."""
    import_all()
    return {PAGE: "".join([HEAD, *_kinds(), *_denials(), *_errors(_shipped())])}


def _shipped() -> Iterable[type[AuthsomeError]]:
    """The product's own classes; a test may have registered others in this process."""
    return (
        REGISTERED[code] for code in sorted(REGISTERED) if REGISTERED[code].__module__.startswith("authsome.")
    )


def _kinds() -> Iterable[str]:
    yield "## Kinds\n\n| kind | HTTP | proxy | exit code | what it says |\n|---|---|---|---|---|\n"
    for kind in Kind:
        row = (kind.value, STATUS[kind], STATUS_BY_KIND[kind], EXIT_CODES[kind], MEANINGS[EXIT_CODES[kind]])
        yield _row(row)
    yield f"\nExit code 0 is success, 130 an interruption; {RUN_MEANING}.\n"
    yield "Some codes have a status of their own at the proxy; the table below has them.\n\n"


def _denials() -> Iterable[str]:
    yield PROXY_HEAD
    yield from (_row((f"`{reason.value}`", DENIALS[reason])) for reason in Reason)
    yield "\n"


def _errors(errors: Iterable[type[AuthsomeError]]) -> Iterable[str]:
    yield "## All errors\n\n| code | kind | HTTP | proxy | exit | meaning | what to do |\n"
    yield "|---|---|---|---|---|---|---|\n"
    for error in errors:
        kind = error.kind
        proxy = STATUS_BY_CODE.get(error.code, STATUS_BY_KIND[kind])
        meaning = inspect.cleandoc(error.__doc__ or "").splitlines()[0]
        statuses = (STATUS[kind], proxy, EXIT_CODES[kind])
        yield _row((f"`{error.code}`", kind.value, *statuses, meaning, error.hint))


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"
