"""How far the sinks are with the log: read from their own books, and so known to this installation alone."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.analytics.metric.parts import Kind
from authsome.analytics.metric.words import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes(Metric):
    """Facts that each sink has still to send, those it has set aside, and what was never recorded."""

    @property
    def kind(self) -> Kind:
        return Kind.LANES
