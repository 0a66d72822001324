"""Every benchmark can be named, and a wrong name is refused before anything is measured."""

from __future__ import annotations

from importlib import import_module

import pytest

from bench import catalogue
from bench.__main__ import main


@pytest.mark.parametrize("name", catalogue.MODULES)
def test_each_name_has_a_benchmark(name: str) -> None:
    assert callable(import_module(catalogue.MODULES[name]).run)


def test_an_unknown_name_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["speed"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ("speed", *catalogue.MODULES))
