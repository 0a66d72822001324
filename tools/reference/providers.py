"""`docs/reference/providers.md`: the services that come with Authsome, from their definitions."""

from __future__ import annotations

from collections.abc import Iterator

from authsome.connection.flows import flows_of
from authsome.connection.model import Flow
from authsome.provider.catalogue import bundled
from authsome.provider.definition.category import Category
from authsome.provider.model import Provider

PAGE = "docs/reference/providers.md"
HEAD = """\
# Providers

<!-- Generated from the bundled definitions by `make docs`. -->

{count} services come with every installation, described from their public documentation. Connect one with
`authsome login NAME`.
An admin can add others from a file: see [write a provider](../guides/write-a-provider.md).

- **Connected by**: *key*, typed on a page of this installation; *page*, the service's own, where the person
  agrees (OAuth 2.0); *code*, typed at the service on any device; *client*, as this installation itself
  (client credentials). For all but the key an admin first registers this installation at the service:
  `authsome providers client NAME`.
- **Hosts**: where its credential may go, and nowhere else. `*.` stands for every name below.
- **Variables**: where people usually keep the key.
- **Taken back**: *yes* where a connection by the service's page can be revoked at the service too (RFC 7009).

"""
COLUMNS = ("name", "service", "connected by", "hosts", "variables", "taken back", "documentation")
WAYS = {
    Flow.API_KEY: "key",
    Flow.AUTHORIZATION_CODE: "page",
    Flow.DEVICE_CODE: "code",
    Flow.CLIENT_CREDENTIALS: "client",
}


def files() -> dict[str, str]:
    """The page."""
    parts = [HEAD.format(count=len(bundled())), *_contents(), *_tables()]
    return {PAGE: "".join(parts)}


def _contents() -> Iterator[str]:
    for category in Category:
        yield f"- [{category.heading}](#{_anchor(category.heading)})\n"


def _tables() -> Iterator[str]:
    for category in Category:
        yield f"\n## {category.heading}\n\n{_row(COLUMNS)}{_row(['---'] * len(COLUMNS))}"
        yield from (_row(_cells(one)) for one in bundled() if one.categories[:1] == (category,))


def _cells(provider: Provider) -> tuple[str, ...]:
    oauth = provider.oauth
    return (
        f"`{provider.name}`",
        f"**{provider.display_name}**: {provider.description}",
        ", ".join(WAYS[flow] for flow in flows_of(provider)),
        " ".join(f"`{pattern}`" for pattern in provider.hosts),
        " ".join(f"`{name}`" for name in provider.variables),
        "" if oauth is None else "yes" if oauth.revocation_url else "no",
        f"[read on {provider.checked_on}]({provider.documentation_url})",
    )


def _anchor(heading: str) -> str:
    """As GitHub makes it."""
    return heading.lower().replace(",", "").replace(" ", "-")


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
