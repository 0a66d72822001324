"""Whatever dies whenever: what was committed under consent arrives once, and nothing else ever does.

Two servers of one installation write, position, send and die before any statement, on either side of a
request and with the answer lost, while PostHog misbehaves, dead letters are put back or given up, leases run
out and consent comes and goes. Afterwards all is well again for a while, and the books are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from authsome.claim.register import register
from authsome.identity.did import encode
from authsome.kit.caller import server_caller
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.books.dead_letters import SHOWN, LetterState
from authsome.store.sequencer import sequence
from authsome.store.unit_of_work import UnitOfWork
from authsome.telemetry.consent import cursor_name, settle_consent
from authsome.testing.posthog import Answer, Drop, Hang, Judge, Misbehaviour, Redirect
from tests.property.telemetry.house import Death, MakeDatabase, postgres_databases, sqlite_databases
from tests.property.telemetry.installation import SINK, Installation
from tests.support.crash import Crash
from tests.support.databases import postgres_server
from tests.support.examples import examples

__all__ = ["postgres_server"]
BAD = "prn_bad"  # PostHog refuses whatever is about this principal
UNSENDABLE = "ada@example.org"  # no subject may be called so
SERVERS = st.integers(0, 1)
FATES = st.one_of(st.none(), st.none(), st.integers(1, 30), st.sampled_from(Death))
MOSTLY = st.sampled_from([True, True, True, False])
MEANWHILE = st.sampled_from(["nothing", "nothing", "nothing", "the other sends too", "consent ends"])
HAPPENINGS = [
    timedelta(seconds=21),
    timedelta(seconds=21),
    timedelta(hours=2),
    timedelta(days=1),
    LetterState.RETRYING,
    LetterState.DROPPED,
    "replay",
    "connections die",
]
TROUBLE: list[Misbehaviour] = [
    Answer(status=400, text="not like this"),
    Answer(status=401),
    Answer(status=402),
    Answer(status=413),
    Answer(status=429, retry_after="7"),
    Answer(status=500, take=True),
    Answer(status=503),
    Drop(),
    Drop(take=True),
    Hang(take=True),
    Redirect(location="http://127.0.0.1:9/"),
    Judge({BAD: "drop"}),
    Judge({BAD: "retry"}),
]


class Trouble(Installation):
    """Everything that can go wrong, in any order."""

    number = 0

    @initialize(v1=st.booleans(), sends=MOSTLY)
    def begin(self, v1: bool, sends: bool) -> None:
        self.v1 = v1
        for _ in range(2):
            self.servers.append(self.do(self.start(sends)))
            self.settle(len(self.servers) - 1, sends, None)
        self.notice()

    @rule(at=SERVERS, fate=FATES, kind=st.sampled_from(["agent", "bad", "unsendable", "log-in"]))
    def write(self, at: int, fate: Death | int | None, kind: str) -> None:
        self.number += 1
        did = encode(self.number.to_bytes(2) * 16)
        subject = {"bad": BAD, "unsendable": UNSENDABLE}.get(kind, f"prn_{self.number}")
        server = self.servers[at]
        body: Callable[[UnitOfWork], Any] = partial(log_in, principal_id=subject, number=self.number)
        if kind == "agent":
            body = partial(register, did=did, label=None, address_key="k")
        if fate is Death.WITH_THE_ANSWER:
            server.store.on_commit.append(die)
        caller = server_caller(server.store.installation_id)
        survived = self.risk(at, lambda: server.store.write(caller, body), fate)
        if kind == "agent":
            kept = survived or fate is Death.WITH_THE_ANSWER
            (self.promised if kept else self.died_first).add(did)
        fresh = self.notice()
        if kind == "unsendable":
            self.unsendable |= fresh

    @rule(at=SERVERS, fate=FATES)
    def position(self, at: int, fate: Death | int | None) -> None:
        store = self.servers[at].store
        self.risk(at, lambda: store.keep_log(sequence), fate)

    @rule(at=SERVERS, fate=FATES, meanwhile=MEANWHILE)
    def send(self, at: int, fate: Death | int | None, meanwhile: str) -> None:
        """While a request is under way, the lease may run out and the other server send the same."""
        other = self.servers[1 - at]

        async def overtake() -> None:
            self.clock.advance(timedelta(minutes=1))
            if other.relay is not None:
                await other.relay._guarded_turn()

        async def forbid() -> None:
            await settle_consent(other.store, sink=SINK, allowed=False)

        acts = {"the other sends too": overtake, "consent ends": forbid}
        self.servers[at].sink.meanwhile = acts.get(meanwhile)
        self._send(at, fate)

    @rule(at=SERVERS, sends=MOSTLY, fate=FATES)
    def restart(self, at: int, sends: bool, fate: Death | int | None) -> None:
        """Killed, and started with another environment perhaps."""
        self.do(self.replace(at, sends=sends))
        self.settle(at, sends, fate)

    @rule(answers=st.lists(st.sampled_from(TROUBLE), min_size=1, max_size=3))
    def posthog_will(self, answers: list[Misbehaviour]) -> None:
        self.posthog.next(*answers)

    @rule(refuses=st.booleans())
    def posthog_refuses_one(self, refuses: bool) -> None:
        self.posthog.refuses = frozenset({BAD}) if refuses else frozenset()

    @rule(at=SERVERS, what=st.sampled_from(HAPPENINGS))
    def happens(self, at: int, what: timedelta | LetterState | str) -> None:
        store = self.servers[at].store
        match what:
            case timedelta():
                self.clock.advance(what)
            case LetterState():
                if what is LetterState.DROPPED:
                    self.given_up |= {letter.event_id for letter in self.letters(*SHOWN)}
                self.do(store.keep(lambda books: books.dead_letters.decide(SINK, what, event_ids=None)))
            case "replay":  # by somebody who wants everything to be sent once more
                self.do(store.keep(lambda books: books.cursors.set(cursor_name(SINK), position=0)))
            case _:
                self._connections_die()

    def _connections_die(self) -> None:
        """The database goes away and comes back: what was under way fails, what follows connects anew."""
        if self.eye.dialect.name == "sqlite":
            return
        self.eye.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        for server in self.servers:
            if server.relay is not None:
                self.do(server.relay._guarded_turn())
            self.do(server.connect_anew())

    @invariant()
    def nothing_else_has_left(self) -> None:
        taken = {str(event.uuid) for event in self.posthog.taken if event.name != "$set"}
        assert taken <= self.allowed - self.unsendable

    def _send(self, at: int, fate: Death | int | None) -> None:
        server = self.servers[at]
        if server.relay is not None:
            server.sink.death = fate if isinstance(fate, Death) else None
            self.risk(at, server.relay._guarded_turn, fate)
        server.sink.death = server.sink.meanwhile = None
        self.notice()


def log_in(work: UnitOfWork, *, principal_id: str, number: int) -> None:
    work.record(
        PrincipalLoggedIn(principal_id=principal_id, session_id=f"ses_{number}", kind=SessionKind.BROWSER)
    )


def die() -> None:
    raise Crash


def prove(make: MakeDatabase, *, usual: int) -> None:
    run_state_machine_as_test(
        lambda: Trouble(make),  # type: ignore[arg-type]
        settings=settings(
            max_examples=examples(usual),
            stateful_step_count=25,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_on_sqlite(tmp_path: Path) -> None:
    prove(sqlite_databases(tmp_path), usual=16)


@pytest.mark.postgres
def test_on_postgresql(postgres_server: str) -> None:
    prove(postgres_databases(postgres_server), usual=8)
