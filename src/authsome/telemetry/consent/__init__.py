"""Since when facts may leave, and under which terms.

`windows` answers for one fact, `settle` brings the windows in line with a server's environment at its start,
`export_past` opens one backwards, `history` shows all of them to people.
"""

from __future__ import annotations

from authsome.telemetry.consent.settle import settle_consent
from authsome.telemetry.consent.windows import Consent, TermsFor, consent_of, cursor_name, terms_in

__all__ = ["Consent", "TermsFor", "consent_of", "cursor_name", "settle_consent", "terms_in"]
