"""Read the log as its readers do."""

from __future__ import annotations

from authsome.store.event_log import LoggedEvent
from authsome.store.sequencer import sequence
from authsome.store.transactions import Store


async def position_all(store: Store) -> None:
    """Run the sequencer until nothing is left for it (on SQLite there never is)."""
    while await store.keep_log(sequence):
        pass


async def all_events(store: Store) -> list[LoggedEvent]:
    """Every committed fact, in order."""
    await position_all(store)
    return await store.read(lambda view: view.event_log.after(0, 100_000))
