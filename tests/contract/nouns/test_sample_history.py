"""A demo's server goes on with the made-up history: what it does then must reach nobody."""

from __future__ import annotations

from datetime import UTC, datetime

from authsome.connection.model import Flow
from authsome.connection.ports import ConnectionWork
from authsome.provider.find import list_providers
from authsome.provider.model import Provider
from authsome.testing.sample_history import Amount
from tests.support.sampled import sampled_store

UNTIL = datetime(2026, 7, 1, 12, tzinfo=UTC)
OF_TOKENS = frozenset({Flow.AUTHORIZATION_CODE})
FEW = Amount(principals=40, days=60)


def _providers_of_tokens(view: ConnectionWork) -> list[Provider]:
    return [
        provider
        for provider in list_providers(view)
        if view.connections.list_of_provider(provider.name, flows=OF_TOKENS, limit=1)
    ]


async def test_no_made_up_token_can_be_shown_to_a_real_provider() -> None:
    async with sampled_store(UNTIL, FEW) as store:
        of_tokens = await store.read(_providers_of_tokens)
        assert of_tokens, "the history has no connection with tokens"
        for provider in of_tokens:
            assert provider.oauth is not None
            assert ".sample.invalid/" in provider.oauth.token_url
            assert provider.oauth.revocation_url is None
            assert provider.oauth.introspection_url is None
            assert provider.check is None


async def test_it_leaves_nothing_for_the_background_to_ask() -> None:
    async with sampled_store(UNTIL, FEW) as store:
        assert await store.read(lambda view: view.connections.list_check_due(limit=10)) == []
        assert await store.read(lambda view: view.revocations.list_pending()) == []
