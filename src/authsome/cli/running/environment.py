"""The environment of a program under `authsome run`: all traffic to the proxy, our CA trusted, no secret.

There is no standard for either; each client reads names of its own. What is set here holds for curl, git,
Python (requests, httpx, urllib, aiohttp with trust_env, pip, uv, boto), Node, Deno, Go, Rust and gRPC.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from authsome.kit.secret import Secret

# Both spellings: curl takes only the lower-case http_proxy (in CGI, HTTP_PROXY is a header of the request),
# others only the upper-case ones. Plain http goes to the proxy too, which refuses it with a reason.
PROXY_NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
CA_NAMES = (
    "SSL_CERT_FILE",  # OpenSSL, httpx, Go, uv, Ruby
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "DENO_CERT",
    "GIT_SSL_CAINFO",
    "AWS_CA_BUNDLE",
    "PIP_CERT",
    "CARGO_HTTP_CAINFO",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
    "npm_config_cafile",
)
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Where to find the gateway and the agent's own key; none of them is a secret. Everything else that begins
# with AUTHSOME_ may be one (an installation key, a PostHog key), so it stays behind.
KEPT = frozenset(("AUTHSOME_HOME", "AUTHSOME_BASE_URL", "AUTHSOME_DO_NOT_TRACK"))


def child_environment(
    base: Mapping[str, str],
    *,
    proxy_url: Secret,
    ca_bundle: Path,
    covered: Collection[str] | None = None,
) -> dict[str, str]:
    """`base` as the child is to have it. The result holds the run's token, in the proxy's URL.

    `covered` are the hosts that the run's connections cover. Loopback names among them go through the proxy,
    with all their ports, since few clients know exceptions by port; the others are left alone, so that a
    program can still talk to a database or a server of its own. None means that the hosts are not known: then
    everything goes through the proxy.

    The operator's own exceptions in NO_PROXY are dropped: for those hosts the child would go past the proxy.
    """
    environment = {name: value for name, value in base.items() if not _is_ours(name)}
    environment.update(dict.fromkeys(PROXY_NAMES, proxy_url.reveal()))
    environment.update(dict.fromkeys(CA_NAMES, str(ca_bundle)))
    exceptions = [] if covered is None else [name for name in LOOPBACK if not _is_covered(name, covered)]
    environment["NO_PROXY"] = environment["no_proxy"] = ",".join(exceptions)
    environment["NODE_USE_ENV_PROXY"] = "1"  # Node reads the proxy variables only when it is told to
    return environment


def _is_covered(name: str, covered: Collection[str]) -> bool:
    """Whether a covered host is this name or below it: an exception for a name is one for all below it."""
    return any(host == name or host.endswith(f".{name}") for host in covered)


def _is_ours(name: str) -> bool:
    return name.upper().startswith("AUTHSOME_") and name.upper() not in KEPT
