"""Which way a run goes: by the loopback interface where that can be known, else by the address."""

from __future__ import annotations

from pathlib import Path

import pytest

from authsome.cli.running.way import AddressUnproven, is_here, require_proof
from authsome.client.address import read_address
from authsome.client.settings import ClientSettings
from authsome.kit.loopback import loopback_id


def settings(home: Path, base_url: str) -> ClientSettings:
    return ClientSettings(home=home, base_url=base_url)


def test_the_same_loopback_interface_is_the_same_machine_whatever_the_name(tmp_path: Path) -> None:
    public = settings(tmp_path, "https://authsome.example.org")
    assert loopback_id() is not None
    assert is_here(loopback_id(), public)


def test_another_interface_is_another_machine_even_behind_a_forwarded_port(tmp_path: Path) -> None:
    assert not is_here("0" * 32, settings(tmp_path, "http://localhost:7998"))


def test_where_the_system_cannot_say_the_address_decides(tmp_path: Path) -> None:
    assert is_here(None, settings(tmp_path, "http://localhost:7998"))
    assert not is_here(None, settings(tmp_path, "https://authsome.example.org"))


@pytest.mark.parametrize(
    "base_url", ["https://authsome.example.org", "http://localhost:7998", "http://[::1]:1"]
)
def test_https_and_loopback_prove_who_answers(base_url: str) -> None:
    require_proof(read_address(base_url))


def test_plain_http_to_another_machine_proves_nothing() -> None:
    with pytest.raises(AddressUnproven):
        require_proof(read_address("http://authsome.example.org"))
