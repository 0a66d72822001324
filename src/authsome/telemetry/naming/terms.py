"""The settings of a consent window: in which words its facts leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authsome.telemetry.mode import ModeDecision
from authsome.telemetry.naming.pseudonyms import Naming, PseudonymKey, PseudonymKeyGone, plain

KEY_ID = "pseudonym_key_id"
GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Part of what was agreed to, so a fact keeps the terms of its window for ever.

    `key_id` names the key of the pseudonyms; None sends ids as they are. `group` counts a fact for the
    group of its principal too.
    """

    key_id: str | None = None
    group: bool = False

    @property
    def pseudonyms(self) -> bool:
        return self.key_id is not None

    def naming(self, key: PseudonymKey | None) -> Naming:
        """How names are put under these terms. Raises `PseudonymKeyGone`: never the plain name instead."""
        held = self._held(key)
        return held.pseudonym if held else plain

    def uuid(self, key: PseudonymKey | None, known: str) -> str:
        """The uuid under which a fact leaves. Raises `PseudonymKeyGone`."""
        held = self._held(key)
        return held.uuid(known) if held else known

    def _held(self, key: PseudonymKey | None) -> PseudonymKey | None:
        """The key that these terms ask for; None where they ask for none."""
        if self.key_id is None:
            return None
        if key is None or key.id != self.key_id:
            raise PseudonymKeyGone
        return key

    def to_settings(self) -> dict[str, Any]:
        return {KEY_ID: self.key_id, GROUP: self.group}

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Terms:
        return cls(key_id=settings.get(KEY_ID), group=settings.get(GROUP) is True)


PLAIN = Terms()


def terms_of(decision: ModeDecision, key: PseudonymKey | None) -> Terms:
    """The terms that the operator asks for now. Raises `PseudonymKeyGone` where the key is missing."""
    if not decision.pseudonyms:
        return Terms(group=decision.group)
    if key is None:
        raise PseudonymKeyGone
    return Terms(key_id=key.id, group=decision.group)
