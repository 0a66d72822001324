"""A browser without a screen: it keeps cookies, reads forms and sends them back as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.support.pages_server import PASSWORD, PATIENCE
from tests.unit.server.web.reading import Document, read

Values = Mapping[str, str | Sequence[str]]


@dataclass
class FoundForm:
    """A form as it stands on a page, with what it sends if nothing is changed."""

    action: str
    values: dict[str, Any] = field(default_factory=dict)


class Visitor:
    """One browser. `page` is the last answer."""

    def __init__(self, address: str, **headers: str) -> None:
        self.client = httpx.AsyncClient(
            base_url=address, headers=headers, follow_redirects=False, timeout=PATIENCE
        )
        self.page: httpx.Response = httpx.Response(204)

    async def open(self, path: str) -> httpx.Response:
        """Follow a link."""
        self.page = await self.client.get(path)
        return self.page

    async def send(self, values: Values | None = None, *, form: str = "", **headers: str) -> httpx.Response:
        """Fill in the form with this id, or the last one of the page, and send it."""
        found = self.form(form)
        data = {**found.values, **(values or {})}
        self.page = await self.client.post(found.action, data=data, headers=headers)
        return self.page

    async def follow(self) -> httpx.Response:
        """Go where the last answer leads."""
        assert self.page.status_code == 303, (self.page.status_code, self.text)
        return await self.open(self.page.headers["location"])

    async def sign_in(self, email: str = "ann@example.org", password: str = PASSWORD) -> httpx.Response:
        await self.open("/log-in")
        await self.send({"email": email, "password": password})
        return await self.follow()

    def form(self, name: str = "") -> FoundForm:
        """A form of the page. Without a name, the last one."""
        document = self.document
        forms = [tag for tag in document.named("form") if not name or tag.attributes.get("id") == name]
        assert forms, f"no form {name!r} on the page: {self.text}"
        chosen = forms[-1]
        found = FoundForm(chosen.attributes["action"] or urlsplit(str(self.page.url)).path)
        inside = document.tags[document.tags.index(chosen) + 1 :]
        for tag in inside:
            if "form" not in tag.inside:
                break
            if tag.name == "input" and tag.attributes.get("type") in ("hidden", "text", "email"):
                found.values[tag.attributes["name"]] = tag.attributes.get("value", "")
            if tag.name == "textarea":
                found.values[tag.attributes["name"]] = tag.text.removeprefix("\n")
            if tag.name == "input" and "checked" in tag.attributes:
                found.values.setdefault(tag.attributes["name"], []).append(tag.attributes["value"])
            if tag.name == "option":
                selects = [one for one in inside if one.name == "select"]
                name, value = selects[-1].attributes["name"], tag.attributes["value"]
                if "selected" in tag.attributes or name not in found.values:
                    found.values[name] = value
        return found

    @property
    def document(self) -> Document:
        return read(self.page.text)

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        mains = self.document.named("main")
        return " ".join(mains[0].text.split()) if mains else self.page.text

    async def close(self) -> None:
        await self.client.aclose()
