"""Ask providers to take tokens back, in the background: each until it has answered, for a day at most."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from authsome.connection.errors import OAuthClientMissing, TokensUnreadable
from authsome.connection.oauth.client import Credentials
from authsome.connection.oauth.open_client import open_client
from authsome.connection.oauth.tokens import Tokens, read_tokens
from authsome.connection.oauth.turns import Taken, Turns, rest_after
from authsome.connection.ports import ConnectionWork
from authsome.connection.revocation.ask import end_revocation
from authsome.connection.revocation.endpoint import Answered, NotNow, RevocationEndpoint, TokenKind
from authsome.connection.revocation.model import LASTS, Revocation, RevocationOutcome
from authsome.kit.caller import Caller
from authsome.kit.clock import Clock
from authsome.kit.ids import Entropy
from authsome.kit.work import Transactions
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.vault.errors import InstallationKeyWrong, SealBroken
from authsome.vault.seal import Keeper

AT_ONCE = 10  # a provider that does not answer takes one of these for some seconds


@dataclass(frozen=True, slots=True)
class Question:
    """What is shown to whom. SECRET in two of three parts."""

    provider: Provider
    client: Credentials
    tokens: Tokens


class Revoker:
    """Safe to run on many servers: a revocation is asked by whoever has its turn."""

    def __init__(
        self,
        store: Transactions[ConnectionWork],
        keeper: Keeper,
        *,
        turns: Turns,
        endpoint: RevocationEndpoint,
        clock: Clock,
        entropy: Entropy,
        server: Caller,
    ) -> None:
        self._store = store
        self._keeper = keeper
        self._turns = turns
        self._endpoint = endpoint
        self._clock = clock
        self._entropy = entropy
        self._server = server

    async def carry_out(self) -> int:
        """Ask about all that are pending and do not rest; returns how many have ended."""
        ended, page = 0, await self._pending(after="")
        while page:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(self._ask(one)) for one in page]
            ended += sum(task.result() for task in asked)
            page = await self._pending(after=page[-1].id)
        return ended

    async def _pending(self, *, after: str) -> list[Revocation]:
        return await self._store.read(lambda view: view.revocations.list_pending(after=after, limit=AT_ONCE))

    async def _ask(self, revocation: Revocation) -> bool:
        """Whether it has ended."""
        holder = self._entropy.bytes(16).hex()
        turn = await self._turns.take(revocation.id, holder)
        if not isinstance(turn, Taken):
            return False
        question = await self._store.read(lambda view: self._question(view, revocation))
        answer = await self._show(question) if question else Answered(RevocationOutcome.NOBODY_TO_ASK)
        if isinstance(answer, NotNow) and self._clock.now() - revocation.created_at >= LASTS:
            answer = Answered(RevocationOutcome.UNANSWERED)
        if isinstance(answer, NotNow):
            drawn = self._entropy.bytes(1)[0] / 255
            rest = rest_after(turn.failures, asked_for=answer.retry_after, drawn=drawn)
            until = self._clock.now() + rest
            await self._turns.rest(revocation.id, holder, because=answer.reason, until=until)
            return False
        outcome = answer.outcome
        await self._store.write(
            self._server, lambda work: end_revocation(work, revocation_id=revocation.id, outcome=outcome)
        )
        await self._turns.drop(revocation.id, holder)
        return True

    def _question(self, view: ConnectionWork, revocation: Revocation) -> Question | None:
        vault = view.vaults.find(revocation.vault_id)
        if vault is None or revocation.sealed is None:
            return None
        try:
            provider = get_provider(view, revocation.provider)
            client = open_client(view, self._keeper, provider=provider.name)
            tokens = read_tokens(self._keeper.open(vault, revocation.place, revocation.sealed))
        except (ProviderMissing, OAuthClientMissing, SealBroken, InstallationKeyWrong, TokensUnreadable):
            return None
        return Question(provider, client, tokens)

    async def _show(self, question: Question) -> Answered | NotNow:
        """The refresh token first: with it, providers take back all that came of it (RFC 7009 §2.1).

        One that has done so and does not know access tokens at this address has done what it can.
        """
        shown = ((question.tokens.refresh, TokenKind.REFRESH), (question.tokens.access, TokenKind.ACCESS))
        done = False
        for token, kind in shown:
            if token is None:
                continue
            answer = await self._endpoint.revoke(question.provider, question.client, token=token, kind=kind)
            if isinstance(answer, NotNow):
                return answer
            if answer.outcome is not RevocationOutcome.REVOKED and not done:
                return answer
            done = True
        return Answered(RevocationOutcome.REVOKED)
