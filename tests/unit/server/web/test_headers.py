from __future__ import annotations

from authsome.server.web.render import security_headers


def test_the_policy_allows_our_own_files_and_nothing_inline() -> None:
    policy = dict(part.split(" ", 1) for part in security_headers()["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    for what in ("script-src", "style-src", "connect-src", "font-src", "form-action"):
        assert policy[what] == "'self'"
    assert "unsafe" not in str(policy)


def test_an_address_with_a_secret_is_told_to_nobody_and_no_page_is_kept() -> None:
    headers = security_headers()
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_each_caller_gets_headers_of_its_own() -> None:
    security_headers()["Cache-Control"] = "public"
    assert security_headers()["Cache-Control"] == "no-store"
