"""How provisioning refuses: each names what to change, and where."""

from __future__ import annotations

from authsome.kit.errors import BrokenError, ConflictError, DeniedError, InvalidError, UnavailableError

SCOPES = (
    "dashboard:write, insight:write and project:read, and for all of it action:write, event_definition:write "
    "and property_definition:write"
)


class PostHogNotConfigured(InvalidError):
    """A setting lacks that says which PostHog project, or with which key."""

    code = "posthog_not_configured"
    hint = "set it in the environment of this command; docs/guides/posthog-dashboard.md says where to find it"


class PostHogForbidden(DeniedError):
    """The environment forbids to ask PostHog."""

    code = "posthog_forbidden"
    hint = "no connection was opened; unset the variable for this command if you mean to"


class PostHogDenies(DeniedError):
    """PostHog does not let this key do that."""

    code = "posthog_denies"
    hint = f"give the personal key this project and the scopes {SCOPES}"


class PostHogRefuses(BrokenError):
    """PostHog understood a call and refuses it."""

    code = "posthog_refuses"
    hint = "what was done so far stays, and the next run goes on from there; is this PostHog older than 2025?"


class PostHogUnavailable(UnavailableError):
    """PostHog does not answer, or asks to wait longer than this command does."""

    code = "posthog_unavailable"
    hint = "run it again later: it goes on from where it is"


class TimeZonesDiffer(ConflictError):
    """The project cuts its days in another time zone than the installation."""

    code = "time_zones_differ"
    hint = (
        "make them the same, or no day shows the same number twice: in PostHog under Settings, Project, "
        "or AUTHSOME_TIME_ZONE here as it is for the server"
    )


class NotAsWritten(ConflictError):
    """PostHog shows something other than what was written."""

    code = "not_as_written"
    hint = "does somebody else change it at this moment? `authsome analytics plan` shows what differs"
