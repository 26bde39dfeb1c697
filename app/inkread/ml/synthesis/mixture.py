"""The data that a recipe asks for: digits to learn, others to refuse, digits to choose by."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inkread.core.cell import cell_from_ink
from inkread.core.ink import Stroke
from inkread.core.reading import Grey
from inkread.ml.datasets.dataset import Dataset, Loading, Purpose, Unit
from inkread.ml.datasets.npz import read_npz
from inkread.ml.datasets.strokes import StrokeSample, Traces, of_folds, read_strokes
from inkread.ml.synthesis.glyph_forms import crossed_seven, half_four, hooked_one
from inkread.ml.synthesis.recipe_file import ModelRecipe
from inkread.ml.synthesis.rendering import ink_cell, page_cell
from inkread.ml.synthesis.scribbles import scribble
from inkread.ml.synthesis.touching_pairs import pair
from inkread.ml.synthesis.variation import varied

_Form = Callable[[Traces, np.random.Generator], Traces | None]
_REPORT_EVERY = 200


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """What a model is made of.

    Attributes
    ----------
    digits : Dataset
        To learn.
    others : (n, 28, 28) array of uint8
        No digits.
    choice : Dataset
        Digits of other people.
    """

    digits: Dataset
    others: Grey
    choice: Dataset


def mixing(recipe: ModelRecipe, folder: Path) -> Generator[Loading, None, Mixture]:
    """Load, vary and draw all that a recipe asks for.

    Parameters
    ----------
    recipe : ModelRecipe
        The same recipe and data give the same cells.
    folder : Path
        Where its files are.

    Yields
    ------
    Loading

    Returns
    -------
    Mixture

    Raises
    ------
    InkreadError
        If a file cannot be used.
    """
    rng = np.random.default_rng([recipe.seed, 1])
    cells = yield from read_npz(folder / recipe.cells, Purpose.TRAINING)
    written = of_folds(read_strokes(folder / recipe.strokes.file), recipe.strokes.folds)
    drawn = yield from _drawn(written, recipe, rng)
    letters = read_strokes(folder / recipe.letters.file)
    others = yield from _others(written, letters, recipe, rng)
    chosen = read_strokes(folder / recipe.choice.file)
    return Mixture(_joined(cells, drawn, recipe), others, choice_of(chosen, recipe))


def choice_of(samples: Sequence[StrokeSample], recipe: ModelRecipe) -> Dataset:
    """The digits to choose by, drawn as the canvas does it; doubtful ones are among them."""
    chosen = of_folds(samples, recipe.choice.folds, with_suspect=True)
    cells = [cell_from_ink([Stroke(t) for t in s.traces])[1][-1].image for s in chosen]
    return _dataset(cells, [s.label for s in chosen], recipe.labels, recipe.choice.file)


def _drawn(
    samples: Sequence[StrokeSample], recipe: ModelRecipe, rng: np.random.Generator
) -> Generator[Loading, None, Dataset]:
    """Each sample several times, each time another way; and the forms that are too few."""
    wish, cells, labels = recipe.strokes, list[Grey](), list[str]()
    for number, sample in enumerate(samples):
        made = [ink_cell(varied(sample.traces, rng), rng) for _ in range(wish.as_ink)]
        pages = (page_cell(varied(sample.traces, rng), rng) for _ in range(wish.as_page))
        made += [cell for cell in pages if cell is not None]
        cells += made
        labels += [sample.label] * len(made)
        if number % _REPORT_EVERY == 0:
            yield Loading(wish.file, number, len(samples), Unit.SAMPLES)
    for label, form, count in (
        ("1", hooked_one, wish.hooked_ones),
        ("7", crossed_seven, wish.crossed_sevens),
    ):
        formed = _formed([s for s in samples if s.label == label], form, count, rng)
        cells += formed
        labels += [label] * len(formed)
    return _dataset(cells, labels, recipe.labels, wish.file)


def _formed(
    samples: Sequence[StrokeSample], form: _Form, count: int, rng: np.random.Generator
) -> list[Grey]:
    """So many cells of samples in another form; fewer only if none of them can have it."""
    fitting = [s.traces for s in samples if form(s.traces, rng) is not None]
    cells = []
    for number in range(count if fitting else 0):
        traces = form(varied(fitting[number % len(fitting)], rng), rng)
        if traces is not None:
            cells.append(ink_cell(traces, rng))
    return cells


def _others(
    digits: Sequence[StrokeSample],
    letters: Sequence[StrokeSample],
    recipe: ModelRecipe,
    rng: np.random.Generator,
) -> Generator[Loading, None, Grey]:
    wish = recipe.others
    halves = [half for s in digits if s.label == "4" and (half := half_four(s.traces))]
    signs: list[Traces | None] = []
    signs += [varied(s.traces, rng) for s in _some_of_each(letters, recipe, rng)]
    signs += [pair(digits, rng) for _ in range(wish.pairs)]
    if halves:
        places = rng.integers(len(halves), size=wish.half_fours)
        signs += [varied(halves[i], rng) for i in places]
    signs += [varied(scribble(rng), rng) for _ in range(wish.scribbles)]
    cells = []
    for number, traces in enumerate(signs):
        if traces is not None:
            cells.append(ink_cell(traces, rng))
        if number % _REPORT_EVERY == 0:
            yield Loading("no digits", number, len(signs), Unit.SAMPLES)
    return _stacked(cells)


def _some_of_each(
    samples: Iterable[StrokeSample], recipe: ModelRecipe, rng: np.random.Generator
) -> list[StrokeSample]:
    wish = recipe.letters
    by_label: dict[str, list[StrokeSample]] = {}
    for sample in samples:
        if sample.fold in wish.folds and sample.label not in wish.leave_out:
            by_label.setdefault(sample.label, []).append(sample)
    chosen = []
    for _, members in sorted(by_label.items()):
        places = rng.permutation(len(members))[: wish.each]
        chosen += [members[i] for i in places]
    return chosen


def _dataset(
    cells: Sequence[Grey], texts: Sequence[str], labels: tuple[str, ...], source: str
) -> Dataset:
    places = {label: place for place, label in enumerate(labels)}
    known = [i for i, text in enumerate(texts) if text in places]
    targets = np.array([places[texts[i]] for i in known], np.int64)
    return Dataset(_stacked([cells[i] for i in known]), targets, labels, (source,))


def _stacked(cells: Sequence[Grey]) -> Grey:
    return np.stack(cells) if cells else np.empty((0, 28, 28), np.uint8)


def _joined(cells: Dataset, drawn: Dataset, recipe: ModelRecipe) -> Dataset:
    places = np.array([recipe.labels.index(label) for label in cells.labels], np.int64)
    return Dataset(
        np.concatenate([cells.cells, drawn.cells]),
        np.concatenate([places[cells.targets], drawn.targets]),
        recipe.labels,
        (*cells.sources, *drawn.sources),
    )
