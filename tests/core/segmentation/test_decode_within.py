from __future__ import annotations

import numpy as np
import pytest

from inkread.core.field_types.automaton import Automaton, determined, either, then, word, words
from inkread.core.field_types.field_type import FieldType
from inkread.core.segmentation.decode_line import Budget, LineLattice
from inkread.core.segmentation.decode_within import PARAMS, Parts, decode_within
from inkread.core.segmentation.ink_primitives import InkPrimitives
from inkread.core.segmentation.marks import Mark
from inkread.core.segmentation.primitives import Group
from tests.core.templates import Templates
from tests.written import write

LABELS = tuple("0123456789")
POINT = Mark(0, ".", 0.95, 0)


class Unsure(Templates):
    """Finds in all ink the digits given, as probable as they are given."""

    def __init__(self, **shares: float) -> None:
        super().__init__()
        self._row = np.array([shares.get(f"d{label}", 0.0) for label in LABELS], np.float32)

    def probabilities(self, cells: np.ndarray) -> np.ndarray:
        return np.repeat(self._row[np.newaxis], len(cells), axis=0)


def run(text: str, classifier: Templates) -> LineLattice:
    primitives = InkPrimitives.of(write(text, height=90, width=8))
    boxes = primitives.layout.boxes
    groups = [Group.of([i], boxes) for i in range(len(boxes))]
    return LineLattice.of(groups, primitives, 90, classifier.probabilities, Budget(0))


def read(parts: Parts, automaton: Automaton) -> str | None:
    found = decode_within(parts, automaton, LABELS)
    return None if found is None else "".join(placed.label for placed in found.signs)


def test_the_most_probable_labels_that_may_stand_there() -> None:
    unsure = Unsure(d7=0.6, d1=0.3, d2=0.1)
    assert read([run("11", unsure)], determined(words(["12", "21"]))) in ("12", "21")
    assert read([run("11", unsure)], FieldType.parse("99").automaton) == "77"
    assert read([run("1", unsure)], determined(words(["2", "1"]))) == "1"


def test_how_far_a_path_is_behind_is_in_nats_of_the_network() -> None:
    unsure = Unsure(d7=0.6, d1=0.4)
    found = decode_within([run("1", unsure)], determined(word("1")), LABELS)
    assert found is not None
    assert found.behind == pytest.approx(np.log(0.6 / 0.4), abs=1e-5)
    same = decode_within([run("1", unsure)], determined(word("7")), LABELS)
    assert same is not None
    assert same.behind == 0


def test_nothing_is_found_where_nothing_likely_fits() -> None:
    unsure = Unsure(d7=1.0)
    assert read([run("1", unsure)], determined(word("3"))) is None
    assert read([run("1", unsure)], determined(word("77"))) is None


def test_a_mark_is_one_of_its_guesses_or_dirt() -> None:
    sure = Unsure(d7=0.99)
    parts: list[Mark | LineLattice] = [run("1", sure), POINT, run("1", sure)]
    assert read(parts, determined(either(word("7.7"), word("7,7")))) == "7.7"
    assert read(parts, determined(word("7,7"))) == "7,7"
    assert read(parts, determined(then(word("7"), word("7")))) == "77"
    assert read(parts, determined(word("7:7"))) is None
    assert read([*parts, POINT], determined(word("7.7."))) == "7.7."


def test_very_many_candidates_are_not_looked_at() -> None:
    line = run("1" * (PARAMS.max_candidates + 1), Unsure(d1=1.0))
    assert read([line], FieldType.parse("digits").automaton) is None
