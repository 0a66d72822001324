"""All tables of the registry and the log, on one connection, in one transaction."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from authsome.kit.caller import Caller
from authsome.kit.event import Event
from authsome.store.event_log import EventLog
from authsome.store.rows.auth_sessions import AuthSessions
from authsome.store.rows.connections import Connections
from authsome.store.rows.consent_windows import ConsentWindows
from authsome.store.rows.erasures import Erasures
from authsome.store.rows.grants import AccessRequests, Grants
from authsome.store.rows.identities import Claims, Identities, RetiredKeys
from authsome.store.rows.oauth_clients import OAuthClients
from authsome.store.rows.principals import Invitations, Principals, Sessions
from authsome.store.rows.providers import Providers
from authsome.store.rows.revocations import Revocations
from authsome.store.rows.rows import ChangeLog, ReadOnly
from authsome.store.rows.runs import Runs
from authsome.store.rows.settings import Settings
from authsome.store.rows.vaults import Vaults


class View:
    """A consistent snapshot. Without a change log it refuses to write.

    It has the shape of a unit of work, so that one function can look from inside of one and from outside;
    what only a unit of work can do raises `ReadOnly`. There is a property per noun, whose object is made
    when it is first asked for, since most use cases need two.
    """

    def __init__(self, connection: Connection, now: datetime, changes: ChangeLog | None = None) -> None:
        self.connection = connection
        self.now = now
        self._changes = changes

    @property
    def caller(self) -> Caller:
        raise ReadOnly

    def new_id(self, prefix: str) -> str:
        raise ReadOnly

    def token(self) -> str:
        raise ReadOnly

    def random(self, count: int) -> bytes:
        raise ReadOnly

    def record(self, event: Event) -> datetime:
        raise ReadOnly

    def quiet(self, reason: str) -> None:
        raise ReadOnly

    @cached_property
    def principals(self) -> Principals:
        return Principals(self.connection, self._changes)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self.connection, self._changes)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.connection, self._changes)

    @cached_property
    def identities(self) -> Identities:
        return Identities(self.connection, self._changes)

    @cached_property
    def retired_keys(self) -> RetiredKeys:
        return RetiredKeys(self.connection, self._changes)

    @cached_property
    def claims(self) -> Claims:
        return Claims(self.connection, self._changes)

    @cached_property
    def providers(self) -> Providers:
        return Providers(self.connection, self._changes)

    @cached_property
    def vaults(self) -> Vaults:
        return Vaults(self.connection, self._changes)

    @cached_property
    def connections(self) -> Connections:
        return Connections(self.connection, self._changes)

    @cached_property
    def oauth_clients(self) -> OAuthClients:
        return OAuthClients(self.connection, self._changes)

    @cached_property
    def revocations(self) -> Revocations:
        return Revocations(self.connection, self._changes)

    @cached_property
    def grants(self) -> Grants:
        return Grants(self.connection, self._changes)

    @cached_property
    def access_requests(self) -> AccessRequests:
        return AccessRequests(self.connection, self._changes)

    @cached_property
    def auth_sessions(self) -> AuthSessions:
        return AuthSessions(self.connection, self._changes)

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.connection, self._changes)

    @cached_property
    def erasures(self) -> Erasures:
        _ = self.event_log  # brings what was recorded before into the log, so that it is forgotten too
        return Erasures(self.connection, self._changes)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.connection, self._changes)

    @cached_property
    def consent_windows(self) -> ConsentWindows:
        return ConsentWindows(self.connection, self._changes)

    @property
    def event_log(self) -> EventLog:
        return EventLog(self.connection)
