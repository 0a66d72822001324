"""`authsome providers test`: does a definition fit the service, and is a connection taken there?

On the server's side, to the definition's own addresses alone, within bounds. Nobody sees a secret, or what a
service wrote.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from authsome.connection.errors import ConnectionMissing
from authsome.connection.find import open_values, resolve
from authsome.connection.mend.note_test import note_test
from authsome.connection.model import Connection, Flow
from authsome.connection.ports import ConnectionWork
from authsome.kit.caller import Caller
from authsome.kit.errors import AuthsomeError, UnavailableError
from authsome.kit.secret import Secret
from authsome.provider.definition.inject import Injection
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.runtime.oauth.asking import Asking
from authsome.runtime.providers.reach import reach
from authsome.runtime.providers.steps import Outcome, Step, judge_check, judge_endpoint, judge_token
from authsome.runtime.runtime import Runtime

MOST_IN_A_MINUTE = 10
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_NONSENSE = urlencode({"grant_type": "urn:authsome:test"})


class TooManyTests(UnavailableError):
    """Providers were tested too often just now."""

    code = "too_many_tests"
    hint = "wait a minute"


@dataclass(frozen=True, slots=True)
class Report:
    """Every step, in order."""

    provider: str
    connection: str | None
    steps: tuple[Step, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return all(step.outcome is not Outcome.FAILED for step in self.steps)


async def probe_provider(runtime: Runtime, caller: Caller, *, name: str, connection: str | None) -> Report:
    """Of a principal, with a connection of their own: the one named, else their default, else none.

    Raises `ProviderMissing`, `ConnectionMissing` or `TooManyTests`.
    """
    principal_id = caller.require_principal()
    found = await runtime.store.read(lambda view: _find(view, principal_id, name, connection))
    minute = timedelta(minutes=1)
    if not await runtime.limits.hit(f"test:{principal_id}", at_most=MOST_IN_A_MINUTE, within=minute):
        raise TooManyTests
    known, held = found
    asking = Asking(runtime.outside)
    reached, endpoints, credential = await asyncio.gather(
        reach(known, runtime.outside), _endpoints(asking, known), _credential(runtime, asking, known, held)
    )
    read = Step("definition", known.name, Outcome.PASSED, "well-formed")
    steps = (read, *reached, *endpoints, credential)
    report = Report(known.name, held.reference if held else None, steps)
    await runtime.store.write(
        caller,
        lambda work: note_test(work, provider=known.name, connection=held, passed=report.passed),
    )
    return report


def _find(
    view: ConnectionWork, principal_id: str, name: str, connection: str | None
) -> tuple[Provider, Connection | None]:
    known = get_provider(view, name)
    if connection is not None:
        return known, resolve(view, principal_id=principal_id, reference=f"{known.name}/{connection}")
    try:
        return known, resolve(view, principal_id=principal_id, reference=known.name)
    except ConnectionMissing:
        return known, None


async def _endpoints(asking: Asking, provider: Provider) -> list[Step]:
    """Each address of OAuth is asked for something that it has to refuse."""
    oauth = provider.oauth
    if oauth is None:
        return []

    async def post(what: str, url: str | None, content: str) -> Step | None:
        if url is None:
            return None
        said = await asking.ask("POST", url, provider, headers=_FORM, content=content)
        return judge_token(url, said) if what == "token_url" else judge_endpoint(what, url, said)

    async def page(url: str | None) -> Step | None:
        if url is None:
            return None
        return judge_endpoint("authorization_url", url, await asking.ask("GET", url, provider, headers={}))

    found = await asyncio.gather(
        page(oauth.authorization_url),
        post("token_url", oauth.token_url, _NONSENSE),
        post("device_authorization_url", oauth.device_authorization_url, ""),
        post("revocation_url", oauth.revocation_url, ""),
        post("introspection_url", oauth.introspection_url, ""),
    )
    return [step for step in found if step is not None]


async def _credential(runtime: Runtime, asking: Asking, provider: Provider, held: Connection | None) -> Step:
    if provider.check is None:
        detail = "the definition has no `check`"
        return Step("credential", provider.name, Outcome.SKIPPED, detail, "add one, to see whether keys work")
    if held is None:
        advice = f"connect it with `authsome login {provider.name}`, and test again"
        return Step("credential", provider.check.url, Outcome.SKIPPED, "you have not connected it", advice)
    try:
        fresh = await runtime.renewals.fresh(held) if runtime.renewals.needs(held) else held
        values = await runtime.store.read(
            lambda view: open_values(view, runtime.keeper, connection=fresh, provider=provider)
        )
    except AuthsomeError as error:
        return Step("credential", provider.check.url, Outcome.FAILED, error.detail, error.next_step)
    url, headers = carrying(provider, fresh, values)
    said = await asking.ask("GET", url, provider, headers=headers)
    return judge_check(provider.check, fresh.reference, said)


def carrying(
    provider: Provider, connection: Connection, values: dict[str, Secret]
) -> tuple[str, dict[str, str]]:
    """The check's address and headers with the SECRETS in them, as a request through the proxy has them."""
    assert provider.check is not None
    is_key = connection.flow is Flow.API_KEY
    inject = (provider.inject or Injection()) if is_key else provider.inject_token
    dropped = {name.lower() for name in inject.remove}
    headers = {name: text for name, text in provider.check.headers if name.lower() not in dropped}
    headers |= {name: value.reveal() for name, value in inject.headers(values)}
    query = urlencode([(name, value.reveal()) for name, value in inject.parameters(values)])
    joined = "&" if urlsplit(provider.check.url).query else "?"
    return provider.check.url + (f"{joined}{query}" if query else ""), headers
