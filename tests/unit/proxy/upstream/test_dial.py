"""The proxy connects to the address that it checked, whatever the name means a moment later."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from authsome.proxy.errors import PrivateAddress
from authsome.proxy.limits import Limits
from authsome.proxy.upstream.connection import Key
from authsome.proxy.upstream.dial import Dialer
from authsome.testing.https_api import HttpsApi

NAME = "rebound.example"  # which no real name server knows


class Lying:
    """A name server that says one thing after the other, and from then on the last."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> list[str]:
        return [self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]]


async def test_a_name_that_meant_a_public_address_does_not_lead_home(tmp_path: Path) -> None:
    api = HttpsApi(tmp_path, "token", host=NAME)
    dialer = Dialer(
        Limits(name_seconds=0), extra_roots=api.ca_file, resolve=Lying("93.184.216.34", "127.0.0.1")
    )
    key = Key(NAME, api.port, private_ok=False)
    await dialer.check(key)
    with pytest.raises(PrivateAddress):
        await dialer.dial(key)
    api.close()


async def test_what_was_checked_is_connected_to_and_nothing_is_asked_again(tmp_path: Path) -> None:
    """The system knows no such name, so that nothing but the checked address can have been used."""
    api = HttpsApi(tmp_path, "token", host=NAME)
    dialer = Dialer(Limits(), extra_roots=api.ca_file, resolve=Lying("127.0.0.1", "169.254.169.254"))
    upstream = await dialer.dial(Key(NAME, api.port, private_ok=True))
    assert upstream.is_open
    upstream.drop()
    await asyncio.sleep(0.05)  # for the transport to close
    api.close()


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "fe80::1%2"]
)
async def test_metadata_is_not_reached_by_a_listed_name_either(address: str) -> None:
    with pytest.raises(PrivateAddress):
        await Dialer(Limits(), resolve=Lying(address)).dial(Key(NAME, 443, private_ok=True))
