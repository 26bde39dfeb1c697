"""Batches of lines of like widths."""

from __future__ import annotations

import numpy as np

from inkread.ml.training.ctc import ctc_targets
from inkread.ml.training.line_batches import LineForm, batched, lines_in, pictures_of, width_for
from tests.ml.training.line_sources import BlotLine, BlotSource

FORM = LineForm(batch=4, classes=7, signs=(4, 5))


def _line(width: int, *labels: int) -> BlotLine:
    return BlotLine(np.full((32, width), 255, np.uint8), labels)


def test_every_line_comes_once_and_none_wider_than_needed() -> None:
    lines = [BlotSource().line(index) for index in range(22)]
    batches = batched(lines, FORM, np.random.default_rng(0))
    assert len(batches) == 6
    widths = {batch.pictures.shape[3] for batch in batches}
    assert widths <= {width_for(line.image.shape[1]) for line in lines}
    own = [batch.pictures[batch.shares > 0] for batch in batches]
    ink = sum(pictures.sum() for pictures in own)
    np.testing.assert_allclose(ink * 255, sum(line.image.sum() for line in lines), rtol=1e-5)


def test_a_batch_that_is_not_full_counts_its_own_lines_alone() -> None:
    (batch,) = batched([_line(40, 1), _line(44, 2, 2, 4)], FORM, np.random.default_rng(0))
    assert batch.shares.tolist() == [0.5, 0.5, 0, 0]
    expected = ctc_targets([(1,), (2, 2, 4), (2, 2, 4), (2, 2, 4)], 7)
    np.testing.assert_array_equal(batch.targets.emissions, expected.emissions)


def test_a_line_stands_somewhere_in_its_picture_and_the_rest_is_background() -> None:
    lefts = set()
    for seed in range(20):
        (batch,) = batched([_line(40, 1)] * 4, FORM, np.random.default_rng(seed))
        columns = batch.pictures[0, 0].max(axis=0)
        assert columns.sum() == 40
        lefts.add(int(columns.argmax()))
    assert len(lefts) > 5
    assert not pictures_of([_line(40, 1)], 64)[0, 0, :, 40:].any()


def test_wide_lines_come_in_batches_of_fewer_lines() -> None:
    lines = [_line(3000 + each, 1) for each in range(3)] + [_line(40, 1), _line(900, 2)]
    batches = batched(lines, FORM, np.random.default_rng(0))
    ink = sum(float(batch.pictures[batch.shares > 0].sum()) for batch in batches)
    assert ink == 32 * sum(line.image.shape[1] for line in lines)
    sizes = {batch.pictures.shape[3]: len(batch.pictures) for batch in batches}
    assert all(count == lines_in(width, 4) for width, count in sizes.items())
    assert max(width * count for width, count in sizes.items()) <= max(sizes)
    assert sum(batch.shares.sum() for batch in batches) == len(batches)


def test_a_line_with_more_labels_than_steps_gets_a_wider_picture() -> None:
    crowded = _line(16, *[1] * 9)
    (batch,) = batched([crowded], FORM, np.random.default_rng(0))
    assert batch.pictures.shape[3] // 4 >= 17
    assert batch.pictures[0].sum() == 16 * 32
