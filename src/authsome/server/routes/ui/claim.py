"""Claim an agent or turn it away: first the code, then the decision with the password."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.claim.decide import accept, check_code, reject
from authsome.claim.errors import ClaimGone, CodeWrong
from authsome.claim.open import Asked, find_asked, open_claim
from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.kit.errors import AuthsomeError, InputInvalid
from authsome.kit.secret import Secret
from authsome.server.address import address_key
from authsome.server.forms import Fields, refused
from authsome.server.routes.ui.connected.listing import choices_of
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed
from authsome.server.web.pages import (
    ClaimCodePage,
    ClaimPage,
    ClaimResultPage,
    ConnectionChoice,
    Decision,
    Form,
)

router = APIRouter(include_in_schema=False)


@router.get("/claim/{token}")
async def ask_code(token: str, visit: SignedIn) -> Response:
    """Ask for the code that the agent's terminal shows, and for nothing else yet."""
    link = Secret(token)
    await visit.runtime.store.write(visit.caller, lambda work: open_claim(work, token=link))
    return visit.show(ClaimCodePage(form=_form(link)))


@router.post("/claim/{token}")
async def decide(token: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """With the right code: show the agent, and when a decision is sent with it, carry it out."""
    link, code = Secret(token), fields.text("code")
    asked = await visit.runtime.store.write(visit.caller, lambda work: open_claim(work, token=link))
    try:
        await check_code(visit.runtime.store, visit.runtime.limits, visit.caller, token=link, code=code)
    except CodeWrong as error:
        await _still_open(visit, link)
        form = refused(replace(_form(link), sent=fields.again("code")), error, at="code")
        return visit.show(ClaimCodePage(form=form), error=error)
    page = await _page(visit, asked, form=replace(_form(link), hidden={"code": code}))
    if not fields.raw("decision"):
        return visit.show(page)
    return await _carry_out(visit, page, link=link, fields=fields)


async def _carry_out(visit: SignedInVisit, page: ClaimPage, *, link: Secret, fields: Fields) -> Response:
    chosen, decision, code = fields.all("connection"), fields.raw("decision"), fields.text("code")
    ticked = tuple(replace(one, chosen=one.id in chosen) for one in page.connections)

    def again(error: AuthsomeError, at: str | None = None) -> Response:
        return visit.show(
            replace(page, form=refused(page.form, error, at=at), connections=ticked), error=error
        )

    if decision not in ("claim", "reject"):
        return again(InputInvalid("choose to claim the agent or to reject it"))
    try:
        caller = await confirmed(visit, fields)
        if decision == "reject":
            await visit.runtime.store.write(caller, lambda work: reject(work, token=link, code=code))
            return visit.show(ClaimResultPage(decision=Decision.REJECTED, handle=page.handle))
        await visit.runtime.store.write(
            caller, lambda work: accept(work, token=link, code=code, connection_ids=chosen)
        )
    except REFUSALS as error:
        return again(error, "password")
    except (ConnectionMissing, ConnectionEnded) as error:
        return again(error)
    granted = tuple(_named(one) for one in ticked if one.chosen)
    return visit.show(ClaimResultPage(decision=Decision.ACCEPTED, handle=page.handle, granted=granted))


async def _still_open(visit: SignedInVisit, link: Secret) -> None:
    """Raises `ClaimGone` where the last wrong code has ended the claim."""
    try:
        await visit.runtime.store.read(lambda view: find_asked(view, link))
    except ClaimGone:
        raise ClaimGone("the code was wrong too often, so this claim has ended") from None


async def _page(visit: SignedInVisit, asked: Asked, *, form: Form) -> ClaimPage:
    here = asked.claim.address_key == address_key(visit.runtime, visit.request)
    return ClaimPage(
        form=form,
        handle=asked.identity.handle,
        did=asked.identity.did,
        label=asked.identity.label,
        asked_at=asked.claim.created_at,
        asked_from="the address you are at" if here else "another address than yours",
        expires_at=asked.claim.expires_at,
        connections=await choices_of(visit, visit.principal.id),
    )


def _form(link: Secret) -> Form:
    return Form(action=f"/claim/{link.reveal()}")


def _named(choice: ConnectionChoice) -> str:
    return f"{choice.provider} {choice.name}"
