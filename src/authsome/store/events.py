"""What can happen to the installation itself."""

from __future__ import annotations

from enum import StrEnum

from authsome.kit.event import Event, Public, Subject


class DatabaseKind(StrEnum):
    """Where the registry lies."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class ServerUpgraded(Event):
    """A server came up with another version than the one that came up last, be it newer or older.

    Healthy: once per release. With several servers, a few back and forth while they are replaced.
    """

    subject = Subject.SERVER
    audit_only = "tells operators which version ran when; adoption does not depend on it"
    previous_version: Public[str]
    server_version: Public[str]


class ServerStarted(Event):
    """A server process came up and is about to take requests.

    Healthy: once per deployment. Many in a row are a crash loop.
    """

    subject = Subject.SERVER
    audit_only = "tells operators of restarts; installations are counted by their id on any event"
    server_version: Public[str]
    database: Public[DatabaseKind]
