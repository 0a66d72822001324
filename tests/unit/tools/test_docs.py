"""Generated files are compared with what is checked in, and none is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docs import expected, stale, write

PAGE = "docs/reference/events.md"


def page() -> dict[str, str]:
    return {PAGE: "text\n"}


def test_a_missing_a_changed_and_a_leftover_file_are_stale(tmp_path: Path) -> None:
    assert stale(tmp_path, page()) == [PAGE]
    write(tmp_path, page())
    assert stale(tmp_path, page()) == []
    (tmp_path / PAGE).write_text("edited by hand\n")
    (tmp_path / "docs/reference/old.md").write_text("nobody makes this\n")
    assert stale(tmp_path, page()) == [PAGE, "docs/reference/old.md"]


def test_writing_brings_the_tree_up_to_date_and_touches_nothing_else(tmp_path: Path) -> None:
    by_hand = tmp_path / "docs/architecture.md"
    by_hand.parent.mkdir()
    by_hand.write_text("mine\n")
    (tmp_path / "dashboards/posthog").mkdir(parents=True)
    (tmp_path / "dashboards/posthog/gone.json").write_text("{}\n")
    assert write(tmp_path, page()) == ["dashboards/posthog/gone.json", PAGE]
    assert (tmp_path / PAGE).read_text() == "text\n"
    assert by_hand.read_text() == "mine\n"
    assert write(tmp_path, page()) == []


def test_two_generators_may_not_make_the_same_file() -> None:
    with pytest.raises(ValueError, match="another generator"):
        expected([f"{__name__}:page", f"{__name__}:page"])
