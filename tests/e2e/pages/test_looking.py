"""What every answer has in common, and the pages that only show."""

from __future__ import annotations

import pytest

from authsome.server.web.assets import asset_url
from authsome.server.web.headers import security_headers
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PagesServer

DASHBOARDS = ("/analytics/adoption", "/analytics/reliability", "/analytics/mine")
PAGES = ("/", "/agents", "/connections", "/providers", "/principals", "/telemetry", *DASHBOARDS)


async def test_no_page_is_kept_framed_or_told_to_others(server: PagesServer, visitor: Visitor) -> None:
    async def look() -> None:
        for path in (*PAGES, "/log-in", "/nowhere", "/claim/x", "/sign-in", "/set-up/x"):
            await visitor.open(path)
            for name, value in security_headers().items():
                assert visitor.page.headers[name] == value, (path, name)
            assert visitor.page.headers["cache-control"] == "no-store"
            assert visitor.page.headers["referrer-policy"] == "no-referrer"

    await server.admin()
    await look()
    await visitor.sign_in()
    await look()


async def test_every_page_is_there_from_the_first_minute(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    for path in PAGES:
        assert (await visitor.open(path)).status_code == 200, path


async def test_the_overview_leads_on_and_says_what_happened(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    ann = await server.admin()
    await server.member(ann, "ben@example.org")
    await visitor.sign_in()
    assert "authsome login openai" in visitor.text
    await connected(server, ann)
    await visitor.open("/")
    assert "Connection created openai" in visitor.text
    await another.sign_in("ben@example.org")
    assert "Connection created" not in another.text


async def test_files_are_kept_for_ever_under_an_address_that_changes_with_them(
    server: PagesServer, visitor: Visitor
) -> None:
    url = asset_url("authsome.css")
    for encoding in ("identity", "gzip"):
        answer = await visitor.client.get(url, headers={"accept-encoding": encoding})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "text/css; charset=utf-8"
        assert "--petrol" in answer.text
    for path in ("/static/authsome.css", "/static/../app.py", "/static/%2e%2e/app.py", url + "x", "/static/"):
        assert (await visitor.client.get(path)).status_code == 404


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"])
async def test_what_a_stranger_typed_comes_back_as_text(
    server: PagesServer, visitor: Visitor, text: str
) -> None:
    await visitor.open(await server.set_up_link())
    await visitor.send({"email": text, "display_name": text, "password": "x", "password_again": "y"})
    assert visitor.page.status_code == 422
    assert visitor.form().values["email"] == text
    assert not visitor.document.named("img")
    assert "alert(1)" not in "".join(tag.text for tag in visitor.document.named("script"))
    visitor.page = await visitor.client.get("/nowhere", params={"x": text})
    assert text not in visitor.page.text
    visitor.page = await visitor.client.get("/log-in", params={"next": "/" + text, "done": text})
    assert not visitor.document.named("img")


async def test_nobody_is_told_which_page_a_claim_link_led_to(server: PagesServer, visitor: Visitor) -> None:
    """A problem page about a link does not repeat the link."""
    await server.admin()
    await visitor.sign_in()
    secret = "A" * 43
    for path in (f"/claim/{secret}", f"/set-up/{secret}", f"/connect/{secret}", f"/reset/{secret}"):
        await visitor.open(path)
        assert visitor.page.status_code == 410
        assert secret not in visitor.page.text
        assert secret not in str(visitor.page.headers)
