"""Only what was written is compared; whatever PostHog adds to it is no drift."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.analytics.provision.difference import holds


@pytest.mark.parametrize(
    ("there", "written"),
    [
        ({"a": 1, "version": 2}, {"a": 1}),
        ({"a": {"b": [{"c": 1, "d": None}]}, "e": 1}, {"a": {"b": [{"c": 1}]}}),
        ({}, {"color": None}),
        ([1, {"x": 0, "moved": False}], [1, {"x": 0}]),
        ({"x": 0.0}, {"x": 0}),
        ("text", "text"),
    ],
)
def test_what_was_added_is_not_looked_at(there: Any, written: Any) -> None:
    assert holds(there, written)


@pytest.mark.parametrize(
    ("there", "written"),
    [
        ({"a": 2}, {"a": 1}),
        ({}, {"a": 1}),
        (None, {"a": 1}),
        ("a", {"a": 1}),
        ({"a": {"b": [{"c": 2}]}}, {"a": {"b": [{"c": 1}]}}),
        ([1, 2], [1]),
        ([1], [1, 2]),
        ([2, 1], [1, 2]),
        ({"0": 1}, [1]),
        (None, []),
    ],
)
def test_what_was_written_and_is_otherwise_is_drift(there: Any, written: Any) -> None:
    assert not holds(there, written)
