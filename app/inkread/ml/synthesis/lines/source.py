"""Training lines by index, and the lines that a network is chosen by."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.core.cell import LINE_WIDTH
from inkread.core.errors import ClassEmpty, DataEmpty
from inkread.core.generators import finished
from inkread.core.ink import Ink, Stroke
from inkread.core.line_labels import LINE_LABELS
from inkread.core.line_picture import (
    DIGIT_HEIGHT,
    digit_rows,
    ink_line_picture,
    line_picture,
    normalised,
)
from inkread.core.reading import Grey
from inkread.ml.datasets.cheques import Cheque, read_cheques
from inkread.ml.datasets.dataset import Dataset, Loading, Purpose, Unit
from inkread.ml.datasets.npz import read_npz
from inkread.ml.datasets.strokes import StrokeSample, read_strokes, select_folds
from inkread.ml.synthesis.lines.cheque_lines import ChequeLines, background_of, digits_of
from inkread.ml.synthesis.lines.drawing import canvas_picture
from inkread.ml.synthesis.lines.grammar import amount, digits, random_text
from inkread.ml.synthesis.lines.hands import LETTERS, SYMBOLS, Hands, make_hands, make_picture_hands
from inkread.ml.synthesis.lines.layout import (
    Written,
    indices_of,
    place_number,
    place_text,
    put_beside,
    put_near,
)
from inkread.ml.synthesis.lines.pages import page_line, random_pen
from inkread.ml.synthesis.lines.recipe_file import LineRecipe, StrokeData
from inkread.ml.synthesis.lines.textures import make_textures

_WHOLE_NUMBERS = 0.22
"""Share of lines of strokes that are whole pen-written numbers."""
_LONG_NUMBER = 9
"""Digits."""
_TAIL = 0.3
"""Share of these that get signs behind them."""
_TAILS = ("-", ",-", ".-", ".", ",", "=", ",00", ".00", ",5", "/-", "%", ")", ":", "*", "+", "/2")
_NEIGHBOURS = 0.12
"""Share of pages with another line of which some shows."""
_STRIPS, _AMOUNTS = 0.55, 0.7
"""Shares of recombined lines of strips; of amounts among the others, of digits cut out."""
_BACKGROUND_INTERVAL = 4
"""Every such cheque lends its background to other lines."""


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
        Whether signs other than digits have no labels, though the picture may show some: as on
        cheques.
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
        cell_hands: Hands,
        numbers: Sequence[StrokeSample],
        cheques: Sequence[Cheque],
    ) -> None:
        rng = np.random.default_rng([recipe.seed, 1])
        self._seed = recipe.seed
        self._hands, self._cell_hands, self._numbers = hands, cell_hands, numbers
        self._cheques = ChequeLines(cheques)
        backgrounds = [background_of(cheque) for cheque in cheques[::_BACKGROUND_INTERVAL]]
        self._textures = make_textures(rng, backgrounds)
        self._cheque_textures = self._textures.only(len(backgrounds))
        cut = [found for cheque in cheques for found in digits_of(cheque)]
        self._cheque_hands = make_picture_hands(cut, hands)
        shares = recipe.shares
        kinds = (
            (self._canvas, shares.canvas), (self._page, shares.page), (self._cells, shares.cells),
            (self._cheque, shares.cheques), (self._recombined, shares.recombined),
        )  # fmt: skip
        self._kinds = [make for make, _ in kinds]
        weights = np.array([share for _, share in kinds])
        self._up_to = np.cumsum(weights / weights.sum())

    def line(self, index: int) -> Line:
        """The line of an index, from 0 up."""
        rng = np.random.default_rng([self._seed, 2, index])
        return self._kinds[int(np.searchsorted(self._up_to, rng.random(), side="right"))](rng)

    def _canvas(self, rng: np.random.Generator) -> Line:
        written = self._written(LINE_WIDTH / DIGIT_HEIGHT, rng)
        return Line(canvas_picture(written, rng), tuple(written.labels))

    def _page(self, rng: np.random.Generator) -> Line:
        pen = random_pen(rng)
        written = self._written(pen, rng)
        if rng.random() < _NEIGHBOURS:
            hands, count = self._hands, int(rng.integers(2, 9))
            put_near(written, place_text(digits(rng, count), hands.any(rng), hands, rng, pen), rng)
        return Line(page_line(written, pen, self._textures, rng), tuple(written.labels))

    def _cells(self, rng: np.random.Generator) -> Line:
        hands, pen = self._cell_hands, LINE_WIDTH / DIGIT_HEIGHT
        written = place_text(random_text(rng), hands.any(rng), hands, rng, pen)
        return Line(page_line(written, pen, self._textures, rng), tuple(written.labels))

    def _cheque(self, rng: np.random.Generator) -> Line:
        return Line(*self._cheques.line(self._textures, rng), True)

    def _recombined(self, rng: np.random.Generator) -> Line:
        if rng.random() < _STRIPS:
            return Line(*self._cheques.recombined(self._textures, rng), True)
        hands, pen = self._cheque_hands, LINE_WIDTH / DIGIT_HEIGHT
        text = amount(rng) if rng.random() < _AMOUNTS else random_text(rng)
        written = place_text(text, hands.any(rng), hands, rng, pen)
        image = page_line(written, pen, self._cheque_textures, rng, patterned=0.9)
        return Line(image, tuple(written.labels))

    def _written(self, pen: float, rng: np.random.Generator) -> Written:
        """A text, or a whole number, perhaps with signs behind it."""
        hand = self._hands.any(rng)
        if not self._numbers or rng.random() > _WHOLE_NUMBERS:
            return place_text(random_text(rng), hand, self._hands, rng, pen)
        sample = self._numbers[int(rng.integers(len(self._numbers)))]
        number = place_number(sample.traces, sample.label, rng)
        if rng.random() > _TAIL:
            return number
        text = _TAILS[int(rng.integers(len(_TAILS)))]
        tail = place_text(text, hand, self._hands, rng, pen)
        return put_beside(number, tail, float(rng.uniform(0.02, 0.35)))


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
        samples = read_strokes(folder / data.file)
        kept = [sample for i, sample in enumerate(samples) if i not in data.skip]
        chosen = select_folds(kept, data.folds)
        written[table] = [sample for sample in chosen if sample.label not in data.leave_out]
    rng = np.random.default_rng([recipe.seed, 0])
    hands = make_hands(written["digits"], [*written["symbols"], *written["letters"]], rng)
    _check_complete(hands, str(folder / recipe.symbols.file))
    cells = yield from read_npz(folder / recipe.cells.file, Purpose.TRAINING)
    cheques = yield from _cheques(recipe, folder)
    learned = [cheque for cheque, held_out in cheques if not held_out]
    numbers = _without_most_long(_on_one_line(written["numbers"]))
    return LineSource(recipe, hands, make_picture_hands(_labelled(cells), hands), numbers, learned)


def _labelled(cells: Dataset) -> Iterator[tuple[str, Grey]]:
    return (
        (cells.labels[target], cell)
        for target, cell in zip(cells.targets, cells.cells, strict=True)
    )


def _check_complete(hands: Hands, name: str) -> None:
    """Refuse strokes that lack a sign, or digits in one hand."""
    for label in (*LINE_LABELS[:-1], LETTERS, SYMBOLS):
        if label not in hands.every:
            raise ClassEmpty(name=name, label=label)
    if not hands.hands:
        raise DataEmpty(name=name, reason="no writer of its digits has four different ones")


def validation_lines(recipe: LineRecipe, folder: Path) -> list[Line]:
    """Lines that a network is chosen by: numbers of other people, and cheques held out.

    Only those of cheques have free signs, so the two can be told apart; a number is right without
    further signs.

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


def _without_most_long(numbers: Sequence[StrokeSample]) -> list[StrokeSample]:
    """Every third of the long numbers: nearly all of them count up or down from 0 to 9, which is
    no habit to learn.
    """
    is_long = [len(sample.label.replace(" ", "")) >= _LONG_NUMBER for sample in numbers]
    long = [sample for sample, yes in zip(numbers, is_long, strict=True) if yes]
    return [*(s for s, yes in zip(numbers, is_long, strict=True) if not yes), *long[::3]]


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
