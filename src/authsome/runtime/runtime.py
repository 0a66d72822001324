"""What a running installation consists of."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.analytics.projections.project import Projector
from authsome.analytics.reader import Reader
from authsome.claim.pending import PendingRoom
from authsome.connection.by_address.parts import Parts as ByAddress
from authsome.connection.oauth.device import DeviceEndpoint
from authsome.connection.oauth.endpoint import TokenEndpoint
from authsome.connection.revocation.carry_out import Revoker
from authsome.kit.caller import Caller, server_caller
from authsome.kit.clock import Clock
from authsome.kit.ids import Entropy
from authsome.principal.password import Hasher
from authsome.runtime.config import RuntimeConfig
from authsome.runtime.generation import Generation
from authsome.runtime.leases import CountedRunLeases
from authsome.runtime.limits import CountedLimits
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.renewals import Renewals
from authsome.runtime.signers import Signers
from authsome.store.transactions import Store
from authsome.telemetry.mode import ModeDecision
from authsome.telemetry.usage.count import UsageMeter
from authsome.vault.installation_key import InstallationKey
from authsome.vault.seal import Keeper


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts, in the order in which they were made. Doors hold one of these and nothing else."""

    config: RuntimeConfig
    clock: Clock
    entropy: Entropy
    installation_key: InstallationKey
    store: Store
    hasher: Hasher
    limits: CountedLimits
    run_leases: CountedRunLeases
    keeper: Keeper
    generation: Generation
    signers: Signers
    pending_room: PendingRoom
    outside: Outside
    token_endpoint: TokenEndpoint
    device_endpoint: DeviceEndpoint
    by_address: ByAddress
    renewals: Renewals
    revoker: Revoker
    server_id: str
    telemetry: ModeDecision
    usage: UsageMeter
    projector: Projector
    analytics: Reader

    @property
    def server(self) -> Caller:
        """The installation, acting of its own accord."""
        return server_caller(self.store.installation_id)
