"""Every request of somebody known is counted once, by how it ended, and counting changes nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.kit.caller import ActorKind, Caller, RequestOutcome
from authsome.server.guard import App, Counting, Message, Receive, Scope, Send

ANN = Caller(kind=ActorKind.PRINCIPAL, id="prn_1", principal_id="prn_1")


def answering(status: int | None, *, caller: Caller | None = ANN, fails: bool = False) -> App:
    """An application that finds out who asks, answers if it is to, and then raises if it is to."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if caller is not None:
            scope["state"]["caller"] = caller
        if status is not None:
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b"as it was"})
        if fails:
            raise OSError("the disk")

    return app


async def ask(app: App) -> tuple[list[tuple[Caller, RequestOutcome]], list[Message]]:
    counted: list[tuple[Caller, RequestOutcome]] = []
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "state": {}}
    try:
        await Counting(app, lambda who, how: counted.append((who, how)))(scope, receive, send)
    except OSError:
        sent.append({"type": "raised"})
    return counted, sent


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, RequestOutcome.SUCCEEDED),
        (204, RequestOutcome.SUCCEEDED),
        (303, RequestOutcome.SUCCEEDED),
        (401, RequestOutcome.REFUSED),
        (422, RequestOutcome.REFUSED),
        (500, RequestOutcome.FAILED),
        (503, RequestOutcome.FAILED),
    ],
)
async def test_the_status_says_how_it_ended(status: int, outcome: RequestOutcome) -> None:
    counted, sent = await ask(answering(status))
    assert counted == [(ANN, outcome)]
    assert [message.get("body") for message in sent] == [None, b"as it was"]


async def test_strangers_are_not_counted() -> None:
    assert (await ask(answering(200, caller=None)))[0] == []


async def test_what_raises_before_an_answer_has_failed_and_still_raises() -> None:
    counted, sent = await ask(answering(None, fails=True))
    assert counted == [(ANN, RequestOutcome.FAILED)]
    assert sent == [{"type": "raised"}]
