"""Let a terminal in: a session for a key that it made, after the person compared a code and confirmed."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.claim.model import hash_code, spell_code
from authsome.identity import did as did_key
from authsome.identity.errors import DidInvalid
from authsome.kit.errors import InputInvalid
from authsome.principal.errors import LoginRefused
from authsome.principal.log_in import open_terminal_session
from authsome.principal.model import TERMINAL_LIFE
from authsome.server.forms import refused
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, confirmed
from authsome.server.web.pages import Decision, Form, SignInConfirmPage, SignInResultPage

router = APIRouter(include_in_schema=False)
PATH = "/sign-in"


@router.get(PATH)
async def ask(visit: SignedIn, did: str = "", code: str = "") -> Response:
    """Show the code that the terminal must show too.

    It is worked out from the did and not taken from the link, so a link cannot pass one terminal off as
    another; one that says a different code was tampered with.
    """
    page = _page(did)
    if code and hash_code("", code) != hash_code("", page.code):
        raise InputInvalid("the link is damaged: its code and its key do not belong together")
    return visit.show(page)


@router.post(PATH)
async def decide(visit: SignedIn, fields: SignedInForm) -> Response:
    """Open the terminal's session, or do nothing."""
    did, decision = fields.text("did"), fields.raw("decision")
    page = _page(did)
    if decision == "reject":
        return visit.show(SignInResultPage(decision=Decision.REJECTED))
    if decision != "accept":
        error = InputInvalid("choose to let the terminal in or to reject it")
        return visit.show(replace(page, form=refused(page.form, error)), error=error)
    try:
        caller = await confirmed(visit, fields)
    except REFUSALS as refusal:
        form = refused(page.form, refusal, at="password")
        return visit.show(replace(page, form=form), error=refusal)
    try:
        await visit.runtime.store.write(caller, lambda work: open_terminal_session(work, did=did))
    except LoginRefused as used:
        return visit.show(replace(page, form=refused(page.form, used)), error=used)
    return visit.show(SignInResultPage(decision=Decision.ACCEPTED))


def code_of(did: str) -> str:
    """The eight letters of a terminal's key, which both sides work out for themselves."""
    return spell_code(hashlib.sha256(did.encode()).digest()).reveal()


def _page(did: str) -> SignInConfirmPage:
    """Raises `DidInvalid`."""
    if not did:
        raise DidInvalid("the link names no key", hint="run `authsome sign-in` and open the link it prints")
    did_key.decode(did)
    form = Form(action=PATH, hidden={"did": did})
    return SignInConfirmPage(form=form, code=code_of(did), lasts=TERMINAL_LIFE)
