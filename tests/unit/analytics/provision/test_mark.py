"""What is ours carries a mark with its own id; a copy carries another's."""

from __future__ import annotations

import pytest

from authsome.analytics.provision.mark import LONGEST, key_in, marked, unmarked

KEY = "adoption/providers"


def test_a_mark_is_found_again() -> None:
    assert key_in(marked("What for?", KEY, 17), 17) == KEY
    assert marked("What for?", KEY, 17) == "What for? [authsome:adoption/providers #17]"


def test_a_copy_carries_the_id_of_what_it_was_copied_from_and_is_not_ours() -> None:
    assert key_in(marked("What for?", KEY, 17), 18) is None


def test_what_is_not_finished_has_no_id_and_is_ours() -> None:
    assert key_in(marked("What for?", KEY), 18) == KEY


@pytest.mark.parametrize(
    "text", [None, "", 7, "authsome:adoption", "[authsome: adoption]", "[other:adoption]"]
)
def test_what_has_no_mark_is_not_ours(text: object) -> None:
    assert key_in(text, 1) is None


def test_words_that_somebody_added_behind_it_do_not_hide_it() -> None:
    assert key_in(marked("What for?", KEY, 17) + " Ask Ada.", 17) == KEY


@pytest.mark.parametrize("length", [10, 350, 400, 4_000])
def test_a_long_text_is_cut_between_words_and_the_mark_stays_whole(length: int) -> None:
    written = marked("word " * (length // 5), KEY, 2**31)
    assert len(written) <= LONGEST
    assert key_in(written, 2**31) == KEY
    assert set(unmarked(written).rstrip("…").split()) == {"word"}
