"""The glossary gives one word per thing: none is listed twice, none is its own or another's alias."""

from __future__ import annotations

import re
from pathlib import Path

from tools.shape import aliases

GLOSSARY = (Path(__file__).resolve().parents[2] / "docs/glossary.md").read_text(encoding="utf-8")
WORDS = re.findall(r"^\| \*\*([a-z ]+)\*\* \| .+\. \| .+ \|$", GLOSSARY, re.MULTILINE)


def test_each_word_has_one_row_with_a_sentence_and_what_to_avoid() -> None:
    rows = [line for line in GLOSSARY.splitlines() if line.startswith("| ") and not line.startswith("| word")]
    assert len(WORDS) == len(rows) == len(set(WORDS))
    assert {"principal", "identity", "claim", "grant", "connection", "run", "event log", "usage"} <= set(
        WORDS
    )


def test_no_alias_is_itself_one_of_the_words() -> None:
    spelled = {word.replace(" ", "_") for word in WORDS}
    assert aliases(GLOSSARY).keys().isdisjoint(spelled)
    assert set(aliases(GLOSSARY).values()) <= set(WORDS)
