"""Every id under which a subject may ever have left: what an erasure has to ask PostHog to delete."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.kit.caller import ActorKind
from authsome.store.view import View
from authsome.telemetry.consent import consent_of
from authsome.telemetry.identify import distinct_id
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.naming.terms import Terms


@dataclass(frozen=True, slots=True)
class DistinctIds:
    """The ids, the plain one first. `lost_keys` name keys of pseudonyms that this server does not have.

    Under a lost key the subject may have left as well, and nobody can say any more as whom.
    """

    ids: tuple[str, ...]
    lost_keys: tuple[str, ...]


def distinct_ids_of(
    view: View, key: PseudonymKey, *, sink: str, kind: ActorKind, subject_id: str
) -> DistinctIds:
    """All ids of a principal (by its id) or an identity (by its handle), over all windows of the sink.

    The plain id is among them even if no window sent it: to delete what is not there does no harm.
    """
    windows = consent_of(view, sink).windows
    used = {terms.key_id for window in windows if (terms := Terms.from_settings(window.settings)).pseudonyms}
    ids = [distinct_id(kind, subject_id)]
    if key.id in used:
        ids.append(distinct_id(kind, subject_id, key.pseudonym))
    return DistinctIds(tuple(ids), tuple(sorted(one for one in used if one is not None and one != key.id)))
