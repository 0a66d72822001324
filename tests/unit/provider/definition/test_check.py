"""The section `check` of a definition: a credential is shown to a host of the definition and to no other."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.provider.definition.check import LONGEST_HOLDER, Check, read_check
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.host import read_host_pattern

HOSTS = (read_host_pattern("api.acme.test"), read_host_pattern("*.eu.acme.test:8443"))
URL = "https://api.acme.test/v1/me?verbose=1"


def test_what_is_written_reads_back_the_same() -> None:
    given = {"url": URL, "headers": {"Acme-Version": "2026-01-31"}, "confirms": "ok", "account": "a.0.b"}
    check = read_check(given, hosts=HOSTS)
    assert check.definition() == given
    assert read_check(check.definition(), hosts=HOSTS) == check
    assert str(check.place) == "api.acme.test"
    assert read_check({"url": URL}, hosts=HOSTS).definition() == {"url": URL}


def test_a_host_below_a_wildcard_is_the_definitions_own() -> None:
    assert (
        str(read_check({"url": "https://x.eu.acme.test:8443/"}, hosts=HOSTS).place) == "x.eu.acme.test:8443"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://api.acme.test/me", "https://api.acme.test.evil.test/me", "https://evil-api.acme.test/me",
        "https://acme.test/me", "https://api.acme.test:8443/me", "https://x.eu.acme.test/me",
        "https://eu.acme.test:8443/me", "https://api.acme.test@evil.test/me", "https://user@api.acme.test/me",
        "https://169.254.169.254/me", "https://api.acme.test/me#x", "https://*.eu.acme.test:8443/me", "", 7,
    ],
)  # fmt: skip
def test_a_credential_is_shown_to_no_other_host(url: Any) -> None:
    with pytest.raises(DefinitionInvalid):
        read_check({"url": url}, hosts=HOSTS)


@pytest.mark.parametrize(
    "changed",
    [
        {"account": ""}, {"account": "a..b"}, {"account": "a[0]"}, {"account": "a." * 9 + "a"},
        {"account": 7}, {"confirms": True}, {"confirms": "ok?"},
        {"headers": {"Authorization": "Bearer x"}}, {"headers": {"authorization": "x"}},
        {"headers": "X: y"}, {"headers": {"Host": "evil.test"}}, {"headers": {"X-A": "a\r\nHost: b"}},
        {"headers": {"X-A": "ключ"}},
        {"headers": {"X-A": 1}}, {"headers": {f"X-{n}": "y" for n in range(6)}}, {"method": "POST"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_right_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(DefinitionInvalid, match="check"):
        read_check({"url": URL, **changed}, hosts=HOSTS)


def test_a_check_needs_its_address() -> None:
    wrong: list[Any] = [{}, URL, None, [URL]]
    for given in wrong:
        with pytest.raises(DefinitionInvalid, match="check"):
            read_check(given, hosts=HOSTS)


@pytest.mark.parametrize(
    ("path", "answer", "holder"),
    [
        ("login", {"login": "octocat"}, "octocat"),
        ("data.1.name", {"data": [{"name": "a"}, {"name": "b"}]}, "b"),
        ("0.id", [{"id": 42}], "42"),
        ("login", {"login": "a\u202e\nb\x1b[2J"}, "ab[2J"),
        ("login", {"login": "x" * 1000}, "x" * LONGEST_HOLDER),
        ("login", {"login": " \n"}, None),
        ("login", {"login": True}, None),
        ("login", {"login": {"deeper": "x"}}, None),
        ("login", {}, None),
        ("login", [{"login": "x"}], None),
        ("data.2", {"data": ["a", "b"]}, None),
        ("data.-1", {"data": ["a", "b"]}, None),
        ("login.0", {"login": "text"}, None),
        ("login", None, None),
        (None, {"login": "octocat"}, None),
    ],
    ids=str,
)
def test_the_holder_is_one_printable_line_or_nobody(
    path: str | None, answer: Any, holder: str | None
) -> None:
    assert Check(url=URL, holder_path=path).holder_in(answer) == holder


@pytest.mark.parametrize(
    ("status", "answer", "passed"),
    [
        (200, {"ok": True}, True), (204, {"ok": True}, True), (200, {"ok": False}, False),
        (200, {"ok": "true"}, False), (200, {"ok": 1}, False), (200, {}, False), (200, None, False),
        (401, {"ok": True}, False), (302, {"ok": True}, False),
    ],
)  # fmt: skip
def test_some_services_answer_anything_with_200(status: int, answer: Any, *, passed: bool) -> None:
    assert Check(url=URL, confirms="ok").is_passed(status, answer) is passed


@pytest.mark.parametrize(
    ("status", "passed"), [(200, True), (299, True), (199, False), (300, False), (401, False)]
)
def test_else_the_status_says_it(status: int, *, passed: bool) -> None:
    assert Check(url=URL).is_passed(status, None) is passed
