"""`authsome principals erase` and `erasures`: forget somebody, and see how far that has come."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.browser import send_to_page
from authsome.cli.clients import ask_as_person
from authsome.cli.output import json_option, moment, print_json, print_rows, say
from authsome.client.settings import read_settings

PAGE = 100


@click.command("erasures")
@json_option
def list_erasures(as_json: bool) -> None:
    """List receipts of who was erased: what went, and how far that is at PostHog. Admins only.

    \b
    Examples:
      authsome principals erasures
      authsome principals erasures --json
    """
    found = ask_as_person(read_settings(), _all)
    if as_json:
        print_json(found)
        return
    rows = [
        (one["id"], moment(one["erased_at"]), one["subject"], one["by"], _at_posthog(one["posthog"]))
        for one in found
    ]
    print_rows(
        ("receipt", "erased", "known as", "by", "PostHog"),
        rows,
        empty="Nobody was erased. `authsome principals erase PRINCIPAL` opens the page for it.",
    )
    for one in found:
        if by_hand := one["posthog"]["by_hand"]:
            _say_what_is_left(one["id"], by_hand)


def open_page_of(principal_id: str | None, who: str, *, wanted: bool, as_json: bool) -> None:
    """The page that asks: for this principal, or for whoever is signed in there."""
    base_url = read_settings().address().base_url
    url = f"{base_url}/principals/{principal_id}/erase" if principal_id else f"{base_url}/erase"
    send_to_page(url, f"Erase {who} here", wanted=wanted, as_json=as_json)


def _all(client: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/principals/erasures")
    page = found
    while len(page) == PAGE:
        page = client.get("/principals/erasures", {"before": page[-1]["id"]})
        found = found + page
    return found


def _at_posthog(told: dict[str, Any]) -> str:
    when = moment(told["verified_at"] or told["requested_at"])
    said = " ".join(part for part in (told["state"].replace("_", " "), when) if part)
    return f"{said}: {told['because']}" if told["because"] else said


def _say_what_is_left(receipt: str, by_hand: dict[str, Any]) -> None:
    """On standard error, where it does not get between the rows."""
    if ids := by_hand["distinct_ids"]:
        say(f"{receipt}: by hand, delete in PostHog ({by_hand['host']}) with their events: {', '.join(ids)}")
    for key in by_hand["lost_pseudonyms"]:
        say(f"{receipt}: what left under the lost pseudonym key {key} cannot be named")
