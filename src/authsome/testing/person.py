"""A person at a browser without a screen: opens pages, fills in forms, keeps cookies."""

from __future__ import annotations

import ssl
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx

Pairs = list[tuple[str, str]]


class PageRefused(Exception):
    """The server answered a form with an error."""


class Person:
    """Fills in the first form of a page that has the fields it is given."""

    def __init__(self, base_url: str, *, timeout: float = 30.0, trust: ssl.SSLContext | bool = True) -> None:
        self._browser = httpx.Client(
            base_url=base_url, follow_redirects=True, timeout=timeout, trust_env=False, verify=trust
        )

    def open(self, url: str) -> httpx.Response:
        """The page behind a link. Raises `PageRefused`."""
        return _accepted(self._browser.get(_path(url)))

    def submit(
        self, url: str, fields: Pairs, *, page: httpx.Response | None = None, action: str | None = None
    ) -> httpx.Response:
        """Open `url` (or stay on `page`), fill in its form and send it. Raises `PageRefused`.

        `action` names one of several forms by where it is sent.
        """
        page = page or self.open(url)
        form = find_form(page.text, {name for name, _ in fields}, action=action)
        sent = _merged(form.hidden, fields)
        return _accepted(self._browser.post(_path(form.action or str(page.url)), data=sent))

    def close(self) -> None:
        self._browser.close()


class FoundForm:
    """A form's address, its hidden fields and the names of all of its fields."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.hidden: Pairs = []
        self.names: set[str] = set()


def find_form(text: str, names: set[str], *, action: str | None = None) -> FoundForm:
    """The first form on the page that has all of these fields, and is sent there if that is given."""
    parser = _Forms()
    parser.feed(text)
    for form in parser.forms:
        if names <= form.names and action in (None, form.action):
            return form
    raise PageRefused(f"no form on the page has the fields {sorted(names)}")


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(FoundForm(values.get("action", "")))
        elif self.forms and tag in ("input", "button", "select", "textarea") and "name" in values:
            self.forms[-1].names.add(values["name"])
            if values.get("type") == "hidden":
                self.forms[-1].hidden.append((values["name"], values.get("value", "")))


def _merged(hidden: Pairs, fields: Pairs) -> dict[str, str | list[str]]:
    out: dict[str, list[str]] = {}
    for name, value in [*hidden, *fields]:
        out.setdefault(name, []).append(value)
    return dict(out)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _accepted(answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= 400:
        raise PageRefused(f"{answer.request.method} {answer.url.path.split('/')[1]}: {answer.status_code}")
    return answer
