"""The authority: made once, readable by its owner alone, and good for one kind of certificate."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.verification import PolicyBuilder, Store

from authsome.kit.clock import SystemClock
from authsome.kit.ids import SystemEntropy
from authsome.proxy.ca import CertificateAuthority, load_or_create
from authsome.proxy.errors import AuthorityUnsafe


def make(folder: Path) -> CertificateAuthority:
    return load_or_create(folder / "ca.key", folder / "ca.pem", clock=SystemClock(), entropy=SystemEntropy())


def test_the_key_is_made_for_its_owner_alone_and_kept(tmp_path: Path) -> None:
    made = make(tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new" / "ca.key").stat().st_mode) == 0o600
    assert make(tmp_path / "new").certificate_pem == made.certificate_pem
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["ca.key", "ca.pem"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    os.chmod(tmp_path / "ca.key", 0o640)
    with pytest.raises(AuthorityUnsafe, match=r"ca\.key"):
        make(tmp_path)


@pytest.mark.parametrize("name", ["ca.key", "ca.pem"])
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    (tmp_path / name).write_text("nonsense")
    with pytest.raises(AuthorityUnsafe):
        make(tmp_path)
    assert (tmp_path / name).read_text() == "nonsense"


def test_files_of_two_authorities_are_not_mixed(tmp_path: Path) -> None:
    make(tmp_path / "a")
    make(tmp_path / "b")
    (tmp_path / "a" / "ca.pem").write_bytes((tmp_path / "b" / "ca.pem").read_bytes())
    with pytest.raises(AuthorityUnsafe, match="does not belong"):
        make(tmp_path / "a")


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: make(tmp_path).certificate_pem, range(8)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("host", ["api.example.com", "localhost", "127.0.0.1", "::1", "a." * 100 + "example"])
def test_a_leaf_is_accepted_for_its_host(tmp_path: Path, host: str) -> None:
    authority = make(tmp_path)
    leaf = authority.issue(host)
    root = x509.load_pem_x509_certificate(authority.certificate_pem.encode())
    leaf.verify_directly_issued_by(root)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == [host]
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < timedelta(days=10)


def test_a_strict_verifier_takes_a_leaf_for_its_host_and_no_other(tmp_path: Path) -> None:
    authority = make(tmp_path)
    store = Store([x509.load_pem_x509_certificate(authority.certificate_pem.encode())])
    build = PolicyBuilder().store(store)
    leaf = authority.issue("api.example.com")
    assert build.build_server_verifier(x509.DNSName("api.example.com")).verify(leaf, [])
    with pytest.raises(x509.verification.VerificationError):
        build.build_server_verifier(x509.DNSName("other.example.com")).verify(leaf, [])


def test_the_authority_may_sign_server_certificates_and_nothing_else(tmp_path: Path) -> None:
    root = x509.load_pem_x509_certificate(make(tmp_path).certificate_pem.encode())
    basic = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert basic.value.ca
    assert basic.value.path_length == 0
    usage = root.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [use.dotted_string for use in usage] == ["1.3.6.1.5.5.7.3.1"]


def test_contexts_are_kept_up_to_a_bound(tmp_path: Path) -> None:
    authority = make(tmp_path)
    first = authority.context_for("a.example", keep=2)
    assert authority.context_for("a.example", keep=2) is first
    authority.context_for("b.example", keep=2)
    authority.context_for("c.example", keep=2)
    assert authority.context_for("a.example", keep=2) is not first


def test_the_certificate_shows_nothing_of_the_key(tmp_path: Path) -> None:
    authority = make(tmp_path)
    key = serialization.load_pem_private_key((tmp_path / "ca.key").read_bytes(), None)
    assert "PRIVATE" not in authority.certificate_pem
    assert repr(key) not in repr(authority)
