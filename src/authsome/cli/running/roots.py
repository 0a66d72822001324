"""The file of certificates that a run's clients trust: the machine's roots and the gateway's own."""

from __future__ import annotations

import os
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from authsome.kit.errors import MissingError

# Where the large distributions keep all roots in one file, for a Python whose OpenSSL looks elsewhere.
USUAL = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class RootsMissing(MissingError):
    """This machine has no list of certificate authorities."""

    code = "roots_missing"
    hint = "install ca-certificates, or name a file in SSL_CERT_FILE"


@contextmanager
def ca_bundle(certificate: str) -> Iterator[Path]:
    """A file with the machine's roots and `certificate` (PEM), in a private folder, for one run."""
    folder = Path(tempfile.mkdtemp(prefix="authsome-run-"))
    try:
        path = folder / "ca.pem"
        path.write_bytes(_roots() + b"\n" + certificate.encode("ascii"))
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _roots() -> bytes:
    """All roots that programs here trust already. Raises `RootsMissing`."""
    named = (os.environ.get("SSL_CERT_FILE"), ssl.get_default_verify_paths().cafile, *USUAL)
    for name in named:
        if name and Path(name).is_file():
            return Path(name).read_bytes()
    try:
        import certifi
    except ImportError:
        raise RootsMissing from None
    return Path(certifi.where()).read_bytes()
