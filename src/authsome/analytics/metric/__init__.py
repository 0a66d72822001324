"""What a metric is. Each is defined once (`metrics`), and compiled from there to everything that shows it.

- `words` is what all have: a name, the question, the definition, how a healthy number moves;
- `counted`, `active`, `funnel`, `retention`, `lanes` are the five forms, each with what it counts;
- `parts` are what they are made of: lines of facts, ways of counting, dimensions, buckets of days.

Invariants: a metric that asks an event for what it does not have, or does not send, cannot be created.

To add a form: a module here, a `Kind`, and its part in each of `compile/{rollup,hogql,posthog}`, `reader` and
the oracle of the property tests.
"""

from __future__ import annotations

from authsome.analytics.metric.active import Active, Activity, Sign
from authsome.analytics.metric.counted import Counted
from authsome.analytics.metric.funnel import Funnel
from authsome.analytics.metric.lanes import Lanes
from authsome.analytics.metric.parts import (
    Bucket,
    Dimension,
    Distinct,
    Each,
    Kind,
    Line,
    MetricInvalid,
    Summed,
    Unit,
)
from authsome.analytics.metric.retention import Retention
from authsome.analytics.metric.words import Metric

__all__ = [
    "Active",
    "Activity",
    "Bucket",
    "Counted",
    "Dimension",
    "Distinct",
    "Each",
    "Funnel",
    "Kind",
    "Lanes",
    "Line",
    "Metric",
    "MetricInvalid",
    "Retention",
    "Sign",
    "Summed",
    "Unit",
]
