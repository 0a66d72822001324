"""Base URLs: what is one, and what the server is called in a signature."""

from __future__ import annotations

from pathlib import Path

import pytest

from authsome.client.address import read_address
from authsome.client.errors import AddressInvalid
from authsome.client.settings import read_settings
from authsome.server.guard import authority_of


@pytest.mark.parametrize(
    "base_url",
    [
        "http://localhost:7998",
        "https://authsome.example.org",
        "https://authsome.example.org:443",
        "http://example.org:80/",
        "http://127.0.0.1:8080",
        "http://[::1]:7998",
        "https://[::1]",
        "https://AUTHSOME.Example.org",
    ],
)
def test_client_and_server_agree_on_the_authority(base_url: str) -> None:
    assert read_address(base_url).authority == authority_of(base_url.lower().rstrip("/"))


@pytest.mark.parametrize(
    "base_url",
    [
        "localhost:7998",
        "ftp://localhost",
        "http://",
        "http://localhost:99999",
        "http://localhost:x",
        "http://name@localhost",
        "http://localhost/path",
        "http://localhost?query",
        "http://localhost\r\nX-Header: 1",
        "http://local host",
        "http://lócalhost",
        "http://[::1",
    ],
)
def test_what_is_not_an_origin_is_refused(base_url: str) -> None:
    with pytest.raises(AddressInvalid):
        read_address(base_url)


def test_the_environment_names_home_and_server(tmp_path: Path) -> None:
    settings = read_settings({"AUTHSOME_HOME": str(tmp_path), "AUTHSOME_BASE_URL": "https://a.example.org"})
    assert settings.home == tmp_path
    assert settings.address().authority == "a.example.org"


def test_without_any_setting_it_is_the_server_of_this_machine(tmp_path: Path) -> None:
    assert read_settings({"AUTHSOME_HOME": str(tmp_path)}).address().base_url == "http://localhost:7998"
    assert read_settings({"HOME": str(tmp_path), "AUTHSOME_HOME": ""}).home.name == ".authsome"
