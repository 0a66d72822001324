"""Where keys lie: this process's environment, and `.env` files of the working folder or of given paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from authsome.cli.files.dotenv import Assignment, read_assignments
from authsome.cli.files.plain import FileLeftAlone, read_plain
from authsome.kit.secret import Secret

ENVIRONMENT = "environment"
MOST_FILES = 50
_EXAMPLES = (".example", ".sample", ".template", ".dist", ".defaults")


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or the environment, with the assignments in it. Values are SECRET."""

    name: str
    path: Path | None
    assignments: tuple[Assignment, ...]


@dataclass(slots=True)
class Found:
    """All sources, and what was passed over, in words."""

    sources: list[Source] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def look(paths: Iterable[Path], *, environment: Mapping[str, str] | None) -> Found:
    """Read them all. Raises `FileNotFoundError` for a path that is not there; the rest is passed over."""
    found = Found()
    for path in list(dict.fromkeys(_files(paths)))[:MOST_FILES]:
        try:
            text = read_plain(path).decode("utf-8", "surrogateescape")
        except FileLeftAlone as reason:
            found.passed_over.append(reason.detail)
            continue
        except PermissionError:
            found.passed_over.append(f"{path} cannot be read")
            continue
        found.sources.append(Source(str(path), path, tuple(read_assignments(text))))
    if environment is not None:
        held = (Assignment(name, Secret(value), 0) for name, value in sorted(environment.items()) if value)
        found.sources.append(Source(ENVIRONMENT, None, tuple(held)))
    return found


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.glob(".env*") if _is_meant(one.name))
        elif path.is_symlink() or path.exists():
            yield path
        else:
            raise FileNotFoundError(2, "there is no such file or folder", str(path))


def _is_meant(name: str) -> bool:
    """`.env` and its kin; not the example that is checked in, and not `.envrc`, which is a program."""
    return (name == ".env" or name.startswith(".env.")) and not name.endswith(_EXAMPLES)
