from __future__ import annotations

import gzip
import hashlib

import pytest

from authsome.server.web.assets import STATIC, asset_url, compressed, find_asset


def test_an_address_changes_with_the_content() -> None:
    body = (STATIC / "page.js").read_bytes()
    assert asset_url("page.js") == f"/static/{hashlib.sha256(body).hexdigest()[:12]}/page.js"


def test_a_file_is_found_by_its_address_and_kept_for_ever() -> None:
    asset = find_asset(asset_url("authsome.css"))
    assert asset is not None
    assert asset.body == (STATIC / "authsome.css").read_bytes()
    assert asset.headers()["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in asset.headers()["Cache-Control"]
    assert asset.headers()["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/000000000000/page.js",
        "/static/page.js",
        "/static/../web/render.py",
        "/static/",
        "",
        "/static/%2e%2e/%2e%2e/render.py",
    ],
)
def test_nothing_else_is_found(path: str) -> None:
    assert find_asset(path) is None


def test_a_missing_file_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        asset_url("missing.js")


def test_the_compressed_form_is_the_same_text() -> None:
    url = asset_url("vendor/echarts.common.min.js")
    asset = find_asset(url)
    assert asset is not None
    assert gzip.decompress(compressed(url)) == asset.body
    assert len(compressed(url)) < len(asset.body) / 2


def test_what_others_wrote_stands_beside_its_licence() -> None:
    for file in (STATIC / "vendor").glob("*.js"):
        licence = file.with_name(file.name.split(".")[0] + ".LICENSE.txt")
        assert licence.is_file(), f"{file.name} has no licence text"


def test_our_scripts_evaluate_nothing_and_write_no_markup() -> None:
    for file in STATIC.glob("*.js"):
        text = file.read_text()
        for banned in (
            "eval(",
            "new Function",
            "innerHTML",
            "outerHTML",
            "document.write",
            "http://",
            "https://",
        ):
            assert banned not in text, f"{file.name} says {banned}"
