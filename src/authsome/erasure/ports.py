"""The rows that erasure needs: all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from authsome.claim.ports import WithdrawalWork
from authsome.erasure.model import ErasedSubject, Erasure
from authsome.principal.ports import PrincipalWork


class Erasures(Protocol):
    """The tables of erasures and erased subjects, and what is emptied beside the rows that nouns write."""

    def add(self, erasure: Erasure, subjects: Sequence[ErasedSubject]) -> None: ...
    def find(self, erasure_id: str) -> Erasure | None: ...
    def subjects_of(self, erasure_id: str) -> list[ErasedSubject]: ...
    def list(self, *, before: str = "", limit: int = 100) -> list[Erasure]: ...

    def among(self, ids: Collection[str]) -> set[str]:
        """Those of the ids whose subject is erased."""
        ...

    def overwrite(self) -> None:
        """Let what is emptied from here on be overwritten in the file as well, where the database can."""
        ...

    def blank_principal(self, principal_id: str, at: datetime) -> None:
        """Empty what a principal leaves in rows that ended before, and the key of their vault."""
        ...

    def blank_identity(self, identity_id: str) -> None:
        """Empty where an identity's claims came from, and what it wrote to those who claimed it."""
        ...

    def forget_facts(self, subjects: Sequence[str], *, owner: str | None = None) -> int:
        """Erase the `Local` values of all facts about these, a bounded part now and the rest soon after.

        With an `owner`, also of facts about identities that were theirs once, as far as they were theirs
        then. Returns how many values are gone by now.
        """
        ...


class ErasureWork(WithdrawalWork, PrincipalWork, Protocol):
    """The slice of a unit of work that erasing sees."""

    @property
    def erasures(self) -> Erasures: ...
