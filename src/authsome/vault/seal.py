"""Seal and open secrets.

    sealed = 0x01 ‖ nonce (12) ‖ ciphertext ‖ tag (16)          AES-256-GCM, NIST SP 800-38D

The first byte is the format, for a later one. Nonces are random: with a key per vault, 2^32 sealings of one
vault keep the chance of a repeat below 2^-32 (§8.3 there), and a vault holds hundreds of rows.

Associated data lists its parts with their lengths, because joined with a separator two places could spell
the same bytes.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from authsome.kit.ids import Entropy
from authsome.kit.secret import Secret
from authsome.vault.errors import InstallationKeyWrong, SealBroken
from authsome.vault.installation_key import KEY_BYTES, InstallationKey
from authsome.vault.model import Place, Vault

FORMAT = b"\x01"
NONCE_BYTES, TAG_BYTES = 12, 16


class Keeper:
    """Holds the wrapping key. One for the life of the process; safe to use from any thread."""

    def __init__(self, key: InstallationKey, entropy: Entropy) -> None:
        self.key_id = key.key_id
        self._wrapping = AESGCM(key.derive("vault wrapping"))
        self._entropy = entropy

    def new_vault(self, vault_id: str, principal_id: str) -> tuple[bytes, str]:
        """A fresh data key, wrapped for this vault and owner, and the id of the key that wraps it."""
        data_key = self._entropy.bytes(KEY_BYTES)
        return self._encrypt(
            self._wrapping, data_key, _owner(vault_id, principal_id, self.key_id)
        ), self.key_id

    def seal(self, vault: Vault, place: Place, secret: Secret) -> bytes:
        """The secret, readable only at this place. Raises `InstallationKeyWrong` or `SealBroken`."""
        return self._encrypt(self._data_key(vault), secret.reveal().encode(), _bound(vault, place))

    def open(self, vault: Vault, place: Place, sealed: bytes) -> Secret:
        """The secret that was sealed at this place. Raises `InstallationKeyWrong` or `SealBroken`."""
        return Secret(_decrypt(self._data_key(vault), sealed, _bound(vault, place)).decode())

    def _data_key(self, vault: Vault) -> AESGCM:
        if vault.key_id != self.key_id:
            raise InstallationKeyWrong
        owner = _owner(vault.id, vault.principal_id, vault.key_id)
        return AESGCM(_decrypt(self._wrapping, vault.wrapped_key, owner))

    def _encrypt(self, cipher: AESGCM, plain: bytes, bound: bytes) -> bytes:
        nonce = self._entropy.bytes(NONCE_BYTES)
        return FORMAT + nonce + cipher.encrypt(nonce, plain, FORMAT + bound)


def _decrypt(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    if len(sealed) < len(FORMAT) + NONCE_BYTES + TAG_BYTES or sealed[:1] != FORMAT:
        raise SealBroken
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, ciphertext, FORMAT + bound)
    except InvalidTag:
        raise SealBroken from None


def _owner(vault_id: str, principal_id: str, key_id: str) -> bytes:
    return _joined("vault", vault_id, principal_id, key_id)


def _bound(vault: Vault, place: Place) -> bytes:
    return _joined("row", place.table, place.row_id, str(place.version), vault.id)


def _joined(*parts: str) -> bytes:
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
