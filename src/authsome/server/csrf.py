"""Is this form ours? Two answers that do not lean on each other: where it was sent from, and what it brings.

A form carries HMAC(installation key, what the browser holds): the id of its session, or before there is one
the value of a cookie made for forms. Another site can make a browser send the cookie, but cannot read the
page and so has no token. Nothing is stored, so no page gets too old but by the end of its session.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from authsome.kit.errors import DeniedError
from authsome.vault.installation_key import InstallationKey

FIELD = "csrf_token"


class FormForeign(DeniedError):
    """This form was not sent from a page of this server, or its page is out of date. Nothing was changed."""

    code = "form_foreign"
    hint = "open the page again and send the form from there"


def form_token(key: InstallationKey, bound_to: str) -> str:
    """The token for forms of one browser. `bound_to` says of which, with its kind in front."""
    return hmac.new(key.derive("csrf"), bound_to.encode(), hashlib.sha256).hexdigest()


def check_token(key: InstallationKey, bound_to: str, given: str) -> None:
    """Raises `FormForeign`. Compares in constant time."""
    expected = form_token(key, bound_to)
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise FormForeign


def check_sender(headers: Mapping[str, str], own_origin: str) -> None:
    """Raises `FormForeign` where the browser itself says that another site sent this.

    `Sec-Fetch-Site` decides where it is given. `Origin` is only asked without it, and `null` says nothing:
    our own pages send that too, because their referrer policy hides where they are (Fetch §3.2). The token
    is asked for in any case.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise FormForeign
        return
    origin = headers.get("origin")
    if origin not in (None, "null", own_origin):
        raise FormForeign
