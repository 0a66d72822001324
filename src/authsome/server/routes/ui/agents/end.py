"""Release an agent, or revoke it: from its own page, by its principal or an admin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.claim.ports import WithdrawalWork
from authsome.claim.release import release
from authsome.claim.revoke import revoke
from authsome.identity.errors import IdentityEnded, IdentityUnclaimed
from authsome.identity.model import Identity
from authsome.kit.errors import AuthsomeError
from authsome.server.forms import Fields, refused
from authsome.server.routes.ui.agents.one import ADDRESS, page_of, see
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import paths
from authsome.server.web.pages import AgentPage, Form

router = APIRouter(include_in_schema=False)

Act = Callable[[WithdrawalWork, str], Identity]


@router.post(f"{ADDRESS}/release")
async def let_go(handle: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Nobody's from then on, so the next page is the list."""

    def act(work: WithdrawalWork, identity_id: str) -> Identity:
        return release(work, identity_id=identity_id)

    def again(page: AgentPage, error: AuthsomeError, at: str | None) -> AgentPage:
        form = page.release or Form(action=paths.release(handle))
        return replace(page, release=refused(form, error, at=at))

    answer = await _end(visit, handle, fields=fields, act=act, again=again)
    return answer or go(f"{paths.AGENTS}?done=released")


@router.post(f"{ADDRESS}/revoke")
async def end_for_good(handle: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """It stays on the page, revoked."""

    def act(work: WithdrawalWork, identity_id: str) -> Identity:
        return revoke(work, identity_id=identity_id)

    def again(page: AgentPage, error: AuthsomeError, at: str | None) -> AgentPage:
        form = page.revoke or Form(action=paths.revoke(handle))
        return replace(page, revoke=refused(form, error, at=at))

    answer = await _end(visit, handle, fields=fields, act=act, again=again)
    return answer or go(f"{paths.agent(handle)}?done=revoked")


async def _end(
    visit: SignedInVisit,
    handle: str,
    *,
    fields: Fields,
    act: Act,
    again: Callable[[AgentPage, AuthsomeError, str | None], AgentPage],
) -> Response | None:
    """Ask for the password, then do it; the page with what was refused, if anything was."""
    seen = await see(visit, handle)
    try:
        caller = await confirmed(visit, fields)
        await visit.runtime.store.write(caller, lambda work: act(work, seen.identity.id))
    except REFUSALS as error:
        return visit.show(again(await page_of(visit, seen), error, "password"), error=error)
    except (IdentityEnded, IdentityUnclaimed) as error:
        return visit.show(again(await page_of(visit, await see(visit, handle)), error, None), error=error)
    return None
