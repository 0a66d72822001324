"""A provider answered 401: a newer credential, for a second try.

A request without a body that may be sent twice is sent again unseen. Any other is not at hand any more: its
401 is passed on, and says that the next try has a new credential.
"""

from __future__ import annotations

import logging

from authsome.kit.errors import AuthsomeError
from authsome.proxy import errors
from authsome.proxy.gate import Passage, Refusal
from authsome.proxy.inject import Injection, PassageUnusable
from authsome.proxy.replies import refusal_of, visible

log = logging.getLogger(__name__)

_AGAIN = "the credential is being renewed: send the request again"


async def ask_for_newer(passage: Passage) -> Injection | Refusal:
    """What to put into the second try, or what to answer in its place."""
    if passage.renewal is None:
        return refusal_of(PassageUnusable())
    try:
        answer = await passage.renewal.renew()
    except AuthsomeError as error:
        return refusal_of(error)
    except Exception:  # edge: background task; the agent gets an answer, the log the reason
        log.exception("renewing a credential failed")
        return refusal_of(errors.ProxyFailure())
    return answer if isinstance(answer, Refusal) else Injection(answer)


def hint_line(passage: Passage, *, is_renewed: bool) -> bytes:
    """What a 401 that is passed on says besides the provider's words."""
    hint = _AGAIN if is_renewed else passage.hint_if_rejected
    return b"X-Authsome-Hint: " + visible(hint).encode("ascii")
