"""The page on which an admin confirms what becomes of a provider."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.amendment.model import Act, Amendment
from authsome.amendment.words import consequences
from authsome.kit.errors import ConflictError
from authsome.runtime.providers.amendments import confirm, find, show
from authsome.server.forms import refused
from authsome.server.routes.ui.provided.typed import addresses, written
from authsome.server.visit import REFUSALS, Admin, SignedInForm, SignedInVisit, confirmed
from authsome.server.web import paths
from authsome.server.web.pages import AmendmentPage, Form

router = APIRouter(include_in_schema=False)
ONE = "/amendments/{amendment_id}"
ASKED = {
    Act.CHANGE: "Change this provider?",
    Act.OVERRIDE: "Override this provider?",
    Act.REMOVE: "Remove this provider?",
}
BUTTONS = {Act.CHANGE: "Change it", Act.OVERRIDE: "Override it", Act.REMOVE: "Remove it"}
DONE = {
    Act.CHANGE: "The provider is changed",
    Act.OVERRIDE: "The provider is overridden",
    Act.REMOVE: "The provider is removed",
}


@router.get(ONE)
async def ask(amendment_id: str, visit: Admin) -> Response:
    """Show what it would do at this moment."""
    amendment = await find(visit.runtime, visit.caller, amendment_id)
    return visit.show(await _page(visit, amendment_id, amendment))


@router.post(ONE)
async def decide(amendment_id: str, visit: Admin, fields: SignedInForm) -> Response:
    """Do it. What was shown is done, or the page is shown once more."""
    amendment = await find(visit.runtime, visit.caller, amendment_id)
    page = await _page(visit, amendment_id, amendment)
    assert page.form is not None
    try:
        caller = await confirmed(visit, fields)
        await confirm(visit.runtime, caller, amendment_id, seen=fields.raw("seen"))
    except REFUSALS as error:
        return visit.show(replace(page, form=refused(page.form, error, at="password")), error=error)
    except ConflictError as error:
        return visit.show(replace(page, form=refused(page.form, error)), error=error)
    return visit.show(replace(page, form=None, title=DONE[amendment.act]))


async def _page(visit: SignedInVisit, amendment_id: str, amendment: Amendment) -> AmendmentPage:
    """Raises what `plan` raises: the provider may have been changed since, so that nothing is left to do."""
    shown = await show(visit.runtime, visit.caller, amendment)
    after = shown.plan.after if amendment.act is not Act.REMOVE else None
    return AmendmentPage(
        title=ASKED[amendment.act],
        key=shown.plan.before.name,
        name=shown.plan.before.display_name,
        consequences=consequences(shown.plan, shown.effect),
        definition=written(after) if after else "",
        private_addresses=addresses(after) if after else (),
        form=Form(action=paths.amendment(amendment_id), hidden={"seen": shown.plan.fingerprint}),
        act=BUTTONS[amendment.act],
    )
