"""What request bodies have in common: unknown fields are refused, and texts are bounded and on one line."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of printable characters")
    return text


Name = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_one_line)]
Id = Annotated[str, Path(max_length=64, pattern=r"^[a-z]{3}_[0-9a-z]{1,40}$")]
After = Annotated[
    str, Query(max_length=64, pattern=r"^[0-9a-z_]*$", description="The last id that is known.")
]


class Body(BaseModel):
    """A request's body: a misspelt field is an error and not a setting that silently does nothing."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """An empty object, or no body at all."""


class Answer(BaseModel):
    """What a route says. Built field by field, so that nothing gets out by being a row's attribute."""

    model_config = ConfigDict(frozen=True)


class Document(Answer):
    """An answer that is made elsewhere, as plain values. What is added to it there goes out as well."""

    model_config = ConfigDict(frozen=True, extra="allow")


Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
