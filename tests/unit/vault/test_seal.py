"""A sealed secret opens at its own place, unchanged, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.kit.clock import EPOCH
from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.testing.clock import SeededEntropy
from authsome.vault.errors import InstallationKeyWrong, SealBroken
from authsome.vault.installation_key import InstallationKey
from authsome.vault.model import Place, Vault
from authsome.vault.seal import Keeper

KEEPER = Keeper(InstallationKey(bytes(32)), SystemEntropy())
PLACE = Place("connection", "con_1", 1)
SECRET = Secret("sk-live-0123456789")


def vault_of(keeper: Keeper, vault_id: str = "vlt_1", principal_id: str = "prn_1") -> Vault:
    wrapped, key_id = keeper.new_vault(vault_id, principal_id)
    return Vault(id=vault_id, principal_id=principal_id, key_id=key_id, wrapped_key=wrapped, created_at=EPOCH)


VAULT = vault_of(KEEPER)
SEALED = KEEPER.seal(VAULT, PLACE, SECRET)


@given(st.text(max_size=500))
def test_a_secret_opens_as_it_was_sealed(text: str) -> None:
    assert KEEPER.open(VAULT, PLACE, KEEPER.seal(VAULT, PLACE, Secret(text))) == Secret(text)


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_one_flipped_bit_refuses(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(SealBroken):
        KEEPER.open(VAULT, PLACE, bytes(changed))


@given(st.integers(0, len(VAULT.wrapped_key) * 8 - 1))
def test_one_flipped_bit_of_the_wrapped_key_refuses(bit: int) -> None:
    changed = bytearray(VAULT.wrapped_key)
    changed[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(SealBroken):
        KEEPER.open(replace(VAULT, wrapped_key=bytes(changed)), PLACE, SEALED)


@given(st.binary(max_size=80))
def test_bytes_that_were_never_sealed_do_not_open(junk: bytes) -> None:
    with pytest.raises(SealBroken):
        KEEPER.open(VAULT, PLACE, junk)


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_a_cut_off_seal_does_not_open(length: int) -> None:
    with pytest.raises(SealBroken):
        KEEPER.open(VAULT, PLACE, SEALED[:length])


@pytest.mark.parametrize(
    "place",
    [
        Place("connection", "con_2", 1),
        Place("connection", "con_1", 2),
        Place("run", "con_1", 1),
        Place("connectioncon_1", "", 1),
        Place("connection", "con_11", 1),
    ],
)
def test_a_seal_moved_to_another_place_does_not_open(place: Place) -> None:
    with pytest.raises(SealBroken):
        KEEPER.open(VAULT, place, SEALED)


def test_a_seal_does_not_open_in_another_vault_nor_for_another_owner() -> None:
    for other in (
        vault_of(KEEPER, "vlt_2", "prn_2"),
        replace(VAULT, id="vlt_2"),
        replace(VAULT, principal_id="prn_2"),
    ):
        with pytest.raises(SealBroken):
            KEEPER.open(other, PLACE, SEALED)


def test_another_installation_key_says_that_it_is_the_wrong_one() -> None:
    with pytest.raises(InstallationKeyWrong):
        Keeper(InstallationKey(b"x" * 32), SystemEntropy()).open(VAULT, PLACE, SEALED)


def test_the_same_secret_is_never_sealed_to_the_same_bytes() -> None:
    sealed = {KEEPER.seal(VAULT, PLACE, SECRET) for _ in range(200)}
    assert len(sealed) == 200
    assert len({one[1:13] for one in sealed}) == 200


def test_two_vaults_have_two_keys() -> None:
    keeper = Keeper(InstallationKey(bytes(32)), SeededEntropy(1))
    assert vault_of(keeper, "vlt_1").wrapped_key != vault_of(keeper, "vlt_2").wrapped_key


def test_nothing_that_is_printed_shows_the_secret() -> None:
    broken = Vault(
        id="v", principal_id="p", key_id=VAULT.key_id, wrapped_key=VAULT.wrapped_key, created_at=EPOCH
    )
    assert VAULT.wrapped_key.hex() not in repr(broken)
    assert repr(VAULT.wrapped_key) not in repr(VAULT)
    assert SECRET.reveal().encode() not in SEALED
