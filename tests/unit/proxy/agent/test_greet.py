"""The certificate that agents on other machines are shown outlives no leaf of it."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from authsome.proxy.agent.greet import greeting_context
from authsome.proxy.ca import CertificateAuthority, load_or_create
from authsome.testing.clock import SeededEntropy, SimulatedClock


def shown(context: ssl.SSLContext, authority: CertificateAuthority, name: str) -> x509.Certificate:
    """The certificate that a client gets, without a network."""
    trusting = ssl.create_default_context(cadata=authority.certificate_pem)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(down, up, server_hostname=name)
    server = context.wrap_bio(up, down, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    found = client.getpeercert(binary_form=True)
    assert found is not None
    return x509.load_der_x509_certificate(found)


@pytest.mark.parametrize("name", ["gateway.example.org", "192.0.2.7", "2001:db8::7"])
def test_a_leaf_is_replaced_before_it_ends(tmp_path: Path, name: str) -> None:
    clock = SimulatedClock()
    made = load_or_create(tmp_path / "ca.key", tmp_path / "ca.pem", clock=clock, entropy=SeededEntropy())
    context = greeting_context(made, name)
    for _ in range(10):
        certificate = shown(context, made, name)
        assert certificate.not_valid_before_utc <= clock.now() < certificate.not_valid_after_utc
        clock.advance(timedelta(days=3))
