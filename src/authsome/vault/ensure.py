"""The vault of a principal, made when the first secret comes; and whether the vaults open at all."""

from __future__ import annotations

from authsome.vault.errors import InstallationKeyWrong
from authsome.vault.model import Vault
from authsome.vault.ports import VaultWork
from authsome.vault.seal import Keeper


def ensure_vault(work: VaultWork, keeper: Keeper, *, principal_id: str) -> Vault:
    """The principal's vault. A new one must be named by the event of whatever is put into it first."""
    vault = work.vaults.find_of(principal_id)
    if vault is not None:
        return vault
    vault_id = work.new_id("vlt")
    wrapped_key, key_id = keeper.new_vault(vault_id, principal_id)
    vault = Vault(
        id=vault_id, principal_id=principal_id, key_id=key_id, wrapped_key=wrapped_key, created_at=work.now
    )
    work.vaults.add(vault)
    return vault


def check_key(view: VaultWork, keeper: Keeper) -> None:
    """Raises `InstallationKeyWrong` when some vault is wrapped by another key. Asked at every start.

    A lost key file would otherwise be replaced by a fresh one in silence, and the first sign would be an
    agent's failing request.
    """
    if view.vaults.find_foreign(keeper.key_id) is not None:
        raise InstallationKeyWrong
