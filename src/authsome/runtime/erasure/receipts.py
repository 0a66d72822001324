"""Receipts of erasures as plain values, and what one would do at PostHog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from authsome.erasure.model import Erasure
from authsome.kit.clock import rfc3339
from authsome.runtime.runtime import Runtime
from authsome.store.books.deletions import Deletion, DeletionState
from authsome.store.view import View
from authsome.telemetry.consent import consent_of
from authsome.telemetry.forget.collect import Known, known_as
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.sinks.posthog import NAME
from authsome.telemetry.sinks.posthog.private.access import Unavailable, find_access


async def list_erasures(runtime: Runtime, *, before: str, limit: int) -> list[dict[str, Any]]:
    """Receipts, the latest first: what was destroyed here, and how far it is at PostHog."""
    found = await runtime.store.read(lambda view: view.erasures.list(before=before, limit=limit))
    return await _receipts(runtime, found)


async def receipt_of(runtime: Runtime, erasure: Erasure) -> dict[str, Any]:
    """The receipt of one that just happened."""
    (receipt,) = await _receipts(runtime, [erasure])
    return receipt


async def at_posthog(runtime: Runtime) -> str | None:
    """What an erasure would do at PostHog, as one sentence; None where nothing was ever sent there."""
    consent = await runtime.store.read(lambda view: consent_of(view, NAME))
    if not consent.windows:
        return None
    access = find_access(runtime.config.telemetry_settings, runtime.telemetry)
    if isinstance(access, Unavailable):
        return f"PostHog is not asked to delete anything ({access.because}). The receipt says what to do."
    return f"PostHog at {access.host} is asked to delete the person and all their events."


async def _receipts(runtime: Runtime, erasures: Sequence[Erasure]) -> list[dict[str, Any]]:
    ids = [one.id for one in erasures]
    deletions = await runtime.store.keep(lambda books: books.deletions.of(ids))
    key = PseudonymKey(runtime.installation_key)

    def know(view: View) -> dict[str, Known]:
        return {one: known_as(view, one, key) for one in ids}

    known = await runtime.store.read(know)
    return [
        {
            "id": one.id,
            "kind": one.kind.value,
            "subject": one.subject_id,
            "by": one.by.value,
            "erased_at": rfc3339(one.created_at),
            "destroyed": asdict(one.destroyed),
            "posthog": _posthog(runtime, deletions.get(one.id), known[one.id]),
        }
        for one in erasures
    ]


def _posthog(runtime: Runtime, deletion: Deletion | None, known: Known) -> dict[str, Any]:
    """An erasure of a moment ago is not queued yet: that is waiting, too."""
    if deletion is None:
        state = DeletionState.WAITING if known.ever_sent else DeletionState.NOT_NEEDED
    else:
        state = deletion.state
    return {
        "state": state.value,
        "requested_at": _moment(deletion.requested_at if deletion else None),
        "verified_at": _moment(deletion.verified_at if deletion else None),
        "persons": deletion.persons if deletion else None,
        "events_left": deletion.left if deletion else None,
        "because": deletion.because if deletion else None,
        "by_hand": _by_hand(runtime, state, known),
    }


def _by_hand(runtime: Runtime, state: DeletionState, known: Known) -> dict[str, Any] | None:
    """What only a person can do: everything where PostHog cannot be asked, and what a lost key hides."""
    access = find_access(runtime.config.telemetry_settings, runtime.telemetry)
    if state in (DeletionState.VERIFIED, DeletionState.NOT_NEEDED) and not known.lost_keys:
        return None
    if not isinstance(access, Unavailable) and not known.lost_keys:
        return None
    return {
        "host": runtime.telemetry.host,
        "distinct_ids": list(known.ids) if isinstance(access, Unavailable) else [],
        "lost_pseudonyms": list(known.lost_keys),
    }


def _moment(at: Any) -> str | None:
    return rfc3339(at) if at else None
