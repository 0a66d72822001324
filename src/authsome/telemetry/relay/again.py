"""Facts that are sent once more: dead letters that an operator put back, and what the sink put off alone.

They lie among the dead letters, marked, so that a crash forgets none. Each goes alone: if it is refused
again it is a dead letter again, and takes nothing with it. Uuid and time are computed from the log as the
first time, so what had arrived after all is the same once more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from authsome.kit.ids import Entropy
from authsome.store.books.books import Books
from authsome.store.books.dead_letters import DeadLetter, LetterState
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import TermsFor
from authsome.telemetry.portion import Origin, Refusal, prepare
from authsome.telemetry.relay.deliver import Progress, Send, deliver
from authsome.telemetry.relay.pace import Pace
from authsome.telemetry.sink import Outgoing, PauseLane, RetryLater, Sink

AT_ONCE = 50  # letters in one go


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters, read back from the log: those that can be sent, in order, and those that cannot.

    `forgotten` are about somebody erased, and not kept either.
    """

    facts: tuple[Outgoing, ...]
    refused: tuple[Refusal, ...]
    forgotten: tuple[str, ...] = ()


class Again:
    """The lane beside the lane. Where the sink puts a fact off once more, only this lane waits."""

    def __init__(
        self,
        store: Store,
        sink: Sink,
        *,
        origin: Origin,
        terms_in: Callable[[View], TermsFor],
        entropy: Entropy,
        pace: Pace,
    ) -> None:
        self._store = store
        self._sink = sink
        self._origin = origin
        self._terms_in = terms_in
        self._entropy = entropy
        self._pace = pace
        self._failures = 0
        self._rests_until = 0.0

    async def turn(self, send: Send) -> PauseLane | None:
        """Send what was put back, as far as it goes; returns why all sending must pause, if it must."""
        if time.monotonic() < self._rests_until:
            return None
        letters = await self._store.keep(self._waiting)
        if not letters:
            return None
        found = await self._store.read(lambda view: self._read(view, letters))
        progress = Progress()
        for fact in found.facts:
            progress.add(await deliver([fact], send=send))
            if progress.interruption is not None:
                break
        await self._store.keep(lambda books: self._settle(books, found, progress))
        return self._consequence(progress)

    def _waiting(self, books: Books) -> list[DeadLetter]:
        return books.dead_letters.list(self._sink.name, limit=AT_ONCE, states=(LetterState.RETRYING,))

    def _read(self, view: View, letters: Sequence[DeadLetter]) -> Letters:
        """The facts of these letters as they are sent now. Consent holds here as everywhere."""
        terms_for, prepared, forgotten = self._terms_in(view), list[Outgoing | Refusal](), list[str]()
        for letter in letters:
            row = view.event_log.find(letter.event_id)
            if row is None:
                prepared.append(_refusal(letter, "gone: the log does not hold the fact any more"))
            elif view.erasures.among(row.people):
                forgotten.append(letter.event_id)
            elif (terms := terms_for(row)) is None:
                prepared.append(_refusal(letter, "not_consented: the fact is outside every consent window"))
            else:
                prepared.append(prepare(view, row, origin=self._origin, terms=terms, form=self._sink))
        return Letters(
            facts=tuple(one for one in prepared if isinstance(one, Outgoing)),
            refused=tuple(one for one in prepared if isinstance(one, Refusal)),
            forgotten=tuple(forgotten),
        )

    def _settle(self, books: Books, found: Letters, progress: Progress) -> None:
        """Forget the letters of what was taken; what was refused once more says why."""
        open_still = {refusal.event_id for refusal in (*progress.culprits, *progress.again)}
        reached = progress.done_upto or 0
        done = [*found.forgotten, *(fact.event_id for fact in found.facts if fact.position <= reached)]
        books.dead_letters.remove(self._sink.name, [one for one in done if one not in open_still])
        for refusal in (*found.refused, *progress.culprits):
            keep_letter(books, self._sink.name, refusal)

    def _consequence(self, progress: Progress) -> PauseLane | None:
        match progress.interruption:
            case PauseLane() as pause:
                return pause
            case RetryLater(after=after):
                self._failures += 1
                wait = self._pace.retry(self._failures, after=after, entropy=self._entropy)
                self._rests_until = time.monotonic() + wait
            case None:
                self._failures = 0
        return None


def keep_letter(
    books: Books, sink: str, refusal: Refusal, *, state: LetterState = LetterState.REFUSED
) -> None:
    """Keep the fact as a dead letter in this state."""
    books.dead_letters.add(
        sink=sink,
        event_id=refusal.event_id,
        position=refusal.position,
        reason=refusal.reason,
        state=state,
    )


def _refusal(letter: DeadLetter, reason: str) -> Refusal:
    return Refusal(position=letter.position, event_id=letter.event_id, reason=reason)
