"""What an amendment does, in sentences: the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator

from authsome.amendment.model import Effect, Plan
from authsome.provider.model import Provider

CALM = "Nobody has to do anything: no secret goes anywhere new."


def consequences(plan: Plan, effect: Effect) -> tuple[str, ...]:
    """Whatever happens, the gravest first."""
    found = tuple(_removal(plan, effect) if plan.after is None else _replacement(plan, plan.after, effect))
    return found or (CALM,)


def _removal(plan: Plan, effect: Effect) -> Iterator[str]:
    name = plan.before.display_name
    yield f"{name} is gone, and its hosts are covered no more."
    if effect.connections:
        end = _end(effect.connections)
        yield f"{_connections(effect)} {end} for good, and what they were made with is deleted here."
    if effect.grants:
        yield f"{_many(effect.grants, 'grant')} to agents {_end(effect.grants)} with them."
    yield from _sessions(effect)
    if effect.has_client:
        yield "The OAuth client that this installation is at the provider is forgotten, with its secret."


def _replacement(plan: Plan, after: Provider, effect: Effect) -> Iterator[str]:
    if plan.new_places:
        yield f"Secrets would go to {', '.join(plan.new_places)}, where they do not go yet."
    if effect.connections:
        whose = "its owner connects it" if effect.connections == 1 else "their owners connect them"
        yield f"{_connections(effect)} cannot be used by any agent until {whose} again."
    lost = [str(host) for host in plan.before.hosts if host not in after.hosts]
    if lost:
        yield f"Requests to {', '.join(lost)} are refused, unless another pattern covers them."
    yield from _sessions(effect)
    if effect.has_client and after.oauth is None:
        yield "The OAuth client that this installation is at the provider is of no use any more."
    elif effect.has_client and _moves_tokens(plan.before, after):
        yield "The OAuth client's secret goes to the new token address as well."


def _sessions(effect: Effect) -> Iterator[str]:
    if effect.auth_sessions:
        pages = _many(effect.auth_sessions, "page")
        yield f"{pages} on which somebody is just connecting it {_end(effect.auth_sessions)}."


def _moves_tokens(before: Provider, after: Provider) -> bool:
    sides = (before.oauth, after.oauth)
    return len({side.token_place for side in sides if side}) > 1


def _connections(effect: Effect) -> str:
    return f"{_many(effect.connections, 'connection')} of {_many(effect.people, 'person', 'people')}"


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _end(count: int) -> str:
    return "ends" if count == 1 else "end"
