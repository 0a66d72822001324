"""Every page with believable values, in each of its states: for the tests, and for looking at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from authsome.server.web import pages as p
from tests.unit.server.web.sample_answers import NOW
from tests.unit.server.web.sample_authorizing import by_address, going_there
from tests.unit.server.web.sample_connections import connections
from tests.unit.server.web.sample_dashboard import dashboards
from tests.unit.server.web.sample_granting import LENGTHS, granting
from tests.unit.server.web.sample_providers import providers
from tests.unit.server.web.sample_telemetry import busy_page, quiet_page

DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
CSRF = "q7Zr0bqk8Qj1cNQy3b0n8w"

STRANGER = p.Frame(installation="gateway.example.org", csrf=CSRF)
MEMBER = p.Frame(installation="gateway.example.org", csrf=CSRF, visitor=p.Visitor(name="noor@example.org"))
ADMIN = p.Frame(
    installation="gateway.example.org", csrf=CSRF, visitor=p.Visitor(name="Mika Sørensen", is_admin=True)
)

GOOD, WAIT, BAD, QUIET = p.Tone.GOOD, p.Tone.WAIT, p.Tone.BAD, p.Tone.QUIET
CLAIMED = p.Badge(text="claimed", tone=GOOD)
PENDING = p.Badge(text="waits for a claim", tone=WAIT)
REVOKED = p.Badge(text="revoked", tone=BAD)
RELEASED = p.Badge(text="released", tone=QUIET)

Sample = tuple[str, p.Page, p.Frame]


def ago(days: float) -> datetime:
    """An instant before now."""
    return NOW - timedelta(days=days)


def samples() -> Iterator[Sample]:
    """Name, page and frame of each. Names are file names."""
    yield from entry()
    yield from problems()
    yield from deciding()
    yield from letting_in()
    yield from registry()
    yield from granting(MEMBER)
    yield from providers(MEMBER)
    yield from connections(MEMBER)
    yield from people()
    yield from measures()
    yield from erasing()
    yield from the_past()


def entry() -> Iterator[Sample]:
    soon = NOW + timedelta(hours=23)
    form = p.Form(action="/set-up", hidden={"link": "one-time-value"})
    wrong = p.Form(
        action="/set-up",
        sent={"email": "mika@example", "display_name": "Mika"},
        errors={"password": "The password needs 12 characters; this one has 8."},
        hidden={"link": "one-time-value"},
    )
    yield "set-up", p.SetUpPage(form=form, expires_at=soon, password_min=12), STRANGER
    yield "set-up-wrong", p.SetUpPage(form=wrong, expires_at=soon, password_min=12), STRANGER
    yield "log-in", p.LogInPage(form=p.Form(action="/log-in")), STRANGER
    refused = p.Form(
        action="/log-in",
        sent={"email": "mika@example.org"},
        problem="E-mail and password do not match. After five attempts there is a pause.",
    )
    reason = "To claim an agent, sign in first."
    yield "log-in-refused", p.LogInPage(form=refused, reason=reason), STRANGER
    yield (
        "invitation",
        p.InvitationPage(
            form=p.Form(action="/join"),
            role="member",
            invited_by="Mika Sørensen",
            expires_at=soon,
            password_min=12,
        ),
        STRANGER,
    )
    yield (
        "password-reset",
        p.PasswordResetPage(
            form=p.Form(action="/reset"), email="noor@example.org", expires_at=soon, password_min=12
        ),
        STRANGER,
    )
    for name, errors in (("password", {}), ("password-wrong", {"old": "The password is wrong."})):
        changing = p.Form(action="/password", errors=errors)
        yield name, p.PasswordPage(form=changing, email="noor@example.org", password_min=12), MEMBER


def problems() -> Iterator[Sample]:
    for status, code, title, detail, hint in (
        (404, "not_found", "There is no such page", "Nothing is at this address.", "Check it, or go back."),
        (403, "admin_required", "Not for you", "Only an admin may see this.", "Ask Mika."),
        (410, "link_spent", "This link is spent", "A link works once.", "Ask an admin for a new one."),
        (500, "internal_failure", "Something failed", "Nothing was changed.", "Look at the server's log."),
    ):
        page = p.ProblemPage(
            status=status, code=code, title=title, detail=detail, hint=hint, reference="req_01k9x4"
        )
        yield f"problem-{status}", page, MEMBER if status == 403 else STRANGER


def choices(*, chosen: bool = False) -> tuple[p.ConnectionChoice, ...]:
    return (
        p.ConnectionChoice(
            id="con_1", provider="OpenAI", name="default", hosts=("api.openai.com",), chosen=chosen
        ),
        p.ConnectionChoice(
            id="con_2", provider="GitHub", name="work", hosts=("api.github.com", "uploads.github.com")
        ),
        p.ConnectionChoice(id="con_3", provider="Invoice archive", name="default", hosts=("10.0.4.7:8443",)),
    )


def deciding() -> Iterator[Sample]:
    yield "claim-code", p.ClaimCodePage(form=p.Form(action="/claim/1Yw0m3p8")), MEMBER
    wrong = p.Form(
        action="/claim/1Yw0m3p8",
        sent={"code": "BRKD-MMPT"},
        errors={"code": "That is not the code."},
    )
    yield "claim-code-wrong", p.ClaimCodePage(form=wrong), MEMBER
    for name, offered in (("claim", choices()), ("claim-nothing-connected", ())):
        claim = p.ClaimPage(
            form=p.Form(action="/claim/clm_1"),
            handle="brisk-amber-otter-4821",
            did=DID,
            label="invoice sorter",
            asked_at=ago(0.002),
            asked_from="the address you are at",
            expires_at=NOW + timedelta(minutes=57),
            connections=offered,
        )
        yield name, claim, MEMBER
    accepted, rejected = p.Decision.ACCEPTED, p.Decision.REJECTED
    done = p.ClaimResultPage(
        decision=accepted, handle="brisk-amber-otter-4821", granted=("OpenAI default", "GitHub work")
    )
    yield "claim-accepted", done, MEMBER
    yield "claim-rejected", p.ClaimResultPage(decision=rejected, handle="brisk-amber-otter-4821"), MEMBER


def letting_in() -> Iterator[Sample]:
    accepted, rejected = p.Decision.ACCEPTED, p.Decision.REJECTED
    terminal = p.SignInConfirmPage(
        form=p.Form(action="/sign-in"),
        code="HKWT-PRNB",
        lasts=timedelta(hours=1),
    )
    yield "sign-in-confirm", terminal, MEMBER
    yield "sign-in-accepted", p.SignInResultPage(decision=accepted), MEMBER
    yield "sign-in-rejected", p.SignInResultPage(decision=rejected), MEMBER
    key = p.KeyEntryPage(
        form=p.Form(action="/auth-sessions/aus_1"),
        provider="OpenAI",
        connection="work",
        inputs=(p.KeyInput("key", "API key"),),
        docs_url="https://platform.openai.com/api-keys",
        hosts=("api.openai.com",),
        expires_at=NOW + timedelta(minutes=10),
    )
    yield "key-entry", key, MEMBER
    two = (
        p.KeyInput("key-account_sid", "Account SID", secret=False),
        p.KeyInput("key-auth_token", "Auth token"),
    )
    yield "key-entry-fields", replace(key, provider="Twilio", inputs=two), MEMBER
    yield from going_there(MEMBER)
    yield from by_address(ADMIN)
    for decision in p.Decision:
        result = p.KeyEntryResultPage(
            decision=decision,
            provider="OpenAI",
            connection="default",
            hosts=("api.openai.com",),
            command="authsome login openai --connection default",
            begin="/providers/openai#connect",
        )
        yield f"key-entry-{decision.value}", result, MEMBER


def registry() -> Iterator[Sample]:
    first = p.Steps(onboarded=False, connected=False, granted=False, ran=False)
    half = p.Steps(onboarded=True, connected=True, granted=False, ran=False)
    done = p.Steps(onboarded=True, connected=True, granted=True, ran=True)
    yield "overview-empty", p.OverviewPage(steps=first), MEMBER
    figures = (
        p.Figure(name="Agents", value="12", note="1 waits for a claim", href="/agents"),
        p.Figure(name="Connections", value="4", note="all connected", href="/connections"),
        p.Figure(name="Runs", value="381", note="in the last 7 days"),
        p.Figure(name="Requests with a secret", value="20,417", note="in the last 7 days"),
    )
    recent = (
        p.Happening(at=ago(0.01), text="You claimed an agent", about="brisk-amber-otter-4821"),
        p.Happening(at=ago(0.02), text="An agent registered", about="brisk-amber-otter-4821"),
        p.Happening(at=ago(0.9), text="GitHub connected as work"),
        p.Happening(at=ago(1.2), text="A request was refused: not granted", about="plain-copper-heron-0077"),
    )
    yield "overview-half", p.OverviewPage(steps=half, recent=recent[2:3]), MEMBER
    yield "overview", p.OverviewPage(steps=done, figures=figures, recent=recent), ADMIN
    yield "agents-empty", p.AgentsPage(), MEMBER
    yield (
        "agents",
        p.AgentsPage(agents=tuple(agents()), show_owner=True, asking=2, more="/agents?after=idn_1"),
        ADMIN,
    )
    notice = p.Notice(text="The grants are saved. They hold from the next request on.")
    frame = p.Frame(installation=MEMBER.installation, csrf=CSRF, visitor=MEMBER.visitor, notice=notice)
    yield "agent", agent(form=p.Form(action="/agents/brisk-amber-otter-4821")), frame
    yield "agent-of-another", agent(form=None), ADMIN


def agents() -> Iterator[p.AgentRow]:
    states = (CLAIMED, PENDING, CLAIMED, REVOKED, RELEASED)
    named = (
        ("brisk-amber-otter-4821", "invoice sorter", "noor@example.org"),
        ("quiet-linen-magpie-9034", None, None),
        ("plain-copper-heron-0077", "nightly build on the old laptop", "Mika Sørensen"),
        ("sunny-basalt-vole-5310", "test", "Mika Sørensen"),
        ("early-walnut-ibis-2266", None, "noor@example.org"),
    )
    for at, (handle, label, owner) in enumerate(named):
        yield p.AgentRow(
            handle=handle,
            label=label,
            state=states[at],
            owner=owner,
            grants=(3, 0, 1, 0, 0)[at],
            registered_at=ago(2.2 * at + 0.01),
        )


def agent(*, form: p.Form | None) -> p.AgentPage:
    return p.AgentPage(
        handle="brisk-amber-otter-4821",
        did=DID,
        label="invoice sorter",
        state=CLAIMED,
        owner="noor@example.org",
        registered_at=ago(12.1),
        claimed_at=ago(12),
        grants=tuple(given()),
        choices=choices(chosen=True) if form else (),
        lengths=LENGTHS if form else (),
        form=form,
        release=p.Form(action="/agents/brisk-amber-otter-4821/release"),
        revoke=p.Form(
            action="/agents/brisk-amber-otter-4821/revoke",
            errors={} if form else {"password": "The password is wrong."},
        ),
    )


def given() -> Iterator[p.Grant]:
    change = "/agents/brisk-amber-otter-4821/grants/grt_1"
    one = p.Grant(
        provider="OpenAI", connection="default", hosts=("api.openai.com",), since=ago(12), change=change
    )
    yield one
    yield replace(one, provider="GitHub", connection="work", hosts=("api.github.com",), until=ago(-7))
    yield replace(one, provider="Google", until=ago(2), has_run_out=True, change=None)


def people() -> Iterator[Sample]:
    active, disabled = p.Badge(text="active", tone=GOOD), p.Badge(text="disabled", tone=QUIET)
    rows = (
        ("prn_1", "mika@example.org", "Mika Sørensen", "admin", active, 5),
        ("prn_2", "noor@example.org", None, "member", active, 7),
        ("prn_3", "ines.de.la.cruz.villanueva@research.example.org", "Inés", "member", disabled, 0),
    )
    listed = tuple(
        p.PrincipalRow(
            id=id,
            email=email,
            name=name,
            role=role,
            state=state,
            agents=n,
            registered_at=ago(40 + n),
        )
        for id, email, name, role, state, n in rows
    )
    invite, change = p.Form(action="/principals"), p.Form(action="/principals")
    yield "principals", p.PrincipalsPage(principals=listed, invite=invite, change=change), ADMIN
    link = p.OneTimeLink(
        purpose="Invitation for a member",
        url="https://gateway.example.org/invitation/1Yw0m3p8Qj1cNQy3b0n8wq7Zr0bqk8Qj1cNQy3b0n8wAZ",
        expires_at=NOW + timedelta(days=7),
    )
    yield (
        "principals-link",
        p.PrincipalsPage(principals=listed, invite=invite, change=change, link=link),
        ADMIN,
    )


def erasing() -> Iterator[Sample]:
    person = p.ErasePage(
        title="Erase this person?",
        name="noor@example.org",
        is_own=False,
        is_agent=False,
        agents=("invoice sorter", "quiet-linen-magpie-9034"),
        connections=("openai/default", "github/work"),
        others=("plain-copper-heron-0077",),
        sessions=2,
        grants=3,
        runs=1,
        at_posthog="PostHog at https://eu.posthog.com is asked to delete the person and all their events.",
        back="/principals",
        form=p.Form(action="/principals/prn_2/erase"),
    )
    yield "erase-person", person, ADMIN
    yield "erase-yourself", replace(person, title="Erase yourself?", is_own=True, others=()), MEMBER
    agent = replace(person, title="Erase this agent?", name="brisk-amber-otter-4821", is_agent=True)
    yield "erase-agent", replace(agent, is_own=True), MEMBER
    receipt = p.Receipt(
        id="ers_01k9x4v3m2",
        subject="prn_2",
        by="an admin",
        erased_at=NOW,
        destroyed={"Agents": 2, "Connections": 2, "Words in the record": 41},
        posthog="not asked yet: AUTHSOME_POSTHOG_PROJECT_ID is not set",
        by_hand=("prn_2", "brisk-amber-otter-4821"),
    )
    yield "erased", replace(person, form=None, receipt=receipt), ADMIN
    yield "erasures-empty", p.ErasuresPage(), ADMIN
    yield "erasures", p.ErasuresPage(receipts=(receipt,)), ADMIN


def the_past() -> Iterator[Sample]:
    past = p.ExportPastPage(
        form=p.Form(action="/telemetry/export-past"),
        since="2026-01-31",
        facts=1_204,
        host="https://eu.i.posthog.com",
    )
    repair = p.RepairPage(
        form=p.Form(action="/analytics/repair"),
        is_backfill=False,
        since="2026-01-31",
        compared_at=ago(1),
        missing=3,
        stale=12,
        lost=204,
        left=1,
        host="https://eu.i.posthog.com",
    )
    yield "repair", repair, ADMIN
    yield "repair-backfill", replace(repair, is_backfill=True, since=""), ADMIN
    yield "repair-begun", replace(repair, is_begun=True), ADMIN
    yield "repair-not-compared", replace(repair, compared_at=None), ADMIN
    yield "export-past", past, ADMIN
    yield "export-past-done", replace(past, is_done=True), ADMIN


def measures() -> Iterator[Sample]:
    for name, page in dashboards():
        yield name, page, MEMBER if page.is_own else ADMIN
    guide = "https://example.org/docs/guides/telemetry.md"
    yield "telemetry-local", quiet_page(guide), ADMIN
    yield "telemetry-on", busy_page(guide), ADMIN
