"""A listener on loopback for one run's command, whose connections go on by TLS to the gateway's proxy.

Any program of this machine can connect to it, and gets nothing by that: the listener adds no word of its own,
and the gateway serves only who says a run's token.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType

from authsome.cli.running.channel import BLOCK, Channel
from authsome.cli.running.dial import Dialer
from authsome.kit.errors import AuthsomeError
from authsome.proxy.gate import Refusal
from authsome.proxy.replies import render

FIRST_SECONDS = 10.0  # for a command to say what it wants, before it is told that the gateway is gone
LINGER_SECONDS = 2.0
STOP_SECONDS = 3.0
NO_ROOM_SECONDS = 0.2
MOST_CONNECTIONS = 200  # each holds two descriptors, of which a process usually may have 1,024
RESET = struct.pack("ii", 1, 0)


class Forwarder:
    """Listens while the block runs, in a thread of its own; entering it gives the port.

    Entering raises what `Dialer.dial` does, so that a command does not begin in vain.
    """

    def __init__(self, dialer: Dialer) -> None:
        self._dialer = dialer
        self._began: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, name="authsome-forwarder", daemon=True)
        self._stop: Callable[[], object] | None = None

    def __enter__(self) -> int:
        self._thread.start()
        return self._began.result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._stop is not None
        with contextlib.suppress(RuntimeError):  # its loop has ended by itself
            self._stop()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError):
                asyncio.run(self._serve())
        except Exception as error:  # edge: background task
            if self._began.done():
                raise
            self._began.set_exception(error)

    async def _serve(self) -> None:
        loop, whole = asyncio.get_running_loop(), asyncio.current_task()
        assert whole is not None
        (await self._dialer.dial()).close()
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            listener.setblocking(False)
            self._stop = lambda: loop.call_soon_threadsafe(whole.cancel)  # and with it all connections
            self._began.set_result(listener.getsockname()[1])
            await self._accept(listener)

    async def _accept(self, listener: socket.socket) -> None:
        room = asyncio.Semaphore(MOST_CONNECTIONS)
        async with asyncio.TaskGroup() as connections:
            while True:
                await room.acquire()
                carrying = connections.create_task(self._carry(await _accept_one(listener)))
                carrying.add_done_callback(lambda _: room.release())

    async def _carry(self, command: socket.socket) -> None:
        """One connection of the command, from its beginning to its end."""
        with contextlib.closing(command):
            try:
                gateway = await self._dialer.dial()
            except AuthsomeError as error:
                await _refuse(command, error)
                return
            ended = False
            try:
                with contextlib.closing(gateway):
                    await _exchange(command, gateway)
                ended = True
            except* OSError:  # of either side
                pass
            finally:
                if not ended:  # the command must not take what it has got for the whole
                    command.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


async def _accept_one(listener: socket.socket) -> socket.socket:
    while True:
        try:
            return (await asyncio.get_running_loop().sock_accept(listener))[0]
        except OSError:  # no descriptor is left, or the command is gone again
            await asyncio.sleep(NO_ROOM_SECONDS)


async def _exchange(command: socket.socket, gateway: Channel) -> None:
    """Carry both ways until the gateway has ended. Raises an OSError, in a group, if it breaks off."""
    command.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    async with asyncio.TaskGroup() as both:
        upwards = both.create_task(_carry_up(command, gateway))
        await _carry_down(command, gateway)
        await asyncio.wait([upwards], timeout=LINGER_SECONDS)
        upwards.cancel()


async def _carry_up(command: socket.socket, gateway: Channel) -> None:
    taken = True
    while data := await asyncio.get_running_loop().sock_recv(command, BLOCK):
        try:
            if taken:
                await gateway.write(data)
        except OSError:
            # How it ended, its other direction tells. Reading goes on, since bytes that nobody has read
            # would make the close a reset and take the last of the answer with it.
            taken = False
    if taken:
        with contextlib.suppress(OSError):
            await gateway.end()


async def _carry_down(command: socket.socket, gateway: Channel) -> None:
    while data := await gateway.read():
        await asyncio.get_running_loop().sock_sendall(command, data)
    command.shutdown(socket.SHUT_WR)


async def _refuse(command: socket.socket, error: AuthsomeError) -> None:
    """Say as the proxy would why nothing can be done, once the command has asked."""
    loop = asyncio.get_running_loop()
    reply = render(Refusal(error.code, error.detail, error.next_step, 502), inside=False)
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(FIRST_SECONDS):
            await loop.sock_recv(command, BLOCK)
            await loop.sock_sendall(command, reply)
            command.shutdown(socket.SHUT_WR)
        async with asyncio.timeout(LINGER_SECONDS):
            while await loop.sock_recv(command, BLOCK):
                pass
