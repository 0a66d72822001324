"""What is drawn, printed as JSON and as CSV is the same, and what is asked for badly is explained."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from authsome.cli.drawing.words import number
from authsome.testing.person import Person
from tests.e2e.cli.house import PASSWORD, House
from tests.support.waiting import eventually

SHOW = ("analytics", "show")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ada, an admin, has a connection and two agents, and Bob has an account."""
    made = House(tmp_path_factory.mktemp("show"))
    made.start()
    made.set_up()
    made.sign_in()
    made.onboard(made.connect())
    made.onboard(home=made.agents / "second")
    bob = Person(made.base_url)
    again = [("password", PASSWORD), ("password_again", PASSWORD)]
    bob.submit(made.ask("principals", "invite")["url"], [("email", "bob@example.org"), *again])
    bob.close()
    yield made
    made.close()


def answer(house: House, *options: str) -> dict[str, Any]:
    """The dashboard, once all of the log is counted."""

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = house.ask(*SHOW, *options)
        return found if found["lag"] == 0 else None

    found = eventually(look, within=20, what="the numbers")
    assert found is not None
    return found


def rows_of(house: House, *options: str) -> list[dict[str, str]]:
    text = house.command(*SHOW, *options, "--csv", check=True).stdout
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("dashboard", ["adoption", "reliability", "mine"])
@pytest.mark.parametrize("bucket", ["day", "week", "month"])
def test_three_forms_have_the_same_numbers(settled: House, dashboard: str, bucket: str) -> None:
    options = (dashboard, "--bucket", bucket)
    found = answer(settled, *options)
    drawn = settled.command(*SHOW, *options, check=True, COLUMNS="200").stdout
    by_key = {
        (row["tile"], row["line"], row["value"], row["bucket"]): row["number"]
        for row in rows_of(settled, *options)
        if row["unit"] != "share" or row["line"] == "headline"
    }
    assert f"{found['since']} to {found['until']}, by {bucket}, UTC" in drawn.splitlines()
    for key, tile in found["tiles"].items():
        (shown,) = re.findall(rf"^{re.escape(tile['title'])}: .*\n(?:  .*\n?)+", drawn, re.MULTILINE)
        for name, line in tile["lines"].items():
            said = f"  {re.escape(line['title'])} +{re.escape(number(line['total']))} "
            assert re.search(f"^{said}", shown, re.MULTILINE), said
            assert by_key[key, name, "whole", ""] == str(line["total"])
            counts = [by_key[key, name, "", start] for start in found["buckets"]]
            assert counts == [str(value) for value in line["values"]]
        for step in tile["steps"]:
            assert re.search(rf"^  {step['title']} +{step['count']} ", shown, re.MULTILINE)
            assert by_key[key, step["step"], "whole", ""] == str(step["count"])
        for cohort in tile["cohorts"]:
            assert re.search(rf"^  {cohort['start']} +{cohort['size']}\b", shown, re.MULTILINE)
        for lane in tile["lanes"]:
            assert by_key[key, "lag", lane["name"], ""] == str(lane["lag"])
    assert {key for key, *_ in by_key} == set(found["tiles"])


def test_what_happened_is_counted(settled: House) -> None:
    tiles = answer(settled, "adoption")["tiles"]
    assert tiles["principals"]["lines"]["total"]["total"] == 2
    assert tiles["identities"]["lines"]["claimed"]["total"] == 2
    assert [(one["step"], one["count"]) for one in tiles["claim_funnel"]["steps"]][:3] == [
        ("registered", 2),
        ("opened", 2),
        ("claimed", 2),
    ]


def test_time_and_filters_are_asked_for(settled: House) -> None:
    answer(settled)
    early = answer(settled, "--until", "2026-01-31", "--since", "2026-01-02")
    assert (early["since"], early["until"], len(early["buckets"])) == ("2026-01-02", "2026-01-31", 30)
    assert early["tiles"]["principals"]["lines"]["new"]["total"] == 0
    weeks = answer(settled, "--until", "2026-01-31", "--since", "12w", "--bucket", "week")
    assert len(weeks["buckets"]) == 13, "the first and the last week are shown whole"
    other = answer(settled, "reliability", "--provider", "github")
    assert other["filters"]["provider"] == "github"
    assert other["tiles"]["auth_sessions"]["lines"]["completed"]["total"] == 0
    drawn = settled.command(*SHOW, "adoption", "--provider", "github", check=True).stdout
    assert "Only provider github." in drawn
    assert "cannot be narrowed to one provider" in drawn


def test_output_fits_where_it_goes(settled: House) -> None:
    answer(settled)
    plain = settled.command(*SHOW, check=True, COLUMNS="44", PYTHONIOENCODING="ascii").stdout
    assert plain.isascii()
    assert max(map(len, plain.splitlines())) <= 44
    assert "\x1b" not in settled.command(*SHOW, check=True, COLUMNS="100").stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["everything"], "adoption"),
        (["--since", "soon"], "2026-01-31"),
        (["--since", "3y"], "2026-01-31"),
        (["--since", "731d"], "at most 730"),
        (["--since", "2026-02-02", "--until", "2026-02-01"], "after the last day"),
        (["--until", "yesterday"], "2026-01-31"),
        (["--bucket", "year"], "month"),
        (["--csv", "--json"], "give one"),
    ],
)
def test_a_slip_is_explained(settled: House, options: list[str], says: str) -> None:
    done = settled.command(*SHOW, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def sign_in_as_bob(house: House, home: Path) -> None:
    """Bob's terminal, on a machine of his own."""
    terminal = house.begin("sign-in", "--no-browser", **house.apart(home))
    link = terminal.word("/sign-in?")
    bob = house.browser()
    inside = bob.submit(link, [("email", "bob@example.org"), ("password", PASSWORD)])
    bob.submit(link, [("password", PASSWORD), ("decision", "accept")], page=inside)
    bob.close()
    assert terminal.finish()[0] == 0


def test_whoever_is_no_admin_sees_their_own_and_nothing_else(settled: House, tmp_path: Path) -> None:
    answer(settled, "mine")
    sign_in_as_bob(settled, tmp_path)
    mine = settled.ask(*SHOW, "mine", **settled.apart(tmp_path))
    totals = [line["total"] for tile in mine["tiles"].values() for line in tile["lines"].values()]
    assert totals
    assert set(totals) == {0}
    assert settled.at(tmp_path, *SHOW, "adoption").returncode == 4
    assert settled.at(tmp_path, "analytics", "export").returncode == 4
    assert settled.at(tmp_path / "nobody", *SHOW, "mine").returncode == 3
