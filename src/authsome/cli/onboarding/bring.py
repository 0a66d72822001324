"""Connect what was chosen, and take the keys out of the files they lay in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from authsome.cli.clients import ask_as_person
from authsome.cli.files.dotenv import replaced
from authsome.cli.files.plain import FileLeftAlone, read_plain, rewrite
from authsome.cli.onboarding.choose import Chosen
from authsome.client.errors import ClientError
from authsome.client.settings import ClientSettings
from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret


@dataclass(slots=True)
class Brought:
    """One that was tried: what was refused, if it was, and the files from which its key is gone."""

    chosen: Chosen
    refusal: ClientError | AuthsomeError | None = None
    taken_out: list[str] = field(default_factory=list)


def bring(settings: ClientSettings, chosen: Sequence[Chosen]) -> list[Brought]:
    """Connect each. One that is refused keeps none of the others back. Raises `SignedOut`."""
    return [_connect(settings, one) for one in chosen]


def take_out(brought: Sequence[Brought]) -> list[str]:
    """Replace the keys in files by a comment that says where each went; returns what was left as it is."""
    done = [one for one in brought if one.refusal is None]
    paths = [place.source.path for one in done for place in one.chosen.candidate.places]
    left: list[str] = []
    for path in dict.fromkeys(path for path in paths if path is not None):
        try:
            _take_out_of(path, done)
        except (FileLeftAlone, OSError) as error:
            left.append(error.detail if isinstance(error, FileLeftAlone) else f"{path}: {error.strerror}")
    return left


def _connect(settings: ClientSettings, chosen: Chosen) -> Brought:
    values = {name: value.reveal() for name, value in chosen.candidate.values.items()}
    key = {"fields": values} if len(values) > 1 else {"api_key": next(iter(values.values()))}
    body = {"provider": chosen.candidate.provider, "name": chosen.name, **key}
    try:
        ask_as_person(settings, lambda client: client.post("/connections", body))
    except ClientError as refusal:
        return Brought(chosen, refusal)
    return Brought(chosen)


def _take_out_of(path: Path, done: Sequence[Brought]) -> None:
    content = read_plain(path)
    taken: dict[str, Secret] = {}
    comments: dict[str, str] = {}
    concerned: list[Brought] = []
    for one in done:
        for place in one.chosen.candidate.places:
            if place.source.path != path:
                continue
            taken[place.variable] = next(a.value for a in place.source.assignments if a.line == place.line)
            comments[place.variable] = f"{place.variable} is in Authsome now: {one.chosen.reference}"
            concerned.append(one)
    changed, lines = replaced(content.decode("utf-8", "surrogateescape"), taken=taken, by=comments)
    if not lines:
        raise FileLeftAlone(f"{path} holds none of these keys any more")
    rewrite(path, changed.encode("utf-8", "surrogateescape"), instead_of=content)
    for one in concerned:
        if str(path) not in one.taken_out:
            one.taken_out.append(str(path))
