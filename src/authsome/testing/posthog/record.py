"""Everything that was received, byte for byte, to be searched for what must never leave."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from authsome.testing.posthog.contract import BATCH_LIMIT, Refused, unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request as it came from the socket, and the status it got (None: no answer)."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    peer_ip: str
    status: int | None

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def plain(self) -> bytes:
        """The body, unpacked where it can be."""
        try:
            return unpack(self.body, limit=BATCH_LIMIT)
        except Refused:
            return self.body

    @property
    def json(self) -> Any:
        return json.loads(self.plain)

    def header(self, name: str) -> str | None:
        """The header's first value; names are compared without case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def answered(self, status: int | None) -> RecordedRequest:
        """The same request with the status that it got."""
        return replace(self, status=status)

    def holds(self, needle: str) -> bool:
        """Whether the text occurs anywhere in the request, without regard to case.

        Looked for in the unpacked body also as JSON would escape it.
        """
        lines = [self.method, self.target, *(f"{name}: {value}" for name, value in self.headers)]
        everything = "\n".join(lines).encode() + b"\n" + self.plain
        forms = {needle.lower().encode(), json.dumps(needle.lower())[1:-1].encode()}
        return any(form in everything.lower() for form in forms)

    def to_line(self) -> str:
        """One line of JSON, with the unpacked body as readable text beside the raw bytes."""
        return json.dumps(
            {
                "method": self.method,
                "target": self.target,
                "headers": [list(pair) for pair in self.headers],
                "peer_ip": self.peer_ip,
                "status": self.status,
                "text": self.plain.decode("utf-8", "replace"),
                "body": base64.b64encode(self.body).decode(),
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_line(cls, line: str) -> RecordedRequest:
        raw = json.loads(line)
        return cls(
            method=raw["method"],
            target=raw["target"],
            headers=tuple((name, value) for name, value in raw["headers"]),
            body=base64.b64decode(raw["body"]),
            peer_ip=raw["peer_ip"],
            status=raw["status"],
        )


def read_record(path: Path) -> list[RecordedRequest]:
    """The requests that a simulator wrote to `path` with `--record`."""
    return [RecordedRequest.from_line(line) for line in path.read_text("utf-8").splitlines()]


def holding(requests: Iterable[RecordedRequest], needle: str) -> list[RecordedRequest]:
    """The requests in which the text occurs."""
    return [request for request in requests if request.holds(needle)]
