from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inkread.core.errors import ClassEmpty, FileMissing
from inkread.core.generators import finished
from inkread.core.line_labels import DIGIT_COUNT, LINE_LABELS
from inkread.ml.synthesis.lines.recipe_file import LineRecipe, Shares
from inkread.ml.synthesis.lines.source import Line, LineSource, make_line_source, validation_lines

NONE = Shares(canvas=0, page=0, cells=0, cheques=0, recombined=0)
KINDS = ["canvas", "page", "cells", "cheques", "recombined"]


@pytest.fixture
def source(recipe: LineRecipe, folder: Path) -> LineSource:
    return finished(make_line_source(recipe, folder))


def _only(recipe: LineRecipe, kind: str) -> LineRecipe:
    return replace(recipe, shares=replace(NONE, **{kind: 1.0}))


@pytest.mark.slow
def test_lines_are_line_pictures_with_labels(source: LineSource) -> None:
    for index in range(60):
        line = source.line(index)
        assert line.image.dtype == np.uint8
        assert line.image.shape[0] == 32
        assert line.image.shape[1] % 4 == 0
        assert line.image.shape[1] >= 16
        assert line.image.max() > 100
        assert line.labels
        assert set(line.labels) <= set(range(len(LINE_LABELS)))


@pytest.mark.slow
def test_a_line_depends_on_its_index_and_the_seed_alone(
    source: LineSource, recipe: LineRecipe, folder: Path
) -> None:
    again = finished(make_line_source(recipe, folder))
    other = finished(make_line_source(replace(recipe, seed=99), folder))
    order = np.random.default_rng(0).permutation(40).tolist()
    with ThreadPoolExecutor(4) as threads:
        shuffled = dict(zip(order, threads.map(again.line, order), strict=True))
    differ = 0
    for index in range(40):
        one, two = source.line(index), shuffled[index]
        assert np.array_equal(one.image, two.image)
        assert (one.labels, one.free_signs) == (two.labels, two.free_signs)
        differ += one.labels != other.line(index).labels
    assert differ > 20


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_signs_have_labels_but_on_cheques(recipe: LineRecipe, folder: Path, kind: str) -> None:
    source = finished(make_line_source(_only(recipe, kind), folder))
    lines = [source.line(index) for index in range(60)]
    free = [line for line in lines if line.free_signs]
    assert not any(label >= DIGIT_COUNT for line in free for label in line.labels)
    signs = [label for line in lines for label in line.labels if label >= DIGIT_COUNT]
    assert len(free) == 60 if kind == "cheques" else len(signs) > 10
    assert not free or kind in ("cheques", "recombined")


def test_samples_that_the_recipe_skips_are_not_learned(recipe: LineRecipe, folder: Path) -> None:
    digits = replace(recipe.digits, skip=tuple(range(80)))  # all there are
    with pytest.raises(ClassEmpty, match="the class 0 has not one sample"):
        finished(make_line_source(replace(recipe, digits=digits), folder))


@pytest.mark.slow
def test_nothing_of_fold_1_is_learned(recipe: LineRecipe, folder: Path) -> None:
    source = finished(make_line_source(_only(recipe, "canvas"), folder))
    learned = [_inked(source.line(index)) for index in range(80)]
    chosen = [_inked(line) for line in validation_lines(recipe, folder) if not line.free_signs]
    assert max(learned) < 0.65 < min(chosen)


def _inked(line: Line) -> float:
    """Share of ink in the rows of digits."""
    rows = line.image[8:24] > 127
    return float(rows[:, rows.any(axis=0)].mean()) if rows.any() else 0.0


@pytest.mark.slow
def test_cheques_for_figures_are_not_learned(recipe: LineRecipe, folder: Path) -> None:
    source = finished(make_line_source(_only(recipe, "cheques"), folder))
    assert max(source.line(index).image.shape[1] for index in range(200)) < 300  # they: over 700


@pytest.mark.slow
def test_cheques_for_validation_are_not_learned(recipe: LineRecipe, folder: Path) -> None:
    source = finished(make_line_source(_only(recipe, "cheques"), folder))
    learned = {source.line(index).labels for index in range(200)}
    chosen = [line.labels for line in validation_lines(recipe, folder) if line.free_signs]
    assert len(learned) == 5
    assert len(chosen) == 4
    assert not learned & set(chosen)
    assert all(labels[1] < 9 for labels in (*learned, *chosen))  # 9 to 11 are for figures


def test_numbers_for_validation_are_those_of_fold_1(recipe: LineRecipe, folder: Path) -> None:
    numbers = [line for line in validation_lines(recipe, folder) if not line.free_signs]
    texts = ["".join(LINE_LABELS[i] for i in line.labels) for line in numbers]
    assert texts == ["12", "3456", "7890"]


@pytest.mark.parametrize("sign", ["+", "%"])
def test_signs_without_one_usable_sample_are_named(
    recipe: LineRecipe, folder: Path, sign: str
) -> None:
    left_out = replace(recipe, symbols=replace(recipe.symbols, leave_out=sign))
    with pytest.raises(ClassEmpty) as caught:
        finished(make_line_source(left_out, folder))
    assert f"the class {sign} has not one sample" in str(caught.value)


def test_a_missing_file_is_named(recipe: LineRecipe, folder: Path) -> None:
    (folder / "unipen-symbols.json.gz").unlink()
    with pytest.raises(FileMissing, match="unipen-symbols"):
        finished(make_line_source(recipe, folder))
