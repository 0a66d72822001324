"""Nobody can change the record unseen, and erasing a person's data does not break it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Delete, Update, delete, update

from authsome.audit.verify import Verdict, verify
from authsome.claim.register import register
from authsome.identity.did import encode
from authsome.kit.caller import server_caller
from authsome.store.tables.log import event_local, event_log
from authsome.store.transactions import Store
from tests.support.log import position_all


async def fill(store: Store, count: int = 4) -> None:
    for number in range(1, count + 1):
        did = encode(bytes([number]) * 32)
        await store.write(
            server_caller(store.installation_id),
            partial(register, did=did, label="Ann's laptop", address_key="k"),
        )
    await position_all(store)


async def tamper(store: Store, statement: Update | Delete) -> None:
    await store.keep_log(lambda connection: connection.execute(statement))


async def test_an_untouched_log_is_intact(store: Store) -> None:
    await fill(store)
    assert await verify(store) == Verdict(checked=4, erased=0, broken_at=None)


async def test_erasing_local_values_leaves_it_intact(store: Store) -> None:
    await fill(store)
    await tamper(store, delete(event_local))
    assert await verify(store) == Verdict(checked=4, erased=4, broken_at=None)


@pytest.mark.parametrize(
    "values", [{"subject_id": "somebody-else"}, {"fields": {"did": "x"}}, {"digests": {}}, {"version": 9}]
)
async def test_a_changed_row_is_found(store: Store, values: dict[str, Any]) -> None:
    await fill(store)
    await tamper(store, update(event_log).where(event_log.c.position == 2).values(**values))
    assert (await verify(store)).broken_at == 2


async def test_a_changed_local_value_is_found(store: Store) -> None:
    await fill(store)
    await tamper(store, update(event_local).values(value="Ben's laptop"))
    assert (await verify(store)).broken_at == 1


@pytest.mark.parametrize("position", [1, 3, 4])
async def test_a_missing_row_is_found(store: Store, position: int) -> None:
    await fill(store)
    await tamper(store, delete(event_log).where(event_log.c.position == position))
    assert (await verify(store)).broken_at == position
