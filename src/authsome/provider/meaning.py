"""What a definition means, in sentences, for whoever has just written it."""

from __future__ import annotations

from collections.abc import Iterator

from authsome.provider.catalogue import find_bundled
from authsome.provider.definition.inject import Injection
from authsome.provider.host import HostPattern
from authsome.provider.model import Provider


def origin_of(provider: Provider) -> str:
    """Whose definition it is: bundled, custom, or an override of a bundled one."""
    if provider.bundled:
        return "bundled"
    return "override" if find_bundled(provider.name) else "custom"


def in_words(provider: Provider) -> Iterator[str]:
    """One thing a line, what decides where secrets go first."""
    yield f"{provider.display_name} is connected with `authsome login {provider.name}`."
    yield f"Requests carry its secrets to {', '.join(map(_host, provider.hosts))}, and to no other host."
    if provider.private_addresses:
        places = ", ".join(f"{place.host}:{place.port}" for place in provider.private_addresses)
        yield f"On a private network may be {places}."
    if provider.inject:
        fields = ", ".join(one.label for one in provider.key_fields)
        yield f"People are asked for: {fields}. A request carries it {_places(provider.inject)}."
    if provider.variables:
        yield f"`authsome onboard` looks for its key in {', '.join(provider.variables)}."
    if provider.check:
        yield f"`authsome providers test {provider.name}` asks {provider.check.url} whether a key works."
    if provider.oauth:
        yield (
            f"People can also be sent to {provider.oauth.asks_at}; tokens come from "
            f"{provider.oauth.token_place}, once an admin has set this installation's client."
        )


def _host(pattern: HostPattern) -> str:
    return f"{pattern} (every name below {pattern.host})" if pattern.is_wildcard else str(pattern)


def _places(inject: Injection) -> str:
    headers = [f"in the header {name}" for name, _ in inject.header_templates]
    parameters = [f"in the parameter {name} of the address" for name, _ in inject.query_templates]
    return " and ".join([*headers, *parameters, *(["as name and password"] if inject.basic else [])])
