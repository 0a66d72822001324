"""An event: a fact, as a frozen dataclass with a privacy class on every field.

    class IdentityClaimed(Event):
        \"\"\"A principal accepted an identity. …\"\"\"
        subject = Subject.IDENTITY
        keyed_by = "claim_id"
        claim_id: Public[str]
        label: Local[str | None]

The wire name is derived from the class (`identity_claimed`) and never written by hand. What may
leave the machine is decided here, per field, when the class is created; nothing is scrubbed later.

To add an event: write the class in its noun's `events.py` with a docstring that says when it fires
and how a healthy number moves, record it in the use case, show it in a tile or say why it is
`audit_only`, and run `make docs`.
"""

from __future__ import annotations

import dataclasses
import re
import types
from enum import Enum, StrEnum
from typing import (
    Annotated,
    Any,
    ClassVar,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from authsome.kit.secret import Secret

T = TypeVar("T")
Scalar = str | int | float | bool | None


class Privacy(StrEnum):
    """Where a field's value may go."""

    PUBLIC = "public"  # may leave as it is
    PSEUDONYM = "pseudonym"  # may leave; keyed-hashed where the operator asks for that
    LOCAL = "local"  # audit and built-in pages only; erasable


Public = Annotated[T, Privacy.PUBLIC]
Pseudonym = Annotated[T, Privacy.PSEUDONYM]
Local = Annotated[T, Privacy.LOCAL]


class Subject(StrEnum):
    """Whom a fact is about, and so under which id it is counted."""

    PRINCIPAL = "principal"  # the field `principal_id`
    IDENTITY = "identity"  # the field `identity_handle`
    SERVER = "server"  # the installation
    ACTOR = "actor"  # whoever acted: identity, principal or server


SUBJECT_FIELD = {Subject.PRINCIPAL: "principal_id", Subject.IDENTITY: "identity_handle"}
EVENTS: dict[str, type[Event]] = {}

_PERSONAL = re.compile(r"e_?mail|password|secret|token|(^|_)address|(^|_)ip$|url|(^|_)path", re.IGNORECASE)
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Event:
    """A fact in the past tense. Subclasses are frozen dataclasses by themselves.

    `keyed_by` names the field that holds the id of the row this fact made or ended; such a fact
    happens once per row, so its uuid can be computed again from the row (DESIGN §6).
    `audit_only` is the reason why no tile shows the event, or None.
    """

    name: ClassVar[str]
    subject: ClassVar[Subject]
    version: ClassVar[int] = 1
    keyed_by: ClassVar[str | None] = None
    audit_only: ClassVar[str | None] = None
    privacy: ClassVar[dict[str, Privacy]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not cls.__dict__.get("__doc__"):  # before dataclass writes one of its own
            raise TypeError(f"{cls.__name__} needs a docstring: it is the reference text")
        cls.name = _WORD.sub("_", cls.__name__).lower()
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        cls.privacy = _classify(cls)
        _check(cls)
        EVENTS[cls.name] = cls

    def values(self, *classes: Privacy) -> dict[str, Scalar]:
        """Field values of the given privacy classes, as plain scalars; None is left out."""
        out: dict[str, Scalar] = {}
        for field, privacy in self.privacy.items():
            value = getattr(self, field)
            if privacy in classes and value is not None:
                out[field] = value.value if isinstance(value, Enum) else value
        return out

    def names(self) -> set[str]:
        """Every text value in the event: the ids of the rows it speaks of are among them."""
        return {v for v in self.values(*Privacy).values() if isinstance(v, str)}


def _classify(cls: type[Event]) -> dict[str, Privacy]:
    hints = get_type_hints(cls, include_extras=True)
    classes: dict[str, Privacy] = {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        hint = hints[field.name]
        marks = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Privacy)]
        if len(marks) != 1:
            raise TypeError(f"{cls.__name__}.{field.name} needs exactly one of Public, Pseudonym, Local")
        classes[field.name] = marks[0]
        _check_field(cls, field.name, get_args(hint)[0], marks[0])
    return classes


def _check_field(cls: type[Event], field: str, hint: Any, privacy: Privacy) -> None:
    where = f"{cls.__name__}.{field}"
    for kind in _members(hint):
        if kind is Secret:
            raise TypeError(f"{where} holds a Secret: a secret is never part of an event")
        if not (kind in (str, int, float, bool) or (isinstance(kind, type) and issubclass(kind, Enum))):
            raise TypeError(f"{where} must be text, a number, a truth value or a closed enum, not {kind!r}")
        if kind is str and privacy is not Privacy.LOCAL and _PERSONAL.search(field):
            raise TypeError(f"{where} looks personal by its name, so it must be Local")


def _members(hint: Any) -> list[Any]:
    if get_origin(hint) in (Union, types.UnionType):
        return [m for m in get_args(hint) if m is not type(None)]
    return [hint]


def _check(cls: type[Event]) -> None:
    if cls.name in EVENTS:
        raise TypeError(f"event {cls.name!r} exists already")
    if not hasattr(cls, "subject"):
        raise TypeError(f"{cls.__name__} needs a subject: an event without one cannot be counted")
    needed = SUBJECT_FIELD.get(cls.subject)
    if needed and needed not in cls.privacy:
        raise TypeError(f"{cls.__name__} is about a {cls.subject} and so needs the field {needed}")
    if cls.keyed_by and cls.keyed_by not in cls.privacy:
        raise TypeError(f"{cls.__name__}.keyed_by names no field of it: {cls.keyed_by}")
