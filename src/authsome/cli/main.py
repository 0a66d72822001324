"""The entry point: find the command, run it, and turn whatever goes wrong into one clear message."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from authsome import __version__
from authsome.cli.commands import SECTIONS
from authsome.cli.exit_codes import INTERRUPTED, explain
from authsome.cli.lazy import LazyGroup
from authsome.cli.refusal import exit_code_of, report

EXAMPLES = """\b
Examples:
  authsome up                                  start the server on this machine
  authsome onboard --label "laptop's agent"    make this agent's key and have it claimed
  authsome login openai                        connect a provider, on a page
  authsome run -- python agent.py              run a command behind the gateway
"""


class Root(LazyGroup):
    """The root command: its help ends with the exit codes."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit codes"):
            formatter.write(explain() + "\n")


@click.command(
    cls=Root,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=f"A credential gateway for AI agents that can always say who is using it.\n\n{EXAMPLES}",
)
@click.version_option(__version__, message="authsome %(version)s")
def root() -> None:
    """The root command only leads to the others."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given))


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command. Expected failures print what to do next and no traceback."""
    try:
        result = root.main(args=list(arguments), prog_name="authsome", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except (KeyboardInterrupt, click.Abort):
        click.echo(err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; without this Python complains once more while exiting.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # edge: command
        report(error, as_json=_wants_json(arguments))
        return exit_code_of(error)


def _wants_json(arguments: Sequence[str]) -> bool:
    before = list(arguments)[: list(arguments).index("--")] if "--" in arguments else arguments
    return "--json" in before


if __name__ == "__main__":
    main()
