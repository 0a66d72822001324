"""Registering keys and claiming them, on every database."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from authsome.claim.decide import accept, check_code, reject
from authsome.claim.errors import ClaimGone, CodeWrong
from authsome.claim.expire import expire_overdue
from authsome.claim.model import CLAIM_LIFE
from authsome.claim.open import open_claim
from authsome.claim.pending import PendingLimits, PendingRoom
from authsome.claim.register import Registered, register
from authsome.identity.did import encode
from authsome.identity.errors import DidTaken, IdentityEnded, LabelInvalid, TooManyPending
from authsome.identity.handle import FORM
from authsome.identity.model import IdentityState
from authsome.kit.caller import Caller, ConfirmationRequired, PrincipalRequired, server_caller
from authsome.principal.invite import offer_set_up
from authsome.principal.log_in import open_terminal_session
from authsome.principal.register import admit
from authsome.runtime.limits import CountedLimits
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.log import all_events


def did(number: int = 1) -> str:
    return encode(number.to_bytes(1) * 32)


async def ann(store: Store) -> Caller:
    server = server_caller(store.installation_id)
    link = await store.write(server, offer_set_up)
    assert link is not None
    made = await store.write(
        server, lambda work: admit(work, link=link, email="ann@example.org", hashed=None)
    )
    return replace(made.as_caller(), confirmed=True)


async def ask(store: Store, number: int = 1, *, label: str | None = None, origin: str = "a") -> Registered:
    return await store.write(
        server_caller(store.installation_id),
        lambda work: register(work, did=did(number), label=label, address_key=origin),
    )


async def names(store: Store) -> list[str]:
    return [e.name for e in await all_events(store) if e.name.startswith("identity")]


async def test_registering_gives_a_handle_and_a_link_that_works_once(store: Store) -> None:
    caller = await ann(store)
    made = await ask(store)
    assert FORM.fullmatch(made.identity.handle)
    token, code = made.token, made.code.reveal()
    await store.write(caller, lambda work: open_claim(work, token=token))
    claimed = await store.write(caller, lambda work: accept(work, token=token, code=code, connection_ids=[]))
    assert (claimed.state, claimed.principal_id) == (IdentityState.CLAIMED, caller.id)
    with pytest.raises(ClaimGone):
        await store.write(caller, lambda work: accept(work, token=token, code=code, connection_ids=[]))
    assert await names(store) == ["identity_registered", "identity_claim_opened", "identity_claimed"]


async def test_the_code_counts_however_it_is_typed(store: Store) -> None:
    caller, made = await ann(store), await ask(store)
    typed = f"  {made.code.reveal().upper().replace('-', ' ')}"
    await store.write(caller, lambda work: accept(work, token=made.token, code=typed, connection_ids=[]))


async def test_opening_twice_is_one_fact(store: Store) -> None:
    caller, made = await ann(store), await ask(store)
    for _ in range(2):
        await store.write(caller, lambda work: open_claim(work, token=made.token))
    assert (await names(store)).count("identity_claim_opened") == 1


async def test_asking_again_gives_a_new_link_and_ends_the_old_one(store: Store) -> None:
    caller, first = await ann(store), await ask(store)
    second = await ask(store)
    assert first.identity.handle == second.identity.handle
    with pytest.raises(ClaimGone):
        await store.write(caller, lambda work: open_claim(work, token=first.token))
    await store.write(caller, lambda work: open_claim(work, token=second.token))


async def test_the_same_key_registered_at_once_is_one_identity(store: Store) -> None:
    results = await asyncio.gather(*(ask(store) for _ in range(5)))
    assert len({made.identity.handle for made in results}) == 1
    assert (await names(store)).count("identity_registered") == 1


async def test_a_claimed_key_cannot_be_registered_again(store: Store) -> None:
    caller, made = await ann(store), await ask(store)
    await store.write(
        caller,
        lambda work: accept(work, token=made.token, code=made.code.reveal(), connection_ids=[]),
    )
    with pytest.raises(DidTaken):
        await ask(store)


async def test_a_terminals_key_is_no_agents(store: Store) -> None:
    caller = await ann(store)
    await store.write(caller, lambda work: open_terminal_session(work, did=did()))
    with pytest.raises(DidTaken):
        await ask(store)


async def test_a_rejected_key_stays_out(store: Store) -> None:
    caller, made = await ann(store), await ask(store)
    await store.write(caller, lambda work: reject(work, token=made.token, code=made.code.reveal()))
    with pytest.raises(IdentityEnded):
        await ask(store)
    assert (await names(store))[-1] == "identity_claim_rejected"


async def test_of_two_decisions_at_once_one_counts(store: Store) -> None:
    caller, made = await ann(store), await ask(store)
    code = made.code.reveal()
    results = await asyncio.gather(
        store.write(caller, lambda work: accept(work, token=made.token, code=code, connection_ids=[])),
        store.write(caller, lambda work: reject(work, token=made.token, code=code)),
        return_exceptions=True,
    )
    assert sum(isinstance(r, ClaimGone) for r in results) == 1


async def test_five_wrong_codes_end_the_claim_also_for_the_right_one(store: Store) -> None:
    caller, made = await ann(store), await ask(store)
    limits = CountedLimits(store)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            await check_code(store, limits, caller, token=made.token, code="bbbb-bbbb")
    with pytest.raises(ClaimGone):
        await check_code(store, limits, caller, token=made.token, code=made.code.reveal())
    assert (await names(store))[-1] == "identity_claim_expired"


async def test_a_claim_expires_and_is_swept(store: Store, clock: SimulatedClock) -> None:
    caller, made = await ann(store), await ask(store)
    clock.advance(CLAIM_LIFE)
    with pytest.raises(ClaimGone):
        await store.write(caller, lambda work: open_claim(work, token=made.token))
    assert await store.write(server_caller(store.installation_id), expire_overdue) == 1
    assert await store.write(server_caller(store.installation_id), expire_overdue) == 0


async def test_deciding_is_a_confirmed_act_of_a_principal(store: Store) -> None:
    caller, made = await ann(store), await ask(store)
    code = made.code.reveal()
    unconfirmed = replace(caller, confirmed=False)
    with pytest.raises(ConfirmationRequired):
        await store.write(
            unconfirmed, lambda work: accept(work, token=made.token, code=code, connection_ids=[])
        )
    agent = replace(made.identity.as_caller(), confirmed=True)
    with pytest.raises(PrincipalRequired):
        await store.write(agent, lambda work: reject(work, token=made.token, code=code))


@pytest.mark.parametrize("label", ["a\nb", "a\x00b", "\u202egnp.exe", "x" * 65, "x" * 10_000, "a\u2028b"])
async def test_a_hostile_label_changes_nothing(store: Store, label: str) -> None:
    with pytest.raises(LabelInvalid):
        await ask(store, label=label)
    assert await names(store) == []


async def test_pending_registrations_are_limited_per_address_and_in_all(store: Store) -> None:
    room = PendingRoom(store, PendingLimits(per_address=2, in_all=3))
    for number, origin in enumerate("aab", start=1):
        await room.admit(origin)
        await ask(store, number, origin=origin)
    with pytest.raises(TooManyPending):
        await room.admit("a")
    with pytest.raises(TooManyPending):
        await room.admit("c")


async def test_room_that_was_counted_is_taken_and_not_counted_again(store: Store) -> None:
    """Those in flight have no row yet: each takes its place of what was counted."""
    now = [0.0]
    room = PendingRoom(store, PendingLimits(per_address=3, in_all=10), monotonic=lambda: now[0])
    for number in (1, 2):
        await ask(store, number, origin="a")
    await room.admit("a")
    await room.admit("b")
    await ask(store, 3, origin="a")  # whom the first admission let in
    with pytest.raises(TooManyPending):
        await room.admit("a")


async def test_room_is_counted_anew_after_half_a_second(store: Store) -> None:
    now = [0.0]
    room = PendingRoom(store, PendingLimits(per_address=1, in_all=10), monotonic=lambda: now[0])
    await room.admit("a")
    await ask(store, 1, origin="b")  # through another server
    await room.admit("c")
    now[0] = 0.6
    with pytest.raises(TooManyPending):
        await room.admit("b")
