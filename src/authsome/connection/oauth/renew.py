"""Ask a provider for a connection's next token: one server, once, however many wait for it.

    look ──▶ take the turn ──▶ look again ──▶ connect ──▶ note that it is asked ──▶ ask ──▶ seal ──▶ give back
      ▲          │ somebody has it
      └── wait ──┘

No transaction is open while the provider thinks. A turn that is not kept up lapses, so a server that is
killed holds nobody up for long; what it had noted tells its successor whether the refresh token had left. One
that works once and had left is not sent again: the provider has answered by all likelihood, the answer is
lost with whoever got it, and a second use is what a thief's looks like (RFC 9700 §4.14.2). A provider that
did not answer in time is another matter: it is ill, and is asked again later.

What was answered is sealed before anything else, even if somebody has taken the turn for lapsed.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from authsome.connection.errors import (
    ConnectionMissing,
    NeedsReconnection,
    OAuthClientMissing,
    RefreshFailed,
)
from authsome.connection.find import check_usable, needs_reconnection, open_tokens
from authsome.connection.model import BrokenReason, Connection, Flow
from authsome.connection.oauth.endpoint import (
    ByClient,
    ByRefreshToken,
    Grant,
    Granted,
    NotGranted,
    TokenEndpoint,
    TokenRequest,
    Withheld,
)
from authsome.connection.oauth.failure import WORDS, RefreshFailure
from authsome.connection.oauth.open_client import open_client
from authsome.connection.oauth.record import BREAKS, mark_broken, record_refresh_failed, record_refreshed
from authsome.connection.oauth.tokens import Tokens, life_of
from authsome.connection.oauth.turns import KEPT_EVERY_SECONDS, Resting, Taken, Turns, rest_after
from authsome.connection.ports import ConnectionWork
from authsome.kit.caller import Caller
from authsome.kit.clock import Clock
from authsome.kit.errors import AuthsomeError, UnavailableError
from authsome.kit.ids import Entropy
from authsome.kit.patience import patiently
from authsome.kit.work import Transactions
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.vault.seal import Keeper

LOOK_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for which version of a connection."""

    connection: Connection
    request: TokenRequest | None = None  # None where there is nobody to ask, or as nobody
    tokens: Tokens | None = None


class Renewer:
    """Renews connections. Safe to use by many servers at once; one server asks for each connection once
    (`runtime.renewals`), or its callers would wait for each other by looking at the database.
    """

    def __init__(
        self,
        store: Transactions[ConnectionWork],
        keeper: Keeper,
        *,
        turns: Turns,
        endpoint: TokenEndpoint,
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

    async def renew(self, *, connection_id: str, version: int) -> Connection:
        """The connection with a newer token than that of `version`, whoever asked for it.

        Raises `NeedsReconnection` when none can come any more, `RefreshFailed` when none came now,
        `ConnectionEnded` or `ConnectionMissing`.
        """
        holder = self._entropy.bytes(16).hex()
        while True:
            connection = await self._look(connection_id)
            if connection.version != version:
                return connection
            turn = await self._turns.take(connection_id, holder)
            if isinstance(turn, Resting):
                raise _failed(connection, turn.because)
            if isinstance(turn, Taken):
                renewed = await self._with_turn(turn, holder, connection_id, version=version)
                if renewed is not None:
                    return renewed
            await asyncio.sleep(LOOK_EVERY_SECONDS * (0.5 + self._drawn()))

    async def give_up(self, *, connection_id: str, version: int, reason: BrokenReason) -> NeedsReconnection:
        """Mark it broken for a reason that is not the token address's; returns what to say."""
        await self._store.write(
            self._server,
            lambda work: mark_broken(work, connection_id=connection_id, version=version, reason=reason),
        )
        connection = await self._store.read(lambda view: view.connections.find(connection_id))
        if connection is None:
            raise ConnectionMissing
        return needs_reconnection(connection, connection.reason or reason)

    async def _look(self, connection_id: str) -> Connection:
        connection = await self._store.read(lambda view: view.connections.find(connection_id))
        if connection is None:
            raise ConnectionMissing
        check_usable(connection)
        return connection

    async def _with_turn(
        self, turn: Taken, holder: str, connection_id: str, *, version: int
    ) -> Connection | None:
        """The renewed connection; None where the turn was lost before anything left."""
        question = await self._store.read(lambda view: self._question(view, connection_id))
        if question.connection.version != version:  # renewed between our look and our turn
            await self._turns.drop(connection_id, holder)
            check_usable(question.connection)
            return question.connection
        if question.request is None:
            return await self._not_granted(question, holder, NotGranted(RefreshFailure.CLIENT_MISSING), turn)
        if turn.asked_version == version and question.request.works_once:
            return await self._not_granted(question, holder, NotGranted(RefreshFailure.INTERRUPTED), turn)
        answer, renewed = await self._ask(question, question.request, holder)
        if isinstance(answer, NotGranted):
            return await self._not_granted(question, holder, answer, turn)
        if isinstance(answer, Withheld):
            return None
        await self._turns.drop(connection_id, holder)
        return renewed or await self._look(connection_id)

    async def _ask(
        self, question: Question, request: TokenRequest, holder: str
    ) -> tuple[Granted | NotGranted | Withheld, Connection | None]:
        """The answer; sealed already, if it is tokens. The turn is kept up meanwhile."""
        connection, failed = question.connection, None
        async with asyncio.TaskGroup() as group:
            kept = group.create_task(self._keep_turn(connection.id, holder))
            try:
                answer = await self._endpoint.ask(
                    request,
                    before_sending=lambda: self._turns.note_asked(connection.id, holder, connection.version),
                )
                renewed: Connection | None = None
                if isinstance(answer, Granted):
                    renewed = await self._seal(connection, answer.tokens.after(question.tokens))
            except AuthsomeError as error:
                failed = error  # raised below: the group would hide it in one of its own
            kept.cancel()
        if failed is not None:
            raise failed
        return answer, renewed

    def _question(self, view: ConnectionWork, connection_id: str) -> Question:
        connection = view.connections.find(connection_id)
        if connection is None:
            raise ConnectionMissing
        check_usable(connection)
        try:
            provider = get_provider(view, connection.provider)
            client = open_client(view, self._keeper, provider=provider.name)
        except (ProviderMissing, OAuthClientMissing):
            return Question(connection)
        tokens = open_tokens(view, self._keeper, connection=connection)
        if connection.flow is Flow.CLIENT_CREDENTIALS:
            grant: Grant = ByClient(tokens.scopes)
        elif tokens.refresh is not None:
            grant = ByRefreshToken(tokens.refresh)
        else:
            return Question(connection)
        return Question(connection, TokenRequest(provider, client, grant), tokens)

    async def _seal(self, connection: Connection, tokens: Tokens) -> Connection | None:
        anew = connection.flow is Flow.CLIENT_CREDENTIALS
        life = life_of(tokens, now=self._clock.now(), entropy=self._entropy, asked_anew=anew)
        return await patiently(
            lambda _is_again: self._store.write(
                self._server,
                lambda work: record_refreshed(
                    work,
                    self._keeper,
                    connection_id=connection.id,
                    version=connection.version,
                    tokens=tokens,
                    life=life,
                ),
            )
        )

    async def _not_granted(
        self, question: Question, holder: str, answer: NotGranted, turn: Taken
    ) -> Connection:
        """Raises what is to be said. A connection that was connected anew meanwhile is returned."""
        connection, reason = question.connection, answer.reason
        noted = await self._store.write(
            self._server,
            lambda work: record_refresh_failed(
                work, connection_id=connection.id, version=connection.version, reason=reason
            ),
        )
        if noted is None or reason in BREAKS:
            await self._turns.drop(connection.id, holder)
            return await self._look(connection.id)
        rest = rest_after(turn.failures, asked_for=answer.retry_after, drawn=self._drawn())
        until = self._clock.now() + rest
        await self._turns.rest(connection.id, holder, because=reason, until=until)
        raise _failed(connection, reason)

    async def _keep_turn(self, connection_id: str, holder: str) -> None:
        while True:
            await asyncio.sleep(KEPT_EVERY_SECONDS)
            with suppress(UnavailableError):
                await self._turns.keep(connection_id, holder)

    def _drawn(self) -> float:
        return self._entropy.bytes(1)[0] / 255


def _failed(connection: Connection, reason: RefreshFailure) -> RefreshFailed:
    return RefreshFailed(f"there is no new token for {connection.reference}: {WORDS[reason]}")
