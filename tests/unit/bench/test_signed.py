"""The requests of the load are the ones that an agent would send."""

from __future__ import annotations

from authsome.identity.signature import Message, verify
from authsome.kit.clock import SystemClock
from bench.signed import Agent, did_of, new_agent, registrations, whoamis

AUTHORITY = "localhost:7998"


def parse(request: bytes) -> tuple[Message, dict[str, str]]:
    head, _, body = request.partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = dict(one.split(": ", 1) for one in lines)
    method, path, _ = line.split(" ")
    return Message(method=method, authority=headers["host"], path=path, body=body), headers


def signer(request: bytes) -> tuple[str, str]:
    signed = verify(*parse(request), now=int(SystemClock().now().timestamp()))
    return signed.did, signed.nonce


def test_each_registration_has_a_key_of_its_own() -> None:
    assert len({signer(request)[0] for request in registrations(AUTHORITY, 5)}) == 5


def test_one_agent_asks_with_a_new_nonce_each_time() -> None:
    agent = new_agent()
    signers = [signer(request) for request in whoamis(AUTHORITY, 5, agent)]
    assert {did for did, _ in signers} == {did_of(agent.key)}
    assert len({nonce for _, nonce in signers}) == 5


def test_an_agent_is_the_same_in_another_process() -> None:
    agent = new_agent()
    assert did_of(Agent(agent.seed).key) == did_of(agent.key)
