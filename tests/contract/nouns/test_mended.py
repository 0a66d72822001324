"""What needs its principal is marked once, and said to be mended once: however it comes, whatever follows."""

from __future__ import annotations

from functools import partial

import pytest

from authsome.connection.log_out import log_out
from authsome.connection.mend.reconnect import reconnect_with_key
from authsome.connection.mend.set_aside import set_aside
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.revoke import revoke
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from tests.contract.nouns.amending import acme, admin, connect, names
from tests.contract.nouns.people import KEEPER, Person


async def broken(store: Store) -> tuple[Person, Connection]:
    ada = await admin(store)
    await acme(store, ada)
    made = await connect(store, ada)
    aside = await store.write(ada.confirmed, lambda work: set_aside(work, made))
    assert aside.state is ConnectionState.NEEDS_RECONNECTION
    return ada, aside


async def marks(store: Store) -> list[str]:
    return [name for name in await names(store) if name in ("connection_marked_broken", "connection_mended")]


async def test_another_reason_is_not_another_break(store: Store) -> None:
    ada, aside = await broken(store)
    await store.write(ada.confirmed, lambda work: set_aside(work, aside))
    assert await marks(store) == ["connection_marked_broken"]
    assert (await names(store))[-1] == "connection_reason_changed"


@pytest.mark.parametrize("ended", ["put away", "revoked", "given another key"])
async def test_it_is_mended_once_by_whatever_ends_it(store: Store, ended: str) -> None:
    ada, aside = await broken(store)
    if ended == "put away":
        await store.write(ada.caller, lambda work: log_out(work, connection_id=aside.id))
    elif ended == "revoked":
        await store.write(ada.caller, lambda work: revoke(work, keeper=KEEPER, connection_id=aside.id))
    else:
        again = partial(reconnect_with_key, keeper=KEEPER, connection_id=aside.id)
        await store.write(ada.caller, partial(again, key=Secret("sk-2")))
        await store.write(ada.caller, partial(again, key=Secret("sk-3")))
    assert await marks(store) == ["connection_marked_broken", "connection_mended"]


async def test_what_was_in_use_is_not_said_to_be_mended(store: Store) -> None:
    ada = await admin(store)
    await acme(store, ada)
    made = await connect(store, ada)
    await store.write(ada.caller, lambda work: log_out(work, connection_id=made.id))
    assert await marks(store) == []
