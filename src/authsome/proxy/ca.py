"""The installation's own certificate authority, by which agents, and only they, take the proxy for any host.

Only programs started by `authsome run` are told to trust it, through their environment; it is never put
among the machine's roots. Its key file is the most valuable thing the proxy has: whoever reads it can
impersonate any host to those programs.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import os
import ssl
import tempfile
from collections import OrderedDict
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from authsome.kit.clock import Clock
from authsome.kit.ids import Entropy
from authsome.proxy.errors import AuthorityUnsafe

_BACKDATED = datetime.timedelta(days=1)  # clocks of containers and machines differ
_AUTHORITY_LIFE = datetime.timedelta(days=3650)
_LEAF_LIFE = datetime.timedelta(days=7)
_RENEWED_BEFORE = datetime.timedelta(days=1)


class CertificateAuthority:
    """Issues a server certificate per host. All leaves share one key, made anew in each process."""

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        *,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._key = key
        self._certificate = certificate
        self._clock = clock
        self._entropy = entropy
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: OrderedDict[str, tuple[datetime.datetime, ssl.SSLContext]] = OrderedDict()

    @property
    def certificate_pem(self) -> str:
        """What agents must trust. Public."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def context_for(self, host: str, *, keep: int = 256) -> ssl.SSLContext:
        """A server context that proves to be `host` and refuses a client that asks for another name.

        At most `keep` of them are remembered.
        """
        now = self._clock.now()
        known = self._contexts.get(host)
        if known and known[0] > now:
            self._contexts.move_to_end(host)
            return known[1]
        context = self._make_context(host)
        self._contexts[host] = (now + _LEAF_LIFE - _RENEWED_BEFORE, context)
        self._contexts.move_to_end(host)
        while len(self._contexts) > keep:
            self._contexts.popitem(last=False)
        return context

    def issue(self, host: str) -> x509.Certificate:
        """A fresh leaf for one host, signed by this authority."""
        now, serial = self._clock.now(), _serial(self._entropy)
        public = self._leaf_key.public_key()
        return (
            _leaf(host, self._certificate, public)
            .serial_number(serial)
            .not_valid_before(now - _BACKDATED)
            .not_valid_after(min(now + _LEAF_LIFE, self._certificate.not_valid_after_utc))
            .sign(self._key, hashes.SHA256())
        )

    def _make_context(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        # A ticket would let a client resume without the name check below.
        context.num_tickets = 0
        context.options |= ssl.OP_NO_TICKET
        _load_chain(context, _pem(self._leaf_key) + self.issue(host).public_bytes(serialization.Encoding.PEM))

        def check_name(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> int | None:
            # No name at all says nothing against the CONNECT's; clients send none for IP addresses.
            if name is None or name.lower().removesuffix(".") == host:
                return None
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

        context.sni_callback = check_name
        return context


def load_or_create(
    key_path: Path, certificate_path: Path, *, clock: Clock, entropy: Entropy
) -> CertificateAuthority:
    """The authority kept at these two paths, made (0600) if it is not there yet.

    Safe when several processes start at once: the key file appears whole or not at all, and the first one
    wins; any certificate for that key is as good as another. Raises `AuthorityUnsafe` when others can read
    the key, or the two files do not belong together.
    """
    if not key_path.exists():
        _write_once(key_path, _pem(ec.generate_private_key(ec.SECP256R1())))
    key = _read_key(key_path)
    if not certificate_path.exists():
        made = _root(key, clock.now(), _serial(entropy))
        _write_once(certificate_path, made.public_bytes(serialization.Encoding.PEM))
    try:
        certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
    except ValueError:
        raise AuthorityUnsafe(f"{certificate_path.name} is not a certificate.") from None
    if certificate.public_key() != key.public_key():
        raise AuthorityUnsafe(f"{certificate_path.name} does not belong to {key_path.name}.")
    return CertificateAuthority(key, certificate, clock=clock, entropy=entropy)


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    if path.stat().st_mode & 0o077:
        raise AuthorityUnsafe(f"Others than the server's user can read {path.name}.")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise AuthorityUnsafe(f"{path.name} is not a private key.") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise AuthorityUnsafe(f"{path.name} is not an elliptic-curve key.")
    return key


def _write_once(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)  # unlike rename, this does not replace what another process made first
    finally:
        os.unlink(name)


def _serial(entropy: Entropy) -> int:
    return int.from_bytes(b"\x01" + entropy.bytes(18), "big")


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _root(key: ec.EllipticCurvePrivateKey, now: datetime.datetime, serial: int) -> x509.Certificate:
    # The serial is part of the name: two installations' authorities must not be taken for each other.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Authsome gateway {serial & 0xFFFFFFFF:08x}")])
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(serial)
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + _AUTHORITY_LIFE)
        # No further authorities below it, and servers only: no code, no mail, no client certificates.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(host: str, issuer: x509.Certificate, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    try:
        name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        name = x509.DNSName(host)
    issuer_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Authsome gateway")]))
        .issuer_name(issuer.subject)
        .public_key(public)
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), critical=False
        )
    )


def _load_chain(context: ssl.SSLContext, pem: bytes) -> None:
    """Give OpenSSL key and certificate. It reads files only, so they pass through one that has no name."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("leaf")
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            context.load_cert_chain(f"/proc/self/fd/{handle}")
        return
    with tempfile.NamedTemporaryFile(prefix="leaf.") as file:  # 0600, gone on leaving
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
