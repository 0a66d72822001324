"""How runs refuse."""

from __future__ import annotations

from authsome.kit.errors import (
    ExpiredError,
    InvalidError,
    MissingError,
    UnauthenticatedError,
    UnavailableError,
)


class RunMissing(MissingError):
    """There is no such run."""

    code = "run_missing"
    hint = "start one with `authsome run -- COMMAND`"


class RunEnded(ExpiredError):
    """This run has ended."""

    code = "run_ended"
    hint = "start another one with `authsome run -- COMMAND`"


class RunTokenInvalid(UnauthenticatedError):
    """The proxy was given no token of a live run."""

    code = "run_token_invalid"
    hint = "start the command with `authsome run -- COMMAND`"


class TooManyRuns(UnavailableError):
    """Too many runs of this identity are live."""

    code = "too_many_runs"
    hint = "wait for one to end; a run that was killed ends after a minute"


class ProgramInvalid(InvalidError):
    """A program's name has 1 to 64 printable characters."""

    code = "program_invalid"
    hint = "send the name of the program only, without its path and arguments"
