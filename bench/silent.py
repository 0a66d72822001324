"""A real server whose event log appends nothing: the baseline that the product has no switch for.

`python -m bench.silent` serves as `authsome up` does. Once every door is open it puts an appender in place
that drops its drafts, says on standard output where it is, and serves until SIGTERM.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from authsome.cli import serve
from authsome.cli.process.config import read_config
from authsome.client.server_file import ServerFile
from authsome.kit.caller import Caller
from authsome.runtime.runtime import Runtime
from authsome.store.event_log import Appender, Draft
from authsome.store.transactions import Store


class SilentAppender(Appender):
    """Takes facts and writes none."""

    def append_all(
        self, connection: Connection, parts: Sequence[tuple[Caller, Sequence[Draft]]], *, position: bool
    ) -> None:
        """Nothing: not a row, not a position."""


def silent_appender(store: Store) -> SilentAppender:
    """In the place of the store's own."""
    return SilentAppender(store.installation_id, store.ids, store.entropy)


async def _ready(runtime: Runtime, server: ServerFile) -> None:
    runtime.store.appender = silent_appender(runtime.store)
    print(server.to_text().replace("\n", " "), flush=True)


if __name__ == "__main__":
    serve.run(read_config(), _ready)
