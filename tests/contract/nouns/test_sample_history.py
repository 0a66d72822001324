"""A demo's server goes on with the made-up history: what it does then must reach nobody."""

from __future__ import annotations

from datetime import UTC, datetime

from authsome.connection.model import Flow
from authsome.provider.find import list_providers
from authsome.testing.sample_history import Amount
from tests.support.sampled import sampled_store

UNTIL = datetime(2026, 7, 1, 12, tzinfo=UTC)
FEW = Amount(principals=40, days=60)


async def test_no_made_up_token_can_be_shown_to_a_real_provider() -> None:
    async with sampled_store(UNTIL, FEW) as store:
        providers = await store.read(list_providers)
        connections = {
            provider.name: await store.read(
                lambda view, name=provider.name: view.connections.list_of_provider(
                    name, flows=[Flow.AUTHORIZATION_CODE], limit=1_000
                )
            )
            for provider in providers
        }
        of_tokens = [provider for provider in providers if connections[provider.name]]
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
