"""One house for each kind of database and module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.oauth.library.house import House
from tests.support.databases import fresh_postgres, fresh_sqlite


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("authlib")
    if request.param == "sqlite":
        url = fresh_sqlite(folder)
    else:
        url = fresh_postgres(request.getfixturevalue("postgres_server"))
    made = House(folder, url)
    yield made
    made.close()
