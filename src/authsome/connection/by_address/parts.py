"""What these acts need of the house."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.connection.ports import ConnectionWork
from authsome.kit.caller import ActorKind
from authsome.kit.clock import Clock
from authsome.kit.limits import Limits
from authsome.kit.work import Transactions
from authsome.provider.discovery.web import Web
from authsome.provider.errors import DiscoveryFailed
from authsome.provider.events import ProviderDiscoveryFailed
from authsome.vault.seal import Keeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`base_url` is where providers send people back to, and where this installation's own document lies."""

    store: Transactions[ConnectionWork]
    keeper: Keeper
    web: Web
    limits: Limits
    clock: Clock
    base_url: str
    installation_id: str


def note_failure(work: ConnectionWork, failed: DiscoveryFailed) -> None:
    """Record that an address, or a client there, was not to be had, and for which reason."""
    is_person = work.caller.kind is ActorKind.PRINCIPAL
    work.record(
        ProviderDiscoveryFailed(
            principal_id=work.caller.principal_id if is_person else None,
            reason=failed.reason,
            place=failed.place,
        )
    )
