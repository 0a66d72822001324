"""One house per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.proxy.house import House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """The proxy and a provider that it may reach, on uvloop as in production."""
    with house(tmp_path) as built:
        yield built
