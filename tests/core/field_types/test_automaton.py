from __future__ import annotations

from itertools import product

import pytest

from inkread.core.field_types.automaton import (
    DEAD,
    Language,
    determined,
    either,
    many,
    maybe,
    one,
    then,
    times,
    word,
    words,
)


def language_of(language: Language, longest: int = 4) -> set[str]:
    """All its texts of a and b, up to a length."""
    automaton = determined(language)
    texts = ("".join(each) for n in range(longest + 1) for each in product("ab", repeat=n))
    return {text for text in texts if automaton.accepts(text)}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (one("ab"), {"a", "b"}),
        (word("aba"), {"aba"}),
        (then(one("a"), one("ab")), {"aa", "ab"}),
        (either(word("ab"), word("a")), {"a", "ab"}),
        (words(["b", "ab"]), {"b", "ab"}),
        (maybe(word("ab")), {"", "ab"}),
        (many(word("ab")), {"", "ab", "abab"}),
        (then(many(one("a")), one("b")), {"b", "ab", "aab", "aaab"}),
        (then(maybe(one("b")), many(one("a"))), {"", "b"} | {"a" * n for n in range(1, 5)}
         | {"b" + "a" * n for n in range(1, 4)}),
        (many(either(word("aa"), word("b"))),
         {"", "b", "aa", "bb", "aab", "baa", "bbb", "aaaa", "aabb", "baab", "bbaa", "bbbb"}),
        (times(one("ab"), 2), {"aa", "ab", "ba", "bb"}),
    ],
)  # fmt: skip
def test_a_language_has_these_texts_and_no_others(language: Language, expected: set[str]) -> None:
    assert language_of(language) == expected


def test_a_beginning_that_cannot_be_completed_is_dead_at_once() -> None:
    automaton = determined(either(word("ab"), word("aab")))
    assert automaton.after("b") == DEAD
    assert automaton.after("aaa") == DEAD
    assert automaton.after("aa") not in (DEAD, automaton.after("a"))
    assert not automaton.accepts("aa")


def test_the_table_has_the_next_state_for_each_label() -> None:
    automaton = determined(word("ba"))
    table = automaton.table(("a", "b", "?"))
    assert table[0][0] == table[0][2] == DEAD
    assert table[table[0][1]][0] in automaton.accepting
    assert automaton.characters == {"a", "b"}
