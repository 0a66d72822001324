"""What the settings refuse together."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from authsome.server.config import ServerConfig


def test_agents_elsewhere_are_served_only_where_they_can_learn_whom_to_trust(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="https://"):
        ServerConfig(home=tmp_path, base_url="http://authsome.example.org", proxy_tls_port=7997)
    made = ServerConfig(home=tmp_path, base_url="https://authsome.example.org", proxy_tls_port=7997)
    assert made.proxy_tls_name == "authsome.example.org"


def test_the_proxy_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    made = ServerConfig(home=tmp_path, base_url="https://[2001:db8::7]", proxy_tls_name="Proxy.Example.org")
    assert made.proxy_tls_name == "proxy.example.org"
    assert ServerConfig(home=tmp_path, base_url="https://[2001:db8::7]").proxy_tls_name == "2001:db8::7"


@pytest.mark.parametrize("name", ["https://x", "x:7997", "x y", "x/y", "x\n"])
def test_a_name_is_a_name_alone(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValidationError):
        ServerConfig(home=tmp_path, proxy_tls_name=name)
