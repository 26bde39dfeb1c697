"""Training lines by index, and the lines that a network is chosen by."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.core.cell import LINE_WIDTH
from inkread.core.generators import finished
from inkread.core.geometry import bounds
from inkread.core.ink import Ink, Points, Stroke, draw_strokes
from inkread.core.line_picture import (
    DIGIT_HEIGHT,
    LINE_HEIGHT,
    digit_rows,
    ink_line_picture,
    line_picture,
    normalised,
    padded_width,
)
from inkread.core.reading import Grey
from inkread.ml.datasets.cheques import Cheque, read_cheques
from inkread.ml.datasets.dataset import Loading, Unit
from inkread.ml.datasets.strokes import StrokeSample, read_strokes, select_folds
from inkread.ml.synthesis.lines.grammar import random_text
from inkread.ml.synthesis.lines.hands import Hands, make_hands
from inkread.ml.synthesis.lines.layout import Placed, indices_of, place_number, place_text
from inkread.ml.synthesis.lines.recipe_file import LineRecipe, StrokeData

_WHOLE_NUMBERS = 0.25
"""Share of stroke lines that are whole pen-written numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line to learn.

    Attributes
    ----------
    image : (32, w) array of uint8
        A line picture; w is a multiple of 4.
    labels : tuple of int
        Left to right; indices into `LINE_LABELS`.
    free_signs : bool
        Whether signs other than digits have no labels, though the picture may show some.
    """

    image: Grey
    labels: tuple[int, ...]
    free_signs: bool = False


class LineSource:
    """Endless training lines; each depends on the recipe's seed and its index alone.

    Safe in several threads: nothing changes once it is made.
    """

    def __init__(
        self,
        recipe: LineRecipe,
        hands: Hands,
        numbers: Sequence[StrokeSample],
        cheques: Sequence[Cheque],
    ) -> None:
        self._seed = recipe.seed
        self._hands = hands
        self._numbers = numbers
        self._cheques = cheques
        shares = recipe.shares
        weights = np.array([shares.canvas, shares.page, shares.cheques])
        self._up_to = np.cumsum(weights / weights.sum())

    def line(self, index: int) -> Line:
        """The line of an index, from 0 up."""
        rng = np.random.default_rng([self._seed, index])
        kind = int(np.searchsorted(self._up_to, rng.random()))
        if kind == 2:
            return self._cheque(rng)
        placed = self._written(rng)
        if kind == 0:
            return Line(_canvas(placed.strokes, rng), placed.labels)
        return Line(_page(placed.strokes, rng), placed.labels)

    def _written(self, rng: np.random.Generator) -> Placed:
        if self._numbers and rng.random() < _WHOLE_NUMBERS:
            sample = self._numbers[int(rng.integers(len(self._numbers)))]
            return Placed(place_number(sample.traces), indices_of(sample.label))
        hands = self._hands.hands
        return place_text(random_text(rng), hands[int(rng.integers(len(hands)))], self._hands, rng)

    def _cheque(self, rng: np.random.Generator) -> Line:
        cheque = self._cheques[int(rng.integers(len(self._cheques)))]
        top, bottom = digit_rows(cheque.boxes)
        top, bottom = _jittered_rows(top, bottom, rng)
        picture = line_picture(normalised(cheque.image), top, bottom)
        return Line(picture.image, indices_of(cheque.digits), True)


def make_line_source(recipe: LineRecipe, folder: Path) -> Generator[Loading, None, LineSource]:
    """Load the data of a recipe.

    Parameters
    ----------
    recipe : LineRecipe
        The same recipe and files give the same lines.
    folder : Path
        Folder of its files.

    Yields
    ------
    Loading

    Raises
    ------
    InkreadError
        If a file cannot be used.
    """
    written = {}
    for done, table in enumerate(("digits", "numbers", "symbols", "letters")):
        data: StrokeData = getattr(recipe, table)
        yield Loading(data.file, done, 4, Unit.FILES)
        written[table] = select_folds(read_strokes(folder / data.file), data.folds)
    hands = make_hands(written["digits"], (*written["symbols"], *written["letters"]))
    cheques = yield from _cheques(recipe, folder)
    learned = [cheque for cheque, held_out in cheques if not held_out]
    return LineSource(recipe, hands, _on_one_line(written["numbers"]), learned)


def validation_lines(recipe: LineRecipe, folder: Path) -> list[Line]:
    """Lines that a network is chosen by: numbers of other people, and cheques held out.

    Raises
    ------
    InkreadError
        If a file cannot be used.
    """
    numbers = select_folds(read_strokes(folder / recipe.choice.file), recipe.choice.folds)
    lines = [_number_line(sample) for sample in _on_one_line(numbers)]
    for cheque, held_out in finished(_cheques(recipe, folder)):
        if held_out:
            picture = line_picture(normalised(cheque.image), *digit_rows(cheque.boxes))
            lines.append(Line(picture.image, indices_of(cheque.digits), True))
    return lines


def _on_one_line(numbers: Sequence[StrokeSample]) -> tuple[StrokeSample, ...]:
    return tuple(sample for sample in numbers if not sample.multiline)


def _number_line(sample: StrokeSample) -> Line:
    ink = Ink(tuple(Stroke(trace) for trace in sample.traces))
    return Line(ink_line_picture(ink).image, indices_of(sample.label))


def _cheques(
    recipe: LineRecipe, folder: Path
) -> Generator[Loading, None, list[tuple[Cheque, bool]]]:
    """The cheques that are not kept for figures, and whether each is held out for validation."""
    options = recipe.cheques
    cheques = yield from read_cheques(folder / options.folder, options.test)
    count = min(options.held_out, len(cheques))
    held_out = {index * len(cheques) // count for index in range(count)} if count else set()
    return [(cheque, index in held_out) for index, cheque in enumerate(cheques)]


def _canvas(strokes: Sequence[Points], rng: np.random.Generator) -> Grey:
    height = (DIGIT_HEIGHT - LINE_WIDTH) * rng.uniform(0.75, 1.3)
    return _drawn(strokes, height, LINE_WIDTH * rng.uniform(0.9, 1.1), rng)


def _page(strokes: Sequence[Points], rng: np.random.Generator) -> Grey:
    height = DIGIT_HEIGHT * rng.uniform(0.75, 1.3)
    width = height * rng.uniform(0.05, 0.25)
    ink = _drawn(strokes, height - width, width, rng)
    contrast = rng.uniform(20, 200)
    grey = 250 - ink * (contrast / 255) + rng.normal(0, contrast * 0.08, ink.shape)
    picture = normalised(np.asarray(np.clip(grey, 0, 255), np.uint8))
    middle = LINE_HEIGHT / 2
    return line_picture(picture, middle - DIGIT_HEIGHT / 2, middle + DIGIT_HEIGHT / 2).image


def _drawn(
    strokes: Sequence[Points], height: float, width: float, rng: np.random.Generator
) -> Grey:
    """Strokes in a picture of 32 rows, digits `height` px high."""
    top, bottom = digit_rows([bounds(stroke) for stroke in strokes])
    scale = np.float32(height / max(bottom - top, 1e-3))
    left = min(float(stroke[:, 0].min()) for stroke in strokes)
    right = max(float(stroke[:, 0].max()) for stroke in strokes)
    corner = np.array([left, (top + bottom) / 2], np.float32)
    offset = np.array([width + 1 + rng.uniform(0, 6), LINE_HEIGHT / 2 + rng.uniform(-4, 4)])
    paths = [(s - corner) * scale + offset.astype(np.float32) for s in strokes]
    columns = padded_width(int((right - left) * scale + 2 * width + 8))
    return draw_strokes((LINE_HEIGHT, columns), paths, [width] * len(paths))


def _jittered_rows(top: float, bottom: float, rng: np.random.Generator) -> tuple[float, float]:
    half = (bottom - top) / 2 * rng.uniform(0.77, 1.33)
    middle = (top + bottom) / 2 + rng.uniform(-4, 4) * 2 * half / DIGIT_HEIGHT
    return middle - half, middle + half
