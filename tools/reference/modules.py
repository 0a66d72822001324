"""Every module of the product, imported, so that what registers itself by being imported is registered."""

from __future__ import annotations

import importlib
import pkgutil

import authsome

# Started, not imported: programs, migrations, and what stands in for something else.
NOT_IMPORTED = (".__main__", ".migrations", ".testing")


def import_all() -> None:
    """Import the product. Raises what a module raises that cannot be imported."""
    for module in pkgutil.walk_packages(authsome.__path__, "authsome."):
        if not any(part in module.name for part in NOT_IMPORTED):
            importlib.import_module(module.name)
