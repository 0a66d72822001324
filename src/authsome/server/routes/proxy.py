"""Runs: an agent's command asks for a token of the proxy, keeps it alive, and says how it ended."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from authsome.grant.ports import GrantWork
from authsome.grant.visible import reachable_hosts
from authsome.identity.errors import IdentityRequired
from authsome.kit.caller import Caller
from authsome.run.complete import complete_run
from authsome.run.errors import ProgramInvalid, RunEnded, RunMissing, TooManyRuns
from authsome.run.find import get_renewable
from authsome.run.model import RENEW_EVERY
from authsome.run.start import start_run
from authsome.server.callers import Acting, AnySigner
from authsome.server.gateway import Gateway, Proxy
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body, Id
from authsome.server.state import Rt

router = APIRouter(prefix="/api/runs", tags=["runs"])


class NewRun(Body):
    """The program's name alone. Its arguments are never asked for: people put secrets into them."""

    program: Annotated[str, Field(min_length=1, max_length=4096)]


class TlsOut(Answer):
    """Where it is reached from elsewhere. Its certificate is for `host`, by the run's `ca_certificate`."""

    host: str
    port: int


class ProxyOut(Answer):
    """Where the proxy listens: without TLS for a client whose loopback interface has this id, else by `tls`.

    A null `tls` means that agents on other machines are not served, a null id that the system has none.
    """

    host: str
    port: int
    loopback_id: str | None
    tls: TlsOut | None


class RunOut(Answer):
    """What a run needs. The token is SECRET and opens the proxy alone; `hosts` are what it may reach now."""

    run_id: str
    token: str
    proxy: ProxyOut
    ca_certificate: str
    renew_every_seconds: int
    hosts: list[str]


class Ended(Body):
    """How the command ended: its exit code, or the negative number of the signal that ended it."""

    exit_code: Annotated[int, Field(ge=-255, le=255)]


@router.post("", status_code=201, responses=refusals(IdentityRequired, ProgramInvalid, TooManyRuns))
async def begin(body: NewRun, *, runtime: Rt, caller: Acting, proxy: Proxy) -> RunOut:
    """Start a run. It lives as long as it is renewed; a minute without ends it."""
    run, token = await runtime.store.write(caller, lambda work: start_run(work, program=body.program))
    await runtime.run_leases.take(run.id)
    return RunOut(
        run_id=run.id,
        token=token.reveal(),
        proxy=_as_told(proxy),
        ca_certificate=proxy.ca_certificate,
        renew_every_seconds=int(RENEW_EVERY.total_seconds()),
        hosts=await runtime.store.read(lambda view: _hosts(view, caller)),
    )


@router.post("/{run_id}/renew", status_code=204, responses=refusals(IdentityRequired, RunMissing, RunEnded))
async def renew(run_id: Id, runtime: Rt, caller: Acting) -> None:
    """Keep a run alive for another minute."""
    run = await runtime.store.read(lambda view: get_renewable(view, caller=caller, run_id=run_id))
    if not await runtime.run_leases.renew(run.id):
        raise RunEnded


@router.post("/{run_id}/complete", status_code=204, responses=refusals(IdentityRequired, RunMissing))
async def complete(run_id: Id, *, body: Ended, runtime: Rt, who: AnySigner) -> None:
    """Say how a run ended. Its identity may have been released meanwhile; the end is true all the same."""
    await runtime.store.write(
        who.caller, lambda work: complete_run(work, run_id=run_id, exit_code=body.exit_code)
    )
    await runtime.run_leases.release(run_id)


def _as_told(proxy: Gateway) -> ProxyOut:
    tls = TlsOut(host=proxy.tls_name, port=proxy.tls_port) if proxy.tls_port is not None else None
    return ProxyOut(host=proxy.host, port=proxy.port, loopback_id=proxy.loopback_id, tls=tls)


def _hosts(view: GrantWork, caller: Caller) -> list[str]:
    identity = view.identities.find(caller.identity_id or "")
    return [str(pattern) for pattern in reachable_hosts(view, identity=identity)] if identity else []
