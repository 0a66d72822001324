"""Turns a template and its values into the text of a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from authsome.server.web import paths
from authsome.server.web.assets import STATIC, asset_url
from authsome.server.web.filters import FILTERS
from authsome.server.web.headers import security_headers

__all__ = ["asset_url", "render", "security_headers"]

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **context: object) -> str:
    """The page. A value that the template names and `context` lacks raises `jinja2.UndefinedError`."""
    return environment().get_template(template).render(**context)


@cache
def environment() -> Environment:
    """The one Jinja environment: everything is escaped, nothing undefined passes as empty."""
    made = Environment(
        loader=FileSystemLoader([TEMPLATES, STATIC]),  # our drawings are included, to take the text's colour
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.globals.update(asset_url=asset_url, paths=paths)
    return made
