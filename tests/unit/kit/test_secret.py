"""A secret is not seen by accident."""

from __future__ import annotations

import copy
import json
import logging
import pickle

import pytest

from authsome.kit.secret import Secret

VALUE = "hunter2hunter2"


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{!r:>30}".format, "%s".__mod__])
def test_no_way_of_printing_shows_it(show: object) -> None:
    assert VALUE not in show(Secret(VALUE))  # type: ignore[operator]


def test_a_log_line_and_a_traceback_do_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError(Secret(VALUE))
    except ValueError:
        logging.getLogger("test").exception("failed with %s", Secret(VALUE))
    assert VALUE not in caplog.text


@pytest.mark.parametrize("leave", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_it_is_neither_pickled_nor_copied_nor_written(leave: object) -> None:
    with pytest.raises(TypeError):
        leave(Secret(VALUE))  # type: ignore[operator]


def test_equal_secrets_are_equal_and_nothing_else_is() -> None:
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret("other")
    assert Secret(VALUE) != VALUE
