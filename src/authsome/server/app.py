"""Put the HTTP door together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from authsome import __version__
from authsome.runtime.runtime import Runtime
from authsome.server import errors
from authsome.server.analytics import run_analytics
from authsome.server.gateway import Gateway
from authsome.server.guard import App, Counting, Guard
from authsome.server.reference.describe import Described
from authsome.server.routes import (
    access,
    auth,
    connections,
    grants,
    health,
    host,
    identities,
    principals,
    providers,
    proxy,
    sign_outs,
    static,
    telemetry,
)
from authsome.server.routes.analytics import dashboards, record
from authsome.server.routes.provided import amendments, by_address, probes
from authsome.server.routes.ui import (
    claim,
    erase,
    log_in,
    measures,
    overview,
    password,
    reset_password,
    set_up,
    sign_in,
)
from authsome.server.routes.ui import principals as principals_page
from authsome.server.routes.ui.agents import end, listing, one
from authsome.server.routes.ui.connected import export as export_page
from authsome.server.routes.ui.connected import listing as connections_page
from authsome.server.routes.ui.connected import one as connection_page
from authsome.server.routes.ui.connecting import authorize, connect
from authsome.server.routes.ui.connecting import by_address as by_address_page
from authsome.server.routes.ui.granting import access as access_page
from authsome.server.routes.ui.granting import grant as grant_page
from authsome.server.routes.ui.provided import add, amendment, begin, definition, tried
from authsome.server.routes.ui.provided import listing as providers_page
from authsome.server.routes.ui.telemetry import export_past, repair, state
from authsome.server.state import State
from authsome.server.web.headers import security_headers

# Routes are tried in this order, one pattern after another: what agents ask most comes first.
MODULES = (
    identities,
    proxy,
    connections,
    amendments,
    probes,
    providers,
    by_address,
    auth,
    grants,
    access,
    principals,
    sign_outs,
    health,
    host,
    record,
    dashboards,
    telemetry,
)

PAGES = (
    access_page,
    add,
    amendment,
    definition,
    begin,
    tried,
    listing,
    one,
    end,
    authorize,
    by_address_page,
    claim,
    connect,
    connection_page,
    connections_page,
    erase,
    export_page,
    export_past,
    grant_page,
    log_in,
    measures,
    state,
    overview,
    password,
    principals_page,
    providers_page,
    repair,
    reset_password,
    set_up,
    sign_in,
    static,
)


def create_app(runtime: Runtime, gateway: Gateway | None = None) -> App:
    """The ASGI application of a runtime that is already built. It is taken down by whoever built it."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[State]:
        async with run_analytics(runtime):
            yield State(runtime=runtime, gateway=gateway)

    app = Described(title="Authsome", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    errors.install(app)
    # One flat list: an included router is matched anew at each level, for every request.
    for module in (*MODULES, *PAGES):
        app.router.routes.extend(module.router.routes)
    app.router.routes.extend(by_address.document_router.routes)
    counting = Counting(app, runtime.usage.count_request)
    return Guard(counting, runtime.config.base_url, security_headers())
