"""Texts of others: what is hidden shows, and nothing of it turns what stands around."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.escapes import elided, isolated, json_escaped, one_line, visible

#: Any text, lone surrogates too, with more of what is hidden than chance would give.
HIDDEN = "\0\a\b\t\n\v\f\r\x1b\x7f\x85\x9b\xad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029"
HIDDEN += "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\udcff\ud800\U000e0041"
texts = st.text(st.one_of(st.characters(), st.sampled_from(HIDDEN), st.sampled_from("ab א")))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc\rd\0\x1b\x7f\x9b", r"a\tb\nc\rd\x00\x1b\x7f\x9b"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u2066a\u2069\u2028b\u200b\ufeff", r"\u2066a\u2069\u2028b\u200b\ufeff"),
        ("odd\udcff.png", r"odd\xff.png"),
        ("\ud800", r"\ud800"),
        ("\udcc3\udcbcber", "über"),  # UTF-8, as Python hands it out in another locale
        ("odd\udcff \udcc3\udcbcber", "odd\\xff über"),
        ("\U000e0041", r"\U000e0041"),
        ("a\u200db", r"a\u200db"),
    ],
)
def test_what_is_hidden_becomes_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["ä 1\u00a0\\", "שלום.png", "می\u200cخواهم", "👨\u200d👩", "<b>&amp;"]
)
def test_what_can_be_seen_stays(text: str) -> None:
    assert visible(text) == text
    assert one_line(text) == text


@given(texts)
def test_nothing_hidden_is_left(text: str) -> None:
    left = {c for c in visible(text) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert left <= {"\u200c", "\u200d"}
    visible(text).encode()


@given(texts)
def test_a_line_is_one_line_that_controls_nothing(text: str) -> None:
    assert len(f"{one_line(text)}x".splitlines()) == 1
    assert not any(unicodedata.category(c) == "Cc" for c in one_line(text))


@given(texts)
def test_a_line_for_programs_keeps_bytes_and_directions(text: str) -> None:
    kept = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Zl", "Zp"})
    assert one_line(kept) == kept


@given(texts)
def test_json_holds_the_same_text_with_nothing_hidden(text: str) -> None:
    line = json_escaped(json.dumps({text: text}, ensure_ascii=False))
    assert json.loads(line.encode()) == json.loads(json.dumps({text: text}))
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in line)


@given(st.text(), st.integers(3, 50))
def test_long_texts_keep_their_ends(text: str, limit: int) -> None:
    short = elided(text, limit)
    assert len(short) <= limit
    assert short == text or (short[0] == text[0] and "…" in short)


def test_an_elided_name_keeps_its_suffix() -> None:
    assert elided("a" * 10_000 + ".png", 20) == "a" * 13 + "…aa.png"


@given(texts)
def test_isolates_are_balanced_and_only_where_they_are_needed(text: str) -> None:
    shown = isolated(visible(text))
    assert shown.strip("\u2066\u2069") == visible(text)
    assert shown.count("\u2066") == shown.count("\u2069") <= 1


def test_what_is_written_from_right_to_left_is_isolated() -> None:
    assert isolated("שלום") == "\u2066שלום\u2069"
    assert isolated("über.png") == "über.png"
