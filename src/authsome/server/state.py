"""What the lifespan hands to every request: one runtime, and what is derived from it once."""

from __future__ import annotations

from typing import Annotated, TypedDict, cast

from fastapi import Depends, Request

from authsome.runtime.runtime import Runtime
from authsome.server.gateway import Gateway


class State(TypedDict):
    """The lifespan's state."""

    runtime: Runtime
    gateway: Gateway | None


def runtime_of(request: Request) -> Runtime:
    """The runtime behind a request."""
    return cast("Runtime", request.state.runtime)


async def given_runtime(request: Request) -> Runtime:
    """For routes. A coroutine, because FastAPI sends a plain function through a thread for every request."""
    return runtime_of(request)


Rt = Annotated[Runtime, Depends(given_runtime)]
