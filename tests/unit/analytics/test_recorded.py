"""Every event of the product has a use case that records it, and the inventory says which."""

from __future__ import annotations

from authsome.analytics.recorded import recorded_by
from authsome.telemetry.catalogue import events


def test_every_event_is_recorded_by_some_use_case() -> None:
    assert events().keys() == recorded_by().keys()


def test_the_use_case_is_read_off_the_code() -> None:
    found = recorded_by()
    assert found["identity_claimed"] == ("claim.decide",)
    assert found["principal_login_failed"] == ("principal.confirm", "principal.log_in")
    assert not any(module.startswith("analytics.rows") for modules in found.values() for module in modules)
