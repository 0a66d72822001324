"""The child's environment: everything to the proxy, nothing secret but the run's own token."""

from __future__ import annotations

from pathlib import Path

from authsome.cli.running.environment import CA_NAMES, PROXY_NAMES, child_environment
from authsome.kit.secret import Secret

URL = "http://run:tok@127.0.0.1:7999"
BUNDLE = Path("/somewhere/ca.pem")


def build(base: dict[str, str], covered: set[str] | None = None) -> dict[str, str]:
    return child_environment(base, proxy_url=Secret(URL), ca_bundle=BUNDLE, covered=covered)


def test_every_client_is_told_the_proxy_and_the_authority() -> None:
    made = build({"HTTPS_PROXY": "http://user:pass@corporate:3128", "CURL_CA_BUNDLE": "/etc/mine.pem"})
    assert {made[name] for name in PROXY_NAMES} == {URL}
    assert {made[name] for name in CA_NAMES} == {str(BUNDLE)}
    assert made["NODE_USE_ENV_PROXY"] == "1"


def test_no_variable_of_ours_reaches_the_child_unless_it_is_known_to_be_harmless() -> None:
    base = {
        "AUTHSOME_INSTALLATION_KEY": "s1",
        "authsome_posthog_api_key": "s2",
        "AUTHSOME_DATABASE_URL": "s3",
        "AUTHSOME_HOME": "/home/agent/.authsome",
        "PATH": "/usr/bin",
    }
    made = build(base)
    assert not {"s1", "s2", "s3"} & set(made.values())
    assert made["AUTHSOME_HOME"] == "/home/agent/.authsome"
    assert made["PATH"] == "/usr/bin"


def test_the_operators_exceptions_do_not_lead_past_the_proxy() -> None:
    made = build({"NO_PROXY": "api.example.com,.corp", "no_proxy": "*"})
    assert made["NO_PROXY"] == made["no_proxy"] == ""


def test_loopback_stays_direct_unless_a_connection_covers_it() -> None:
    assert build({}, set())["NO_PROXY"] == "localhost,127.0.0.1,::1"
    assert build({}, {"localhost"})["no_proxy"] == "127.0.0.1,::1"


def test_a_name_below_localhost_that_is_covered_is_no_exception_either() -> None:
    assert build({}, {"api.localhost"})["NO_PROXY"] == "127.0.0.1,::1"
    assert build({}, {"notlocalhost"})["NO_PROXY"] == "localhost,127.0.0.1,::1"


def test_the_given_environment_is_left_as_it_was() -> None:
    base = {"AUTHSOME_X": "1"}
    build(base)
    assert base == {"AUTHSOME_X": "1"}
