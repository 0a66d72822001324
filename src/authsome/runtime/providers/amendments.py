"""Amendments between the terminal in which they are asked for and the page on which they are confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from authsome.amendment.carry_out import carry_out
from authsome.amendment.errors import AmendmentGone
from authsome.amendment.model import LIFE, Amendment, Effect, Plan, read_kept
from authsome.amendment.plan import measure, plan
from authsome.amendment.ports import AmendmentWork
from authsome.kit.caller import Caller
from authsome.runtime.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Shown:
    """An amendment with what it would do at this moment."""

    amendment: Amendment
    plan: Plan
    effect: Effect


async def show(runtime: Runtime, caller: Caller, amendment: Amendment) -> Shown:
    """Admins only: it says how many people have connected the provider. Raises what `plan` raises."""
    caller.require_admin()

    def look(view: AmendmentWork) -> Shown:
        made = plan(view, amendment)
        return Shown(amendment, made, measure(view, made))

    return await runtime.store.read(look)


async def ask(runtime: Runtime, caller: Caller, amendment: Amendment) -> tuple[str, datetime]:
    """Keep it for its admin to confirm: its id, and until when. Raises what `plan` raises."""
    await show(runtime, caller, amendment)
    admin_id, amendment_id = caller.require_admin(), runtime.store.ids.new("amd")
    await runtime.store.keep(
        lambda books: books.drafts.keep(
            amendment_id, principal_id=admin_id, content=amendment.kept(), lasts=LIFE
        )
    )
    return amendment_id, runtime.clock.now() + LIFE


async def find(runtime: Runtime, caller: Caller, amendment_id: str) -> Amendment:
    """The admin's own. Raises `AmendmentGone`."""
    admin_id = caller.require_admin()
    kept = await runtime.store.keep(lambda books: books.drafts.find(amendment_id, principal_id=admin_id))
    if kept is None:
        raise AmendmentGone
    return read_kept(kept)


async def confirm(runtime: Runtime, caller: Caller, amendment_id: str, *, seen: str) -> Plan:
    """Do it, once. Raises `AmendmentGone` and what `carry_out` raises; it then can be confirmed again."""
    amendment = await find(runtime, caller, amendment_id)
    done = await carry_out(runtime.store, caller, amendment, seen=seen)
    await runtime.store.keep(lambda books: books.drafts.drop(amendment_id))
    return done
