"""Look, change, and look again until nothing differs: how `plan`, `apply` and `destroy` come about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from authsome.analytics.provision.carry_out import CarryOut
from authsome.analytics.provision.change import Change, Thing
from authsome.analytics.provision.errors import NotAsWritten
from authsome.analytics.provision.found import Found
from authsome.analytics.provision.project import Project, Unsure

ROUNDS = 4  # one is enough; a call that was not answered, or another run, takes one more


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Where to: how to look at the project, and what would have to change in what was found."""

    look: Callable[[], Awaitable[Found]]
    changes: Callable[[Found], list[Change]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What changed, or would; and what there is to know besides."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]


async def what_would_change(aim: Aim) -> Outcome:
    """What differs now. Reads only."""
    found = await aim.look()
    return Outcome(changes=tuple(aim.changes(found)), notes=found.notes)


async def bring_about(
    project: Project, aim: Aim, *, agree: Callable[[Outcome], bool] = lambda _: True
) -> Outcome:
    """Change what differs, if `agree` says so, and see that it does not differ any more.

    Raises `NotAsWritten` where PostHog shows something else than was written, again and again.
    """
    done, notes, impossible = list[Change](), dict[str, None](), set[Thing]()
    changes = list[Change]()
    for number in range(ROUNDS):
        found = await aim.look()
        notes |= dict.fromkeys(found.notes)
        changes = [change for change in aim.changes(found) if change.thing not in impossible]
        if not changes or (number == 0 and not agree(Outcome(changes=tuple(changes), notes=tuple(notes)))):
            return Outcome(changes=tuple(done), notes=tuple(notes))
        carry_out = CarryOut(project, found)
        try:
            for change in changes:
                if change.thing in impossible:
                    continue
                project.tell(change.line)
                refused = await carry_out(change)
                if refused is None:
                    done.append(change)
                    continue
                impossible.add(change.thing)
                notes[f"descriptions of {change.thing} definitions cannot be written here: {refused}"] = None
        except Unsure:
            continue
    left = "; ".join(change.line for change in changes[:3])
    raise NotAsWritten(f"written and read back, and still different: {left}")
