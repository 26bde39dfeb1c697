"""Readings made up for the widgets that show them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Guess, Reading, Stage, StageName

INK_STAGES = (StageName.INK, StageName.CENTRE, StageName.CELL)


def glyph(
    label: str,
    probability: float = 0.9,
    second: str = "x",
    *,
    at: tuple[float, float] = (0, 0),
    line: int = 0,
    stages: Sequence[StageName] = INK_STAGES,
    rejected: bool = False,
) -> Glyph:
    """A glyph that is `label`, or with less probability `second`; its box is 10 x 10."""
    cell = np.zeros((28, 28), np.float32)
    cell[4:24, 10:18] = 1
    image = (255 * cell).astype(np.uint8)
    guesses = (Guess(label, probability), Guess(second, 1 - probability))
    shown = tuple(Stage(name, image) for name in stages)
    return Glyph(Box(*at, 10, 10), line, guesses, cell, shown, rejected)


def reading(text: str) -> Reading:
    """One glyph for each sign, 20 px apart."""
    return Reading(
        tuple(
            glyph(sign, at=(20 * column, 20 * row), line=row)
            for row, line in enumerate(text.split("\n"))
            for column, sign in enumerate(line)
        )
    )
