"""Build the data sets of a recipe: training digits, non-digits to reject, validation digits."""

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
from inkread.ml.datasets.strokes import StrokeSample, Traces, read_strokes, select_folds
from inkread.ml.synthesis.glyph_forms import crossed_seven, half_four, hooked_one
from inkread.ml.synthesis.recipe_file import ModelRecipe
from inkread.ml.synthesis.rendering import ink_cell, page_cell
from inkread.ml.synthesis.scribbles import scribble
from inkread.ml.synthesis.touching_pairs import pair
from inkread.ml.synthesis.variation import varied

_Form = Callable[[Traces, np.random.Generator], Traces | None]
_REPORT_INTERVAL = 200


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Data sets for one model.

    Attributes
    ----------
    digits : Dataset
        Training data.
    non_digits : (n, 28, 28) array of uint8
        Cells to be rejected.
    validation : Dataset
        Digits of other people.
    """

    digits: Dataset
    non_digits: Grey
    validation: Dataset


def mix(recipe: ModelRecipe, folder: Path) -> Generator[Loading, None, Mixture]:
    """Load, vary and render the data of a recipe.

    Parameters
    ----------
    recipe : ModelRecipe
        The same recipe and files give the same cells.
    folder : Path
        Folder of its files.

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
    written = select_folds(read_strokes(folder / recipe.strokes.file), recipe.strokes.folds)
    rendered = yield from _render_samples(written, recipe, rng)
    letters = read_strokes(folder / recipe.letters.file)
    non_digits = yield from _render_non_digits(written, letters, recipe, rng)
    chosen = read_strokes(folder / recipe.choice.file)
    return Mixture(_join(cells, rendered, recipe), non_digits, validation_digits(chosen, recipe))


def validation_digits(samples: Sequence[StrokeSample], recipe: ModelRecipe) -> Dataset:
    """Validation digits, rendered as on the canvas, including those with doubtful labels."""
    chosen = select_folds(samples, recipe.choice.folds, with_suspect=True)
    cells = [cell_from_ink([Stroke(t) for t in s.traces])[1][-1].image for s in chosen]
    return _dataset(cells, [s.label for s in chosen], recipe.labels, recipe.choice.file)


def _render_samples(
    samples: Sequence[StrokeSample], recipe: ModelRecipe, rng: np.random.Generator
) -> Generator[Loading, None, Dataset]:
    """Render several variants of each sample, and add glyph forms that are rare in the data."""
    options, cells, labels = recipe.strokes, list[Grey](), list[str]()
    for done, sample in enumerate(samples):
        made = [ink_cell(varied(sample.traces, rng), rng) for _ in range(options.as_ink)]
        pages = (page_cell(varied(sample.traces, rng), rng) for _ in range(options.as_page))
        made += [cell for cell in pages if cell is not None]
        cells += made
        labels += [sample.label] * len(made)
        if done % _REPORT_INTERVAL == 0:
            yield Loading(options.file, done, len(samples), Unit.SAMPLES)
    for label, form, count in (
        ("1", hooked_one, options.hooked_ones),
        ("7", crossed_seven, options.crossed_sevens),
    ):
        formed = _reshaped([s for s in samples if s.label == label], form, count, rng)
        cells += formed
        labels += [label] * len(formed)
    return _dataset(cells, labels, recipe.labels, options.file)


def _reshaped(
    samples: Sequence[StrokeSample], form: _Form, count: int, rng: np.random.Generator
) -> list[Grey]:
    """Render `count` cells of samples in another form; none if no sample can take that form."""
    suitable = [s.traces for s in samples if form(s.traces, rng) is not None]
    cells = []
    for i in range(count if suitable else 0):
        traces = form(varied(suitable[i % len(suitable)], rng), rng)
        if traces is not None:
            cells.append(ink_cell(traces, rng))
    return cells


def _render_non_digits(
    digits: Sequence[StrokeSample],
    letters: Sequence[StrokeSample],
    recipe: ModelRecipe,
    rng: np.random.Generator,
) -> Generator[Loading, None, Grey]:
    options = recipe.others
    halves = [half for s in digits if s.label == "4" and (half := half_four(s.traces))]
    glyphs: list[Traces | None] = []
    glyphs += [varied(s.traces, rng) for s in _sample_letters(letters, recipe, rng)]
    glyphs += [pair(digits, rng) for _ in range(options.pairs)]
    if halves:
        indices = rng.integers(len(halves), size=options.half_fours)
        glyphs += [varied(halves[i], rng) for i in indices]
    glyphs += [varied(scribble(rng), rng) for _ in range(options.scribbles)]
    cells = []
    for done, traces in enumerate(glyphs):
        if traces is not None:
            cells.append(ink_cell(traces, rng))
        if done % _REPORT_INTERVAL == 0:
            yield Loading("no digits", done, len(glyphs), Unit.SAMPLES)
    return _stack(cells)


def _sample_letters(
    samples: Iterable[StrokeSample], recipe: ModelRecipe, rng: np.random.Generator
) -> list[StrokeSample]:
    options = recipe.letters
    by_label: dict[str, list[StrokeSample]] = {}
    for sample in samples:
        if sample.fold in options.folds and sample.label not in options.leave_out:
            by_label.setdefault(sample.label, []).append(sample)
    chosen = []
    for _, members in sorted(by_label.items()):
        indices = rng.permutation(len(members))[: options.each]
        chosen += [members[i] for i in indices]
    return chosen


def _dataset(
    cells: Sequence[Grey], texts: Sequence[str], labels: tuple[str, ...], source: str
) -> Dataset:
    indices = {label: index for index, label in enumerate(labels)}
    known = [i for i, text in enumerate(texts) if text in indices]
    targets = np.array([indices[texts[i]] for i in known], np.int64)
    return Dataset(_stack([cells[i] for i in known]), targets, labels, (source,))


def _stack(cells: Sequence[Grey]) -> Grey:
    return np.stack(cells) if cells else np.empty((0, 28, 28), np.uint8)


def _join(cells: Dataset, rendered: Dataset, recipe: ModelRecipe) -> Dataset:
    classes = np.array([recipe.labels.index(label) for label in cells.labels], np.int64)
    return Dataset(
        np.concatenate([cells.cells, rendered.cells]),
        np.concatenate([classes[cells.targets], rendered.targets]),
        recipe.labels,
        (*cells.sources, *rendered.sources),
    )
