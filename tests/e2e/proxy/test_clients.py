"""The clients that agents use, unchanged: curl, httpx, requests."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path

import httpx
import pytest
import requests

from tests.e2e.proxy.house import SECRET, TOKEN, House, house


def test_curl_gets_the_answer_and_the_provider_the_credential(home: House) -> None:
    done = home.curl()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hello ")
    assert home.upstream.received[0].values("authorization") == [f"Bearer {SECRET}"]
    assert home.upstream.received[0].values("host") == [f"localhost:{home.upstream.port}"]
    assert [outcome.value for outcome in home.gate.outcomes] == ["delivered"]
    assert TOKEN.encode() not in home.upstream.received[0].raw


def test_httpx_keeps_one_connection_for_many_requests(home: House) -> None:
    trust = ssl.create_default_context(cafile=str(home.ca))
    with httpx.Client(proxy=home.proxy_url, verify=trust, trust_env=False) as client:
        for number in range(5):
            answer = client.post(f"{home.origin}/v1/things?n={number}", json={"n": number})
            assert answer.status_code == 200
    assert home.upstream.connections == 1
    assert [json.loads(got.body) for got in home.upstream.received] == [{"n": n} for n in range(5)]


def test_requests_passes_with_its_http_1_0_connect(home: House) -> None:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(home.origin, proxies={"https": home.proxy_url}, verify=str(home.ca), timeout=20)
    assert answer.status_code == 200
    assert home.upstream.received[0].values("authorization") == [f"Bearer {SECRET}"]


def test_the_agents_own_placeholder_key_never_leaves(home: House) -> None:
    home.gate.allow("localhost", home.upstream.port, remove=("x-api-key",))
    home.curl("-H", "Authorization: Bearer placeholder", "-H", "X_Api_Key: placeholder")
    assert b"placeholder" not in home.upstream.received[0].raw


def test_a_host_that_is_not_granted_is_refused_with_the_next_step(home: House) -> None:
    done = home.curl("-v", "--connect-to", "::", "-X", "GET", path="")
    assert done.returncode == 0
    home.gate.revoke("localhost", home.upstream.port)
    done = home.curl("-v")
    assert done.returncode != 0
    assert "403 Forbidden" in done.stderr
    assert "X-Authsome-Error: not_granted" in done.stderr
    assert "X-Authsome-Hint: ask for it: `authsome login`" in done.stderr


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop])
def test_it_runs_on_the_standard_event_loop_too(tmp_path: Path, new_loop: type) -> None:
    with house(tmp_path, new_loop=new_loop) as home:
        assert home.curl().stdout.startswith("hello ")
