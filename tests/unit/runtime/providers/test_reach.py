"""Hosts are looked up and connected to only where a secret may go."""

from __future__ import annotations

from dataclasses import replace

from authsome.provider.host import read_host_pattern
from authsome.provider.model import Provider
from authsome.provider.validate import read_definition
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.providers.reach import MOST_LOOKED_AT, reach
from authsome.runtime.providers.steps import Outcome, Step

OUTSIDE = Outside()


def provider(*hosts: str) -> Provider:
    return read_definition(
        {"name": "acme", "display_name": "Acme", "hosts": list(hosts), "inject": {"header": "X-Key"}}
    )


async def test_a_private_address_that_nobody_listed_is_not_connected_to() -> None:
    acme = provider("localhost:9", "127.0.0.1:9", "[::1]:9")
    steps = await reach(acme, OUTSIDE)
    assert [step.outcome for step in steps] == [Outcome.FAILED] * 3
    assert {step.detail for step in steps} == {"is on a private network, and not listed"}
    assert "--allow-private localhost:9" in steps[0].advice
    listed = replace(acme, private_addresses=tuple(map(read_host_pattern, ("127.0.0.1:9",))))
    found = {(step.what, step.about): step.outcome for step in await reach(listed, OUTSIDE)}
    assert found["host", "127.0.0.1:9"] is Outcome.PASSED
    assert found["tls", "127.0.0.1:9"] is Outcome.FAILED


async def test_a_metadata_service_is_never_connected_to() -> None:
    place = read_host_pattern("localhost:9")
    acme = replace(provider("localhost:9"), hosts=(replace(place, host="169.254.169.254"),))
    acme = replace(acme, private_addresses=acme.hosts)
    assert [step.outcome for step in await reach(acme, OUTSIDE)] == [Outcome.FAILED]


async def test_so_many_and_no_more_are_looked_at() -> None:
    steps = await reach(
        provider(*(f"*.h{number}.acme.test" for number in range(MOST_LOOKED_AT + 3))), OUTSIDE
    )
    assert {step.outcome for step in steps} == {Outcome.SKIPPED}
    assert steps[-1] == Step("host", "3 more", Outcome.SKIPPED, f"only {MOST_LOOKED_AT} are looked at")
