"""A secret that comes back in a header is taken out, in whatever form it went in."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from authsome.kit.secret import Secret
from authsome.proxy.gate import Passage
from authsome.proxy.scrub import Scrubber

KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


def scrubber(key: str, *, scheme: str = "Bearer ") -> Scrubber:
    headers = (("Authorization", Secret(scheme + key)),)
    return Scrubber(Passage(connection_id="c", host="h", port=443, headers=headers))


@given(KEYS, st.sampled_from(["Bearer ", "", "token "]))
def test_no_form_of_the_key_is_left(key: str, scheme: str) -> None:
    forms = [key, scheme + key, quote(key, safe=""), quote_plus(scheme + key)]
    lines = [b"X: before %b after" % form.encode() for form in forms]
    cleaned = b"\n".join(scrubber(key, scheme=scheme).clean(lines))
    assert key.encode() not in cleaned
    assert quote(key, safe="").encode() not in cleaned


def test_a_name_that_holds_the_key_goes_altogether() -> None:
    assert scrubber("k3y-k3y-k3y").clean([b"k3y-k3y-k3y: x", b"A: b"]) == [b"A: b"]


@given(st.lists(st.binary(max_size=20).map(lambda value: b"X: " + value)))
def test_lines_without_the_key_are_left_as_they_are(lines: list[bytes]) -> None:
    assert scrubber("a-key-that-does-not-occur").clean(lines) == lines
