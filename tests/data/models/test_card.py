from __future__ import annotations

import json
import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.data.models.card import Card, card_of, proper_name
from inkread.data.models.kept import sealed
from tests.data.libraries import Info

CARD = sealed(
    Card(
        name="Größe \U0001f600",
        source="trained",
        created="2025-01-31T12:00:00+00:00",
        before={"accuracy": 0.5},
        after={"accuracy": 1},
        data=("mine", "\udcff"),  # a file name that is no UTF-8
        recipe={"epochs": 3, "schedule": ["cosine", {"warm": None}]},
        parents=("b", "a"),
    ),
    b"abc",
)


def test_what_is_written_is_read() -> None:
    assert Card.from_json(CARD.to_json()) == CARD


def test_keys_of_a_newer_program_are_ignored() -> None:
    facts = json.loads(CARD.to_json()) | {"colour": "blue"}
    assert Card.from_json(json.dumps(facts).encode()) == CARD


def test_a_card_cannot_be_changed_from_outside() -> None:
    figures = {"accuracy": 0.5}
    card = Card(name="a", source="trained", after=figures)
    figures["accuracy"] = 1.0
    assert card.after == {"accuracy": 0.5}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": 7},
        {"source": "stolen"},
        {"source": None},
        {"created": 7},
        {"before": [1]},
        {"after": {"accuracy": "high"}},
        {"after": {"accuracy": True}},
        {"after": {"accuracy": math.nan}},
        {"after": {"accuracy": 10**400}},
        {"data": "mine"},
        {"parents": [1]},
        {"recipe": []},
        {"recipe": {"rate": math.inf}},
        {"sha256": ""},
        {"sha256": "A" * 64},
        {"size": True},
        {"size": "3"},
    ],
)
def test_a_wrong_fact_is_refused(wrong: Mapping[str, object]) -> None:
    facts = json.loads(CARD.to_json()) | wrong
    with pytest.raises(ValueError):
        Card.from_json(json.dumps(facts).encode())


@pytest.mark.parametrize("key", json.loads(CARD.to_json()))
def test_a_missing_fact_is_refused(key: str) -> None:
    facts = json.loads(CARD.to_json())
    del facts[key]
    with pytest.raises(ValueError, match=key):
        Card.from_json(json.dumps(facts).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{" * 100_000, b"[" * 100_000, b'"a"'])
def test_what_is_no_card_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        Card.from_json(data)


@given(st.integers(0, len(CARD.to_json()) - 3))
def test_a_card_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(ValueError):
        Card.from_json(CARD.to_json()[:length])


@given(st.text(st.characters()), st.text(), st.lists(st.text()).map(tuple))
def test_whatever_a_model_says_makes_a_card_that_can_be_read(
    name: str, otherwise: str, texts: tuple[str, ...]
) -> None:
    info = Info(name, dict.fromkeys(texts, 0.5), texts, texts)
    card = sealed(card_of(info, otherwise), b"abc")
    assert Card.from_json(card.to_json()) == card


@given(st.text(st.characters()))
def test_a_proper_name_is_one_line(text: str) -> None:
    name = proper_name(text)
    assert name.isprintable()
    assert len(name) <= 100
    assert proper_name(name) == name
