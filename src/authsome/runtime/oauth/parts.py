"""What auth sessions need to ask a provider, of a running installation."""

from __future__ import annotations

from authsome.auth_session.oauth.finish import Parts
from authsome.runtime.runtime import Runtime


def parts_of(runtime: Runtime) -> Parts:
    """The parts that asking and sealing need."""
    return Parts(
        store=runtime.store,
        keeper=runtime.keeper,
        endpoint=runtime.token_endpoint,
        devices=runtime.device_endpoint,
        key=runtime.installation_key,
        clock=runtime.clock,
        entropy=runtime.entropy,
        base_url=runtime.config.base_url,
    )
