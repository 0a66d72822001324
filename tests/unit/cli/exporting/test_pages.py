"""Pages go on after an outage, end where the log ended at the start, and are of one truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from authsome.cli.exporting.pages import FactsChanged, Query, read_pages
from authsome.client.errors import ClientError, ServerNotRunning
from authsome.kit.errors import Kind

COLUMNS = [{"name": "position", "type": "integer"}]


def answering(*answers: dict[str, Any] | Exception) -> tuple[Callable[[str, Query], Any], list[str]]:
    """A server that gives these answers in turn, and the positions that it was asked for."""
    left, asked = list(answers), []

    def ask(_path: str, query: Query) -> Any:
        asked.append(str(query["after"]))
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ask, asked


def page(upto: int, head: int, erasures: int = 0) -> dict[str, Any]:
    return {
        "facts": [{"position": upto}],
        "upto": upto,
        "head": head,
        "erasures": erasures,
        "columns": COLUMNS,
    }


def unavailable() -> ClientError:
    return ClientError("busy", code="busy", kind=Kind.UNAVAILABLE, hint="later")


def test_after_an_outage_it_goes_on_behind_the_last_page() -> None:
    ask, asked = answering(page(5, 9), ServerNotRunning(), unavailable(), page(9, 9))
    slept: list[float] = []
    assert [one.upto for one in read_pages(ask, {}, after=2, sleep=slept.append)] == [5, 9]
    assert asked == ["2", "5", "5", "5"]
    assert len(slept) == 2


def test_a_refusal_is_not_tried_again() -> None:
    refused = ClientError("no", code="denied", kind=Kind.DENIED, hint="")
    ask, asked = answering(page(5, 9), refused)
    with pytest.raises(ClientError):
        list(read_pages(ask, {}, after=0, sleep=lambda _seconds: None))
    assert asked == ["0", "5"]


def test_what_comes_meanwhile_is_for_the_next_time() -> None:
    ask, asked = answering(page(5, 6), page(6, 50), page(7, 90))
    assert [one.head for one in read_pages(ask, {}, after=0)] == [6, 6]
    assert asked == ["0", "5"]


def test_an_erasure_between_two_pages_is_noticed() -> None:
    ask, _asked = answering(page(5, 9), page(9, 9, erasures=1))
    with pytest.raises(FactsChanged):
        list(read_pages(ask, {}, after=0))


def test_an_empty_log_has_one_empty_page() -> None:
    ask, asked = answering({"facts": [], "upto": 0, "head": 0, "erasures": 0, "columns": COLUMNS})
    (only,) = read_pages(ask, {}, after=0)
    assert (only.facts, dict(only.columns)) == ([], {"position": "integer"})
    assert asked == ["0"]
