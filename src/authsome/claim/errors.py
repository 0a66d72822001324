"""How claims refuse."""

from __future__ import annotations

from authsome.kit.errors import DeniedError, ExpiredError


class ClaimGone(ExpiredError):
    """This claim was decided, has expired, or never existed."""

    code = "claim_gone"
    hint = "run `authsome onboard` again for a new link"


class CodeWrong(DeniedError):
    """That is not the code that the terminal shows."""

    code = "code_wrong"
    hint = "type the eight letters from the terminal in which the agent was onboarded"
