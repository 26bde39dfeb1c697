"""A small data set that a network learns in a moment: digits as `tests.written` writes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inkread.core.cell import CELL_SIDE, cell_from_ink
from tests.written import write

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJ"


def write_data(path: Path, labels: str = DIGITS, hands: int = 14) -> Path:
    """An NPZ file with each digit by so many hands, under these labels."""
    cells, answers = [], []
    for hand in range(hands):
        for digit, label in zip(DIGITS, labels, strict=True):
            cell = cell_from_ink(write(digit, seed=hand).strokes)[0]
            cells.append(np.rint(255 * cell.reshape(CELL_SIDE, CELL_SIDE)).astype(np.uint8))
            answers.append(label)
    np.savez(path, images=np.stack(cells), labels=np.array(answers))
    return path
