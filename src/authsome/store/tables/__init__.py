"""Every table, and which of two kinds it is.

**Registry** tables are written only inside a unit of work, whose events must name each changed row.
**Bookkeeping** tables are written by the part that owns them, in its own short transaction, without
events. The event log itself is the third thing: it is appended to by the unit of work alone.

On SQLite the registry and the log are one file (`synchronous=FULL`: a power cut must not undo a commit
whose events were already sent) and the bookkeeping is a second one (`NORMAL`). On PostgreSQL all are
in one database.

To add a table: define it here, list it below, and write the migration; a test compares both.
"""

from __future__ import annotations

from authsome.store.tables import ledger, log, registry, rollup

REGISTRY = (
    registry.principal,
    registry.invitation,
    registry.browser_session,
    registry.identity,
    registry.retired_key,
    registry.claim,
    registry.provider,
    registry.vault,
    registry.connection,
    registry.oauth_client,
    registry.revocation,
    registry.grant,
    registry.access_request,
    registry.auth_session,
    registry.run,
    registry.setting,
    registry.consent_window,
    registry.erasure,
    registry.erased_subject,
)
LOG = (log.event_log, log.event_local)
BOOKKEEPING = (
    log.log_head,
    log.forgetting,
    ledger.cursor,
    ledger.lease,
    ledger.refresh,
    ledger.nonce,
    ledger.limit,
    ledger.draft,
    ledger.usage,
    ledger.request,
    ledger.server,
    ledger.dead_letter,
    ledger.person_deletion,
    *rollup.ROLLUPS,
    *rollup.BASELINES,
    *rollup.DERIVED,
    rollup.uncounted,
)

__all__ = ["BOOKKEEPING", "LOG", "REGISTRY", "ledger", "log", "registry", "rollup"]
