"""Ask a provider's device authorization address over the network."""

from __future__ import annotations

from authsome.connection.oauth.device import DeviceCode, DeviceRequest, Unsafe
from authsome.connection.oauth.endpoint import NotGranted
from authsome.connection.oauth.failure import RefreshFailure
from authsome.runtime.oauth.asking import Asking, Said
from authsome.runtime.oauth.device.answer import read_device_answer
from authsome.runtime.oauth.write import device_body_of, headers_of


class HttpDeviceEndpoint:
    """Satisfies `connection.oauth.device.DeviceEndpoint`."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def ask_device(self, request: DeviceRequest) -> DeviceCode | NotGranted | Unsafe:
        oauth = request.provider.oauth
        if oauth is None or oauth.device_authorization_url is None:
            return NotGranted(RefreshFailure.CLIENT_MISSING)
        said = await self._asking.ask(
            "POST",
            oauth.device_authorization_url,
            request.provider,
            headers=headers_of(request.client, oauth),
            content=device_body_of(request, oauth),
        )
        if not isinstance(said, Said):
            return NotGranted(said)
        return read_device_answer(said.status, said.headers, said.body)
