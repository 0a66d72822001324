"""Give the password again, for what decides or destroys."""

from __future__ import annotations

from dataclasses import replace

from authsome.kit.caller import Caller
from authsome.kit.limits import Limits
from authsome.kit.secret import Secret
from authsome.kit.work import Transactions
from authsome.principal.errors import LoginRefused, SessionMissing
from authsome.principal.events import LoginFailure, PrincipalLoginFailed
from authsome.principal.log_in import check_attempts, give_back
from authsome.principal.model import PrincipalState
from authsome.principal.password import Hasher
from authsome.principal.ports import PrincipalWork


async def confirm(
    store: Transactions[PrincipalWork],
    hasher: Hasher,
    limits: Limits,
    *,
    caller: Caller,
    password: Secret,
    address: str,
    server: Caller,
) -> Caller:
    """The same caller, confirmed, for the one act that follows.

    Guesses are counted together with those at the log-in: an open session is no second try at the password.
    Raises `PrincipalRequired`, `SessionMissing`, `TooManyAttempts`, `LoginRefused`.
    """
    principal_id = caller.require_principal()
    principal = await store.read(lambda view: view.principals.find(principal_id))
    if principal is None or principal.state is not PrincipalState.ACTIVE:
        raise SessionMissing
    await check_attempts(limits, who=principal.email, address=address)
    if not await hasher.verify(principal.password_hash, password):
        failed = PrincipalLoginFailed(principal_id=principal_id, reason=LoginFailure.WRONG_PASSWORD)
        await store.write(server, lambda work: work.record(failed))
        raise LoginRefused("the password is wrong", hint="give the password that you sign in with")
    await give_back(limits, who=principal.email, address=address)
    return replace(caller, confirmed=True)
