"""Lines of a few random glyphs, for tests of training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkread.core.reading import Grey

LABELS = ("0", "1", "2", "3", ",", "-")
HEIGHT = 32
_GLYPHS = np.random.default_rng(5).integers(0, 2, (len(LABELS), 20, 12)).astype(np.uint8) * 255


@dataclass(frozen=True)
class BlotLine:
    image: Grey
    labels: tuple[int, ...]
    free_signs: bool = False


class BlotSource:
    """One to four blots beside each other; each label has its own form."""

    def line(self, index: int) -> BlotLine:
        rng = np.random.default_rng([3, index])
        return blot_line(tuple(rng.integers(0, len(LABELS), rng.integers(1, 5)).tolist()), rng)


def blot_line(labels: tuple[int, ...], rng: np.random.Generator, free: bool = False) -> BlotLine:
    image = np.zeros((HEIGHT, 16 * len(labels) + 16), np.uint8)
    for place, label in enumerate(labels):
        top, left = rng.integers(2, 9), 16 * place + rng.integers(2, 6)
        image[top : top + 20, left : left + 12] = _GLYPHS[label]
    return BlotLine(image, tuple(each for each in labels if each < 4 or not free), free)
