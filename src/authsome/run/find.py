"""Whose token is this, and may this run be renewed?"""

from __future__ import annotations

from authsome.identity.acting import acting_identity
from authsome.identity.model import Identity
from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.run.errors import RunEnded, RunMissing, RunTokenInvalid
from authsome.run.model import Run
from authsome.run.ports import RunWork

LONGEST_TOKEN = 128


def run_of_token(view: RunWork, *, token: Secret) -> tuple[Run, Identity]:
    """The live run behind a token, and its identity as it is now. Raises `RunTokenInvalid`.

    Whether its lease is live is in the books and is asked besides. A run dies with the claim it began under:
    an identity that somebody else claims later does not go on with the old one's runs.
    """
    run = view.runs.find_by_token_hash(token.digest()) if len(token) <= LONGEST_TOKEN else None
    identity = view.identities.find(run.identity_id) if run else None
    if run is None or identity is None or not run.is_live or identity.principal_id != run.principal_id:
        raise RunTokenInvalid
    return run, identity


def get_renewable(view: RunWork, *, caller: Caller, run_id: str) -> Run:
    """The caller's live run, whose lease may be renewed.

    Raises `RunMissing`, also for another identity's, `RunEnded`, `IdentityUnclaimed` or `IdentityEnded`.
    """
    identity = acting_identity(view, caller)
    run = view.runs.find(run_id)
    if run is None or run.identity_id != identity.id:
        raise RunMissing
    if not run.is_live or identity.require_claimed() != run.principal_id:
        raise RunEnded
    return run
