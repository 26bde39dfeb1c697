from __future__ import annotations

import gzip
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.data.paths import bundled
from inkread.ml.synthesis.lines.recipe_file import LineRecipe, parse_line_recipe

WRITERS = {"anna": 1, "bert": 2, "cleo": 3, "dora": 4}
"""And their folds."""
_ARC = [[0, 0], [300, 500], [0, 1000]]
_BAR, _STEM, _SLASH = [[0, 500], [1000, 500]], [[500, 0], [500, 1000]], [[600, 0], [0, 1000]]
_DOT, _LOW_DOT = [[0, 0], [90, 90]], [[0, 900], [90, 990]]
SHAPES = {
    "-": [_BAR], "=": [_BAR, [[0, 900], [1000, 900]]], "/": [_SLASH], ":": [_DOT, _LOW_DOT],
    "(": [[[400, 0], [100, 500], [400, 1000]]], ")": [_ARC], "+": [_BAR, _STEM],
    "%": [_SLASH, _DOT, _LOW_DOT], "*": [_BAR, _STEM, _SLASH],
}  # fmt: skip
"""Strokes of signs; all others are a line."""


@pytest.fixture
def recipe() -> LineRecipe:
    data = bundled("models/lines.toml").read_bytes()
    return parse_line_recipe(
        data.replace(b"test = 200", b"test = 3").replace(b"held_out = 100", b"held_out = 4"), "r"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the recipe, small. Fold 1 writes blots, the others thin lines; the cheques for
    figures are very wide.
    """
    rng = np.random.default_rng(0)
    digits = list("0123456789") * 2
    _write(tmp_path / "unipen-digits.json.gz", digits, rng)
    _write(tmp_path / "unipen-digit-strings.json.gz", ["12", "345 6", "7890"], rng)
    _write(tmp_path / "unipen-symbols.json.gz", list(".,-/:()+=%*'#$"), rng)
    _write(tmp_path / "unipen-letters.json.gz", list("AkmO"), rng)
    cells = rng.integers(0, 2, (40, 28, 28), np.uint8) * 255
    cells[:, :4] = cells[:, 24:] = cells[:, :, :4] = cells[:, :, 24:] = 0
    np.savez(tmp_path / "mnist.npz", x_train=cells, y_train=np.arange(40) % 10)
    (tmp_path / "orand-car").mkdir()
    rows = ["file,digits,boxes x:y:width:height"]
    for number in range(12):
        grey = rng.normal(200, 4, (48, 120 if number < 9 else 1200))
        grey[10:40, 20:24] = grey[10:40, 50:54] = grey[34:37, 80:84] = 90
        cv2.imwrite(str(tmp_path / f"orand-car/{number:03}.png"), grey)
        rows.append(f"{number:03}.png,1{number % 10},18:10:8:30 48:10:8:30")
    (tmp_path / "orand-car/labels.csv").write_text("\n".join(rows))
    return tmp_path


def _write(path: Path, labels: list[str], rng: np.random.Generator) -> None:
    samples = []
    for writer, fold in WRITERS.items():
        for label in labels:
            strokes = SHAPES.get(label, [[[0, 0], [600, 1000]]])
            if fold == 1:
                strokes = [rng.integers(0, (600, 1000), (400, 2)).tolist()]
            samples.append({"label": label, "writer": writer, "fold": fold, "strokes": strokes})
    with gzip.open(path, "wt") as file:
        json.dump({"samples": samples}, file)
