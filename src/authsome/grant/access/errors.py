"""How access requests refuse."""

from __future__ import annotations

from authsome.kit.errors import ConflictError, ExpiredError, InvalidError, MissingError, UnavailableError


class AccessRequestMissing(MissingError):
    """There is no such access request."""

    code = "access_request_missing"
    hint = "list the open ones with `authsome access list`"


class AccessRequestGone(ExpiredError):
    """This access request was decided, has expired, or its agent was let go since."""

    code = "access_request_gone"
    hint = "the agent can ask again with `authsome access request PROVIDER`"


class AccessHeld(ConflictError):
    """This identity may use that already."""

    code = "access_held"
    hint = "see what it may use with `authsome connections`"


class AccessDeniedLately(ConflictError):
    """The same was asked for and denied within the last day."""

    code = "access_denied_lately"
    hint = "wait a day, or have its principal grant it with `authsome grants add`"


class TooManyAccessRequests(UnavailableError):
    """This identity has asked for too much at once, or too often today."""

    code = "too_many_access_requests"
    hint = "wait until its principal has decided: `authsome access list`"


class AccessNoteInvalid(InvalidError):
    """A note has at most 200 printable characters on one line."""

    code = "access_note_invalid"
    hint = "say shortly and plainly what it is for"
