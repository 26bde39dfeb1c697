from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core.line_picture import LinePicture
from inkread.core.reading import Grey
from inkread.core.recognition.line_views import PARAMS, LineViews


class Shares:
    """Finds in each picture a 3, a 4 or nothing with the probabilities given for its width."""

    labels = ("3", "4")
    is_calibrated = True

    def __init__(self, shares: dict[int, tuple[float, float]]) -> None:
        self._shares = shares

    def logits(self, pictures: Sequence[Grey]) -> list[NDArray[np.float32]]:
        return [self._steps(picture.shape[1]) for picture in pictures]

    def _steps(self, width: int) -> NDArray[np.float32]:
        rows = np.full((width // 4, 3), -50, np.float32)
        rows[:, 2] = 0
        three, four = self._shares[width]
        rows[1] = np.log([three, four, 1 - three - four])
        return rows


def views(width: int, shares: dict[int, tuple[float, float]]) -> LineViews:
    reader = Shares(shares)
    picture = LinePicture(np.full((32, width), 255, np.uint8), 1.0, 0.0, 0.0)
    return LineViews.of(picture, reader.logits([picture.image])[0], reader)


def test_texts_are_as_probable_as_the_geometric_mean_of_all_sizes() -> None:
    found = views(40, {40: (0.5, 0.4), 36: (0.1, 0.8), 44: (0.2, 0.2)}).found()
    assert [each.text for each in found] == ["4", "3"]
    expected = [(0.4 * 0.8 * 0.2) ** (1 / 3), (0.5 * 0.1 * 0.2) ** (1 / 3)]
    assert [np.exp(each.log_probability) for each in found] == pytest.approx(expected, rel=1e-4)
    assert [(p.first, p.last) for each in found for p in each.places] == [(1, 1)] * 2


def test_one_more_text_is_looked_at_if_it_has_the_labels_alone() -> None:
    found = views(40, dict.fromkeys((36, 40, 44), (0.5, 0.4)))
    plain = [each.text for each in found.found()]
    assert "34" not in plain
    assert sorted(each.text for each in found.found(["34"])) == sorted([*plain, "34"])
    assert [each.text for each in found.found(["3?"])] == plain


def test_any_text_can_be_asked_for() -> None:
    found = views(40, dict.fromkeys((36, 40, 44), (0.5, 0.4)))
    assert [each.text for each in found.hypotheses(["", "4", "34", "4"])] == ["4", "34"]


def test_a_very_long_line_is_seen_at_its_own_size_alone() -> None:
    width = 4 * (PARAMS.max_steps + 1)
    long = views(width, {width: (0.5, 0.4)})
    assert [each.text for each in long.found()] == ["3", "4"]
    assert long.hypotheses(["4"]) == ()
