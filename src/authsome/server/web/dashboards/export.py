"""One tile as a file: CSV for a spreadsheet, JSON for a program. The numbers are those of the page."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, replace
from datetime import date

from authsome.analytics.answers import DashboardAnswer
from authsome.server.web.dashboards.errors import TileMissing
from authsome.server.web.dashboards.scene import Scene
from authsome.server.web.dashboards.tile import build
from authsome.server.web.pages.charts import Column, Table, Unit, Value

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What is sent, and under which name it is kept."""

    name: str
    media_type: str
    body: str


def csv_file(answer: DashboardAnswer, key: str, scene: Scene, *, table: str = "") -> File:
    """A table of a tile, RFC 4180: the first unless another is named. Raises `TileMissing`."""
    tile = next((one for one in answer.tiles if one.key == key), None)
    tables = build(tile, scene).tables if tile else ()
    found = next((one for one in tables if table in ("", one.key)), None)
    if found is None:
        raise TileMissing
    name = _name(answer, f"{key}-{table}" if table else key, "csv")
    return File(name=name, media_type="text/csv; charset=utf-8; header=present", body=written(found))


def json_file(answer: DashboardAnswer, key: str) -> File:
    """The answer with this tile alone, as the API gives it. Raises `TileMissing`."""
    tiles = tuple(one for one in answer.tiles if one.key == key)
    if not tiles:
        raise TileMissing
    body = json.dumps(replace(answer, tiles=tiles).to_json(), ensure_ascii=False, indent=2)
    return File(name=_name(answer, key, "json"), media_type="application/json", body=body + "\n")


def written(table: Table) -> str:
    """The table as CSV. Numbers are bare; what they are of stands in the header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(table.first), *(harmless(_head(one)) for one in table.columns)])
    for first, values in table.rows:
        writer.writerow([_first(first), *(_bare(value) for value in values)])
    return out.getvalue()


def harmless(text: str) -> str:
    """A spreadsheet computes what begins so, and a provider's name comes from outside (CWE-1236)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _head(column: Column) -> str:
    unit = "share, 0 to 1" if column.written is Unit.PERCENT else column.unit
    return f"{column.name} ({unit})" if unit else column.name


def _first(value: date | str) -> str:
    return value.isoformat() if isinstance(value, date) else harmless(value)


def _bare(value: Value | str) -> str:
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else str(int(value)) if value == int(value) else str(value)


def _name(answer: DashboardAnswer, what: str, form: str) -> str:
    return f"authsome-{answer.name}-{what}-{answer.since}-{answer.until}.{form}".replace("_", "-")
