"""From the server's pages to a file or the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from authsome.cli.exporting.pages import Ask, FactsChanged, Page, Query, read_pages
from authsome.cli.exporting.parquet import Parquet
from authsome.cli.exporting.tables import TABLES, Columns, Table
from authsome.cli.exporting.whole import whole_file
from authsome.cli.output import say

TRIES = 3
ERASE_LINE = "\r\x1b[K"


@dataclass(kw_only=True)
class Export:
    """One export. It `shows` how far it is where somebody sees it and nothing else is printed there."""

    ask: Ask
    query: Query
    after: int
    shows: bool
    count: int = field(default=0, init=False)
    upto: int = field(default=0, init=False)

    def to_terminal(self, form: str) -> None:
        """Write to standard output. Raises `FactsChanged`: what is printed cannot be taken back."""
        self._fill(partial(TABLES[form], sys.stdout.buffer))

    def to_file(self, form: str, path: Path) -> None:
        """Write a file, and begin again where the facts change meanwhile. Raises `FactsChanged`."""
        with whole_file(path) as draft:
            for tries_left in reversed(range(TRIES)):
                try:
                    self._fill_file(form, draft)
                    break
                except FactsChanged:
                    if not tries_left:
                        raise
                    say("Somebody was erased, or the server upgraded, meanwhile: beginning again.")
        say(f"Wrote {self.count:,} facts to {path}. For what comes later: --after {self.upto}")

    def _fill_file(self, form: str, draft: Path) -> None:
        if form == "parquet":
            self._fill(partial(Parquet, draft))
            return
        with draft.open("wb") as file:
            self._fill(partial(TABLES[form], file))

    def _fill(self, begin: Callable[[Columns], Table]) -> None:
        table: Table | None = None
        self.count = 0
        try:
            for page in read_pages(self.ask, self.query, after=self.after):
                table = table or begin(page.columns)
                table.add(page.facts)
                self._note(page)
        finally:
            if self.shows:
                click.echo(ERASE_LINE, err=True, nl=False)
        assert table is not None, "there is at least one page"
        table.end()

    def _note(self, page: Page) -> None:
        self.count, self.upto = self.count + len(page.facts), page.upto
        if self.shows:
            done = page.upto / page.head if page.head else 1
            click.echo(f"{ERASE_LINE}{self.count:,} facts, {done:.0%} of the log …", err=True, nl=False)
