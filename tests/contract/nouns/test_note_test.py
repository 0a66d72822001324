"""That a provider was tested is a fact, with whose secret was sent."""

from __future__ import annotations

import pytest

from authsome.auth_session.complete import connect_with_key
from authsome.connection.mend.note_test import note_test
from authsome.kit.caller import PrincipalRequired
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER, person
from tests.support.log import all_events


async def test_a_test_names_the_connection_whose_secret_was_sent(store: Store) -> None:
    ann = await person(store)
    made = await connect_with_key(store, KEEPER, caller=ann.caller, provider="stripe", key=Secret("sk-1"))
    for held, passed in ((made, False), (None, True)):
        await store.write(
            ann.caller,
            lambda work, held=held, passed=passed: note_test(  # type: ignore[misc]
                work, provider="stripe", connection=held, passed=passed
            ),
        )
    first, second = (event.fields for event in (await all_events(store))[-2:])
    assert (first["connection_id"], first["passed"]) == (made.id, False)
    assert (second.get("connection_id"), second["passed"], second["provider"]) == (None, True, "stripe")
    with pytest.raises(PrincipalRequired):
        await store.write(
            ann.agent_caller,
            lambda work: note_test(work, provider="stripe", connection=None, passed=True),
        )
