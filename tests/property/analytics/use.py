"""Random use: log-ins, runs, counted requests through every door, refusals."""

from __future__ import annotations

from hypothesis import strategies as st

from authsome.connection.events import CredentialsUsed
from authsome.connection.model import UseOutcome
from authsome.grant.events import RequestDenied
from authsome.grant.model import Reason
from authsome.kit.caller import RequestOutcome, Surface
from authsome.kit.event import Event
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.run.events import RunStarted
from authsome.telemetry.events import RequestsServed

Names = st.SearchStrategy[str]
Providers = st.SearchStrategy[tuple[str, str | None]]
_numbers = st.integers(0, 10**6)
_counts = st.one_of(st.just(1), st.integers(1, 10**6))


def uses(handles: Names, principals: Names, providers: Providers) -> st.SearchStrategy[Event]:
    """Facts by which somebody is active, and others that look alike and are none."""
    return st.one_of(
        _credentials(handles, principals, providers),
        _requests(handles, principals),
        st.builds(_run, handles, principals, _numbers),
        st.builds(_log_in, principals, _numbers),
        st.builds(_denied, handles, principals, st.sampled_from(Reason)),
    )


@st.composite
def _credentials(draw: st.DrawFn, handles: Names, principals: Names, providers: Providers) -> Event:
    provider, custom = draw(providers)
    handle = draw(handles)
    return CredentialsUsed(
        usage_key=f"use_{draw(_numbers)}",
        identity_handle=handle,
        did=f"did:key:{handle}",
        principal_id=draw(principals),
        connection_id="con_1",
        provider=provider,
        custom_provider=custom,
        surface=Surface.PROXY,
        outcome=draw(st.sampled_from(UseOutcome)),
        count=draw(_counts),
    )


@st.composite
def _requests(draw: st.DrawFn, handles: Names, principals: Names) -> Event:
    handle = draw(st.none() | handles)
    return RequestsServed(
        usage_key=f"req_{draw(_numbers)}",
        identity_handle=handle,
        did=handle and f"did:key:{handle}",
        principal_id=draw(st.none() | principals),
        surface=draw(st.sampled_from(Surface)),
        outcome=draw(st.sampled_from(RequestOutcome)),
        count=draw(_counts),
    )


def _run(handle: str, principal_id: str, number: int) -> Event:
    return RunStarted(
        run_id=f"run_{number}",
        identity_handle=handle,
        did=f"did:key:{handle}",
        principal_id=principal_id,
        program=None,
    )


def _log_in(principal_id: str, number: int) -> Event:
    return PrincipalLoggedIn(principal_id=principal_id, session_id=f"ses_{number}", kind=SessionKind.BROWSER)


def _denied(handle: str, principal_id: str, reason: Reason) -> Event:
    return RequestDenied(
        identity_handle=handle,
        did=f"did:key:{handle}",
        principal_id=principal_id,
        reason=reason,
        host="example.com",
    )
