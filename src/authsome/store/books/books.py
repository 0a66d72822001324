"""All books, on one connection, in one short transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from authsome.store.books.cursors import Cursors
from authsome.store.books.dead_letters import DeadLetters
from authsome.store.books.deletions import Deletions
from authsome.store.books.drafts import Drafts
from authsome.store.books.leases import Leases
from authsome.store.books.limits import LimitCounts
from authsome.store.books.nonces import Nonces
from authsome.store.books.refreshes import Refreshes
from authsome.store.books.servers import Servers
from authsome.store.books.usage import HourlyCounts, RequestKey, UsageKey
from authsome.store.tables import ledger


class Books:
    """What `Store.keep` gives its body."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.nonces = Nonces(connection)
        self.limits = LimitCounts(connection, now)
        self.drafts = Drafts(connection, now)
        self.leases = Leases(connection, now)
        self.refreshes = Refreshes(connection, now)
        self.cursors = Cursors(connection, now)
        self.dead_letters = DeadLetters(connection, now)
        self.usage = HourlyCounts(connection, ledger.usage, UsageKey)
        self.requests = HourlyCounts(connection, ledger.request, RequestKey)
        self.deletions = Deletions(connection, now)
        self.servers = Servers(connection, now)
