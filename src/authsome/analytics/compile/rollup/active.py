"""Who was active in each bucket: one number of the index, or a count of subjects where it is narrowed."""

from __future__ import annotations

from sqlalchemy import distinct, func, select

from authsome.analytics.asked import Narrowing, Scope, Span
from authsome.analytics.compile.rollup.pick import Rows, bucket_of, narrowed, of_signs, within
from authsome.analytics.metric import Active
from authsome.store.tables.rollup import active_count, subject


def per_bucket(metric: Active, scope: Scope) -> Rows:
    """Bucket, number; a bucket without any has no row."""
    if scope.narrowing:
        return _counted(metric, scope.span, scope.narrowing)
    t, span = active_count.c, scope.span
    return select(t.start, t["count"]).where(
        t.activity == metric.activity.name,
        t.period == span.bucket.value,
        t.start >= span.buckets[0],
        t.start <= span.last,
    )


def _counted(metric: Active, span: Span, narrowing: Narrowing) -> Rows:
    who, bucket = subject.c[metric.activity.field], bucket_of(subject.c.day, span.bucket)
    where = [of_signs(metric.activity.signs), who != "", *narrowed(subject, narrowing)]
    return (
        select(bucket, func.count(distinct(who)))
        .where(*where, within(subject, span.first, span.last))
        .group_by(bucket)
    )
