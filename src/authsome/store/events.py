"""What can happen to the installation itself."""

from __future__ import annotations

from enum import StrEnum

from authsome.kit.event import Event, Public, Subject


class DatabaseKind(StrEnum):
    """Where the registry lies."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class ServerStarted(Event):
    """A server process came up and is about to take requests.

    Healthy: once per deployment. Many in a row are a crash loop.
    """

    subject = Subject.SERVER
    audit_only = "tells operators of restarts; installations are counted by their id on any event"
    server_version: Public[str]
    database: Public[DatabaseKind]
