"""How providers refuse."""

from __future__ import annotations

from authsome.kit.errors import ConflictError, InvalidError, MissingError
from authsome.provider.discovery.failure import WORDS, DiscoveryFailure


class ProviderMissing(MissingError):
    """There is no such provider."""

    code = "provider_missing"
    hint = "list them with `authsome providers`"


class OAuthNotOffered(InvalidError):
    """This provider is not connected by OAuth: its definition has no section for it."""

    code = "oauth_not_offered"
    hint = "connect it with a key: `authsome login NAME`, or see `authsome providers`"


class DefinitionInvalid(InvalidError):
    """The provider's definition is not well-formed."""

    code = "definition_invalid"
    hint = "correct what the message names and register the file again"


class ProviderTaken(ConflictError):
    """A provider of this name exists already."""

    code = "provider_taken"
    hint = "choose another name; list the taken ones with `authsome providers`"


class HostTaken(ConflictError):
    """Another provider covers this host already, so its secret could go to the wrong one."""

    code = "provider_host_taken"
    hint = "leave that host out, or connect the provider that has it"


class VariableTaken(ConflictError):
    """Another provider's keys are kept in this variable, so they would be taken for this one's."""

    code = "provider_variable_taken"
    hint = "leave that variable out of `environment`"


class PrivateAddressRefused(InvalidError):
    """A private address is listed as an exact host and port that the definition names too."""

    code = "private_address_refused"
    hint = "list it as `host:port`; wildcards, link-local and metadata addresses are never allowed"


class PrivateAddressUnlisted(InvalidError):
    """A host of the definition is on a private network, where a secret is sent only if an admin lists it."""

    code = "private_address_unlisted"
    hint = "if you mean it, register the file again with `--allow-private HOST:PORT`, the port written out"


class TooManyProviders(ConflictError):
    """No more custom providers can be registered."""

    code = "too_many_providers"
    hint = "cover several hosts of one service with one definition"


class ServerAddressInvalid(InvalidError):
    """An address is https://, a host, and a path without a fragment, of 500 printable characters at most."""

    code = "server_address_invalid"
    hint = "copy the address from the server's documentation, such as https://mcp.example.com/mcp"


class DiscoveryFailed(InvalidError):
    """The address cannot be connected by itself."""

    code = "discovery_failed"
    hint = "describe the provider in a file: `authsome providers add FILE`"

    def __init__(
        self,
        reason: DiscoveryFailure = DiscoveryFailure.UNREACHABLE,
        what: str = "",
        *,
        hint: str | None = None,
        place: str = "",
    ) -> None:
        said, next_step = WORDS[reason]
        self.reason, self.what, self.place = reason, what, place
        super().__init__(f"{place or 'this address'}: {said}{what and f' ({what})'}", hint=hint or next_step)

    def at(self, place: str) -> DiscoveryFailed:
        """The same, of a host that is named."""
        return DiscoveryFailed(self.reason, self.what, hint=self.next_step, place=self.place or place)
