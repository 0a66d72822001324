"""`make docs`: writes every generated file; with `--check`, only says which are out of date.

A generator is a function without arguments that returns {path from the repository's root: text}.
To add one, name it in GENERATORS. Folders in GENERATED hold nothing written by hand, so a file
there that no generator makes any more is removed, or reported.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATORS: tuple[str, ...] = (  # "authsome.package.module:function"
    "authsome.analytics.reference:files",
    "authsome.telemetry.reference:generated",
    "tools.reference.api:files",
    "tools.reference.cli:files",
    "tools.reference.configuration:files",
    "tools.reference.errors:files",
    "tools.reference.event_schema:files",
    "tools.reference.ledger:files",
    "tools.reference.provider_schema:files",
    "tools.reference.providers:files",
)
GENERATED = ("docs/reference", "dashboards/posthog")


def expected(generators: Iterable[str]) -> dict[str, str]:
    """What every generated file should hold. Two generators may not make the same file."""
    files: dict[str, str] = {}
    for generator in generators:
        module, _, function = generator.partition(":")
        for path, text in getattr(importlib.import_module(module), function)().items():
            if path in files:
                raise ValueError(f"{generator} makes {path}, and so does another generator")
            files[path] = text
    return files


def stale(root: Path, files: dict[str, str]) -> list[str]:
    """Paths that are missing, differ, or are made by no generator, in order."""
    present = {
        str(path.relative_to(root))
        for folder in GENERATED
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    return sorted(
        (present - set(files)) | {path for path, text in files.items() if _read(root / path) != text}
    )


def write(root: Path, files: dict[str, str]) -> list[str]:
    """Make the tree hold exactly `files`. Returns the paths it changed."""
    changed = stale(root, files)
    for path in changed:
        if path not in files:
            (root / path).unlink()
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(files[path], encoding="utf-8")
    return changed


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main(arguments: list[str]) -> int:
    """0 when the tree is up to date, or was brought up to date."""
    files = expected(GENERATORS)
    if "--check" not in arguments:
        for path in write(ROOT, files):
            print(f"wrote {path}" if path in files else f"removed {path}")
        return 0
    outdated = stale(ROOT, files)
    for path in outdated:
        print(f"{path} is out of date: run `make docs`")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
