"""`authsome providers test`: does a definition fit the service, and is a connection of mine taken there?"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.output import json_option, print_json, print_rows
from authsome.client.http import Client
from authsome.client.settings import read_settings
from authsome.kit.errors import ConflictError

SECONDS = 45.0


class ProviderUnfit(ConflictError):
    """The provider's definition and the service do not fit together."""

    code = "provider_test_failed"
    hint = "see what to do beside each step that failed"


@click.command("test")
@click.argument("name")
@click.option("--connection", metavar="NAME", help="With this connection of yours; else the default one.")
@json_option
def test(name: str, *, connection: str | None, as_json: bool) -> None:
    """Test a provider: hosts, TLS, the addresses of OAuth, and whether a connection of yours is taken.

    The server asks, to the definition's own addresses; no secret is shown. The exit code is 6 where a step
    failed.

    \b
    Examples:
      authsome providers test github
      authsome providers test acme --connection work --json
    """
    path = f"/providers/{quote(name, safe='')}/test"
    settings = read_settings()

    def ask(client: Client) -> Any:
        patient = Client(client.address, client.key, timeout=SECONDS)
        return patient.post(path, {"connection": connection})

    report: dict[str, Any] = ask_as_person(settings, ask)
    if as_json:
        print_json(report)
    else:
        rows = [
            (one["outcome"], one["what"], one["about"], one["detail"], one["advice"])
            for one in report["steps"]
        ]
        print_rows(("", "step", "of", "found", "what to do"), rows, empty="Nothing was looked at.")
    if not report["passed"]:
        failed = sum(one["outcome"] == "failed" for one in report["steps"])
        raise ProviderUnfit(f"{failed} of {len(report['steps'])} steps failed")
