"""The same house as next door, with its proxy at the end of the way from another machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.proxy.elsewhere.road import road
from tests.e2e.proxy.house import House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """Every request goes through a run's listener and the gateway's TLS port."""
    with house(tmp_path) as built, road(built) as reached:
        yield reached
