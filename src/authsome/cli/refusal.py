"""Say what went wrong on standard error: what, and what to do next."""

from __future__ import annotations

import json
import traceback

import click

from authsome.cli.exit_codes import EXIT_CODES
from authsome.cli.output import printable
from authsome.client.errors import ClientError
from authsome.kit.errors import AuthsomeError, InvalidError, Kind

NEVER_EXPECTED = "this is a mistake in authsome itself; please report it with the lines above"


class FileUnusable(InvalidError):
    """A file or folder cannot be used."""

    code = "file_unusable"
    hint = "see who owns it and whether the disk is full; AUTHSOME_HOME says where Authsome keeps its own"


def exit_code_of(error: Exception) -> int:
    """The code that a command exits with after `error`."""
    error = _known(error)
    if isinstance(error, click.ClickException):
        return EXIT_CODES[Kind.INVALID]
    if isinstance(error, AuthsomeError | ClientError):
        return EXIT_CODES[error.kind]
    return EXIT_CODES[Kind.BROKEN]


def report(error: Exception, *, as_json: bool) -> None:
    """Print `error` for a person, or as JSON for a program that asked for JSON."""
    error = _known(error)
    if isinstance(error, click.ClickException) and not as_json:
        error.show()
        return
    expected = isinstance(error, AuthsomeError | ClientError | click.ClickException)
    if not expected:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    code, detail, hint = _describe(error)
    if as_json:
        click.echo(json.dumps({"error": code, "detail": detail, "hint": hint}), err=True)
        return
    click.echo(f"authsome: {detail}", err=True)
    if hint:
        click.echo(f"    next: {hint}", err=True)


def _known(error: Exception) -> Exception:
    """What the system says of a file that it names is about this machine, and no mistake of ours."""
    if isinstance(error, OSError) and isinstance(error.filename, str):
        return FileUnusable(printable(f"{error.filename}: {error.strerror}"))
    return error


def _describe(error: Exception) -> tuple[str, str, str]:
    if isinstance(error, AuthsomeError | ClientError):
        return error.code, error.detail, error.next_step
    if isinstance(error, click.ClickException):
        return "usage", error.format_message(), "see --help"
    return "internal_failure", f"failed unexpectedly: {type(error).__name__}", NEVER_EXPECTED
