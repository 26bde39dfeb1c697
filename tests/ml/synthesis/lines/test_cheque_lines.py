from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.reading import Grey
from inkread.ml.datasets.cheques import Cheque
from inkread.ml.synthesis.lines.cheque_lines import ChequeLines, background_of, bent, digits_of
from inkread.ml.synthesis.lines.textures import make_textures

RNG = np.random.default_rng
TEXTURES = make_textures(RNG(0))


def _cheque(digits: str) -> Cheque:
    """Digits are bars as wide as their value says."""
    image = RNG(1).normal(190, 3, (50, 40 * len(digits) + 10))
    boxes = []
    for i, digit in enumerate(digits):
        x, width = 10 + 40 * i, 2 + 2 * int(digit)
        image[10:40, x : x + width] = 60
        boxes.append(Box(x, 10, width, 30))
    return Cheque("a.png", np.asarray(image, np.uint8), digits, tuple(boxes))


def _runs(image: Grey) -> int:
    row = (image[14:18].mean(axis=0) > 150).astype(int)
    return int((np.diff(row, prepend=0) > 0).sum())


def test_a_cheque_keeps_its_digits() -> None:
    lines = ChequeLines([_cheque("13524")])
    for seed in range(60):
        image, labels = lines.line(TEXTURES, RNG(seed))
        assert labels == (1, 3, 5, 2, 4)
        assert image.shape[0] == 32
        assert _runs(image) == 5


def test_recombined_amounts_have_the_labels_of_their_strips() -> None:
    lines = ChequeLines([_cheque("13"), _cheque("24")])
    seen = set()
    for seed in range(60):
        image, labels = lines.recombined(TEXTURES, RNG(seed))
        assert set(labels) <= {1, 2, 3, 4}
        assert _runs(image) == len(labels)
        seen.add(labels)
    assert len(seen) > 40
    assert any({1, 2} <= set(labels) for labels in seen)  # of both cheques


def test_digits_that_overlap_stay_together() -> None:
    cheque = _cheque("12")
    boxes = (Box(10, 10, 50, 30), Box(50, 10, 8, 30))
    lines = ChequeLines([Cheque("a", cheque.image, "12", boxes)])
    for seed in range(20):
        _, labels = lines.recombined(TEXTURES, RNG(seed))
        assert labels == (1, 2) * (len(labels) // 2)


def test_digits_that_stand_by_themselves_are_cut_out() -> None:
    cheque = _cheque("1352")
    found = digits_of(cheque)
    assert [label for label, _ in found] == ["1", "3", "5", "2"]
    for label, ink in found:
        assert ink.shape == (30, 2 + 2 * int(label))
        assert ink.min() > 200
    first, second, *rest = cheque.boxes
    touching = (Box(first.x, first.y, second.x - first.x + 1, first.height), second, *rest)
    beside = digits_of(Cheque("a", cheque.image, cheque.digits, touching))
    assert [label for label, _ in beside] == ["5", "2"]


def test_a_background_has_no_digits_left() -> None:
    background = background_of(_cheque("1352"))
    assert background.shape == pytest.approx((50, 170), abs=2)
    assert background.max() < 60


def test_bending_keeps_heights_and_the_middle() -> None:
    grey = np.full((60, 100), 255, np.uint8)
    grey[20:40, 48:52] = 0
    for seed in range(40):
        rows, columns = np.nonzero(bent(grey, 30, 20, TEXTURES, RNG(seed)) < 128)
        assert np.ptp(rows) + 1 == pytest.approx(20, abs=3)
        assert rows.mean() == pytest.approx(29.5, abs=4)
        assert np.ptp(columns) < 25
