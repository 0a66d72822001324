"""Reads a page the way a browser would, as far as the tests ask: tags, attributes, text, labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Tag:
    """One element as it was opened."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    inside: tuple[str, ...] = ()


@dataclass
class Document(HTMLParser):
    """Every element of a page in order."""

    tags: list[Tag] = field(default_factory=list)
    open: list[Tag] = field(default_factory=list)

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "circle"})

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        repeated = [name for name, _ in attrs]
        assert len(repeated) == len(set(repeated)), f"<{tag}> says an attribute twice: {repeated}"
        found = Tag(
            tag, {name: value or "" for name, value in attrs}, inside=tuple(t.name for t in self.open)
        )
        self.tags.append(found)
        if tag not in self.VOID:
            self.open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            tag.text += data

    def named(self, *names: str) -> list[Tag]:
        """The elements with one of these names."""
        return [tag for tag in self.tags if tag.name in names]

    def ids(self) -> list[str]:
        """Every id, in order."""
        return [tag.attributes["id"] for tag in self.tags if "id" in tag.attributes]


def read(html: str) -> Document:
    """The page, parsed. Fails on an element that is never closed or closed out of turn."""
    document = Document()
    document.feed(html)
    document.close()
    assert not document.open, f"never closed: {[tag.name for tag in document.open]}"
    return document
