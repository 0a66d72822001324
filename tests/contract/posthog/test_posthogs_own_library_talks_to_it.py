"""PostHog's own Python library is satisfied with the simulator, and so the simulator with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from posthog import Posthog

from authsome.testing.posthog import PostHogSimulator

UUID = "0b8e7f0e-3c0d-5d8a-9f0a-0d4f2f0c9a11"


@pytest.mark.parametrize("gzip", [False, True])
def test_events_of_the_library_are_recorded(gzip: bool) -> None:
    with PostHogSimulator() as posthog:
        client = Posthog(posthog.key, host=posthog.url, gzip=gzip)
        client.capture(
            "principal_registered",
            distinct_id="prn_1",
            properties={"principal_id": "prn_1"},
            timestamp=datetime(2026, 3, 1, tzinfo=UTC),
            uuid=UUID,
        )
        client.set(distinct_id="prn_1", properties={"role": "admin"})
        client.shutdown()
        taken = {event.name: event for event in posthog.taken}
        assert [request.path for request in posthog.requests] == ["/batch/"]
        assert posthog.persons["prn_1"].properties == {"role": "admin"}
    assert str(taken["principal_registered"].uuid) == UUID
    assert taken["principal_registered"].properties["principal_id"] == "prn_1"
    assert taken["principal_registered"].properties["$lib"] == "posthog-python"
