"""A small server of the sample pages, with the real headers and the real static files."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from authsome.server.web.assets import find_asset
from authsome.server.web.headers import security_headers
from tests.unit.server.web.hostile import TEXTS, hostile, hostile_frame
from tests.unit.server.web.samples import samples

PAGES = {name: page.html(frame) for name, page, frame in samples()}
PAGES |= {
    f"hostile-{name}-{kind}": hostile(page, text).html(hostile_frame(text))
    for name, page, _ in samples()
    for kind, text in TEXTS.items()
    if kind in ("closing", "long")
}
LOOKED_AT = [name for name in PAGES if not name.startswith("hostile-") or name.endswith("-closing")]


async def page(request: Request) -> Response:
    """One page, under the name that the samples give it."""
    return HTMLResponse(PAGES[request.path_params["name"]], headers=security_headers())


async def dashboard(request: Request) -> Response:
    """Where the range picker leads."""
    days = request.query_params.get("days", "30")
    return HTMLResponse(PAGES[f"adoption-{days}"], headers=security_headers())


async def static(request: Request) -> Response:
    """A style sheet, script or drawing."""
    asset = find_asset(request.url.path)
    if asset is None:
        return Response(status_code=404)
    return Response(asset.body, headers=asset.headers())


APP = Starlette(
    routes=[
        Route("/pages/{name}", page),
        Route("/analytics/adoption", dashboard),
        Route("/static/{path:path}", static),
    ]
)


@contextmanager
def serving() -> Iterator[str]:
    """The address of the server, while it runs on a free port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(APP, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        listener.close()
