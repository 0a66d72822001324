"""A vault is where a principal's secrets are sealed.

Each vault has a data key of its own, which lies in the registry wrapped by the installation key; the
installation key lies outside the database. So a copy of the database alone opens nothing, and changing the
installation key rewraps one short key per vault instead of sealing every secret again.

Invariants: AES-256-GCM with a fresh 96-bit nonce for each sealing; the associated data names table, row,
vault and version, so that a ciphertext moved to another row, or an old one put back, does not open; one
flipped bit refuses; a secret is unsealed by `Keeper.open` and nowhere else.

To use it: `ensure_vault` in the unit of work that makes a row, `Keeper.seal` and `Keeper.open` with the row's
`Place`. For another purpose than vaults, `InstallationKey.derive` gives a key of its own.
"""
