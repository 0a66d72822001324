"""Style sheets, scripts and drawings. Their addresses carry a digest, so a browser keeps them for ever."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from authsome.kit.errors import MissingError
from authsome.server.web.assets import PREFIX, compressed, find_asset

router = APIRouter(include_in_schema=False)


class AssetMissing(MissingError):
    """There is no such file, or the page that named it is from before an upgrade."""

    code = "asset_missing"
    hint = "load the page again"


@router.get(PREFIX + "{path:path}")
async def asset(request: Request) -> Response:
    """The file at exactly this address; nothing in it reaches the file system."""
    found = find_asset(request.url.path)
    if found is None:
        raise AssetMissing
    headers = found.headers()
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found.body, headers=headers)
    return Response(compressed(found.url), headers={**headers, "Content-Encoding": "gzip"})
