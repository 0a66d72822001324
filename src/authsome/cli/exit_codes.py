"""What a command's exit code says."""

from __future__ import annotations

from collections.abc import Mapping

from authsome.kit.errors import Kind

OK = 0
EXIT_CODES: Mapping[Kind, int] = {
    Kind.BROKEN: 1,
    Kind.INVALID: 2,
    Kind.UNAUTHENTICATED: 3,
    Kind.DENIED: 4,
    Kind.MISSING: 5,
    Kind.CONFLICT: 6,
    Kind.EXPIRED: 7,
    Kind.UNAVAILABLE: 8,
}
DIFFERS = 9
# As `env`, `timeout` and `nohup` have it: our own failure must not look like the command's.
RUN_FAILED, RUN_NOT_EXECUTABLE, RUN_NOT_FOUND = 125, 126, 127
INTERRUPTED = 130

MEANINGS: Mapping[int, str] = {
    0: "done",
    1: "something inside failed",
    2: "the command or a value in it is malformed",
    3: "nobody knows who asks: `authsome onboard` or `authsome sign-in`",
    4: "known, and not allowed",
    5: "there is no such thing",
    6: "it is in another state already",
    7: "it was there once: an expired or used link",
    8: "not right now: no server, or it is busy",
    9: "compared, and something differs: `authsome analytics reconcile`, `plan`, `--dry-run`",
    130: "interrupted",
}
RUN_MEANING = "`authsome run` exits as its command does, or with 125 to 127 if it could not run it"


def explain() -> str:
    """The list at the end of `authsome --help`."""
    lines = [f"  {code:<5}{meaning}" for code, meaning in MEANINGS.items()]
    return "\n".join([*lines, f"  {RUN_MEANING}"])
