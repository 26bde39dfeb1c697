"""Put lines of like widths into batches."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from inkread.core.reading import Grey
from inkread.ml.gradients.registry import Array
from inkread.ml.training.ctc import CtcTargets, Real, ctc_targets, steps_needed

#: Widths of batches, px; each has its own graph, 0.5 s to make (*measured*). Steps of a fifth
#: at most waste little on padding (*chosen*).
_WIDTHS = (*range(32, 257, 32), *range(320, 513, 64), 640, 768)
#: Wider ones are multiples of this, px. *Chosen*: such lines are rare.
_WIDE_STEP = 256
#: Wider batches have fewer lines, px. *Measured*: steps of five widths up to 768 px take 640 MB,
#: with full batches 980 MB.
_FULL_WIDTH = 384
#: Width of a step of time, px.
STEP = 4


class TrainingLine(Protocol):
    """A line to learn or to measure with."""

    @property
    def image(self) -> Grey:
        """(H, w) line picture."""
        ...

    @property
    def labels(self) -> tuple[int, ...]:
        """Left to right."""
        ...

    @property
    def free_signs(self) -> bool:
        """Whether signs other than digits have no labels, though the picture may show some."""
        ...


class LineSource(Protocol):
    """Endless lines to learn."""

    def line(self, index: int) -> TrainingLine:
        """The line of an index, from 0 up; always the same."""
        ...


@dataclass(frozen=True, eq=False)
class LineBatch:
    """Lines in the form that a step takes.

    Attributes
    ----------
    pictures : (n, 1, H, W) ndarray of float32
        In 0..1, n as `lines_in` says.
    targets : CtcTargets
    shares : (n,) ndarray of float64
        Of the lines in the loss, of sum 1; 0 for lines that fill the batch up.
    """

    pictures: Array
    targets: CtcTargets
    shares: Real


@dataclass(frozen=True)
class LineForm:
    """What the batches of a run have in common.

    Attributes
    ----------
    batch : int
        Lines in each, and fewer in wide ones: see `lines_in`.
    classes : int
        With blank.
    signs : tuple of int
        Classes without labels in lines with free signs.
    """

    batch: int
    classes: int
    signs: tuple[int, ...]


def width_for(width: int) -> int:
    """The width of the batch for lines of up to this width."""
    wide = -(-width // _WIDE_STEP) * _WIDE_STEP
    return next((each for each in _WIDTHS if width <= each), wide)


def lines_in(width: int, batch: int) -> int:
    """Lines in a batch of a width of `width_for`: the area of wide ones stays the same."""
    return max(1, batch * _FULL_WIDTH // max(width, _FULL_WIDTH))


def _width_needed(line: TrainingLine) -> int:
    """Its own, or more for a line with more labels than steps: it runs over into background."""
    return max(int(line.image.shape[1]), STEP * steps_needed(line.labels))


def batched(
    lines: Sequence[TrainingLine], form: LineForm, rng: np.random.Generator
) -> list[LineBatch]:
    """Batches of lines of like widths, in random order.

    None is left out. A line stands at a random place of its batch's width; the rest is background.
    """
    batches = [_batch(group, form, rng) for group in _groups(lines, form.batch)]
    return [batches[i] for i in rng.permutation(len(batches))]


def _groups(lines: Sequence[TrainingLine], batch: int) -> Generator[list[TrainingLine], None, None]:
    """Lines of like widths, the widest first."""
    left = sorted(lines, key=_width_needed)
    while left:
        count = lines_in(width_for(_width_needed(left[-1])), batch)
        yield left[-count:]
        del left[-count:]


def _batch(group: list[TrainingLine], form: LineForm, rng: np.random.Generator) -> LineBatch:
    width = width_for(max(map(_width_needed, group)))
    missing = lines_in(width, form.batch) - len(group)
    shares = np.repeat([1 / len(group), 0], [len(group), missing])
    filled = group + group[-1:] * missing
    targets = ctc_targets(
        [line.labels for line in filled],
        form.classes,
        [line.free_signs for line in filled],
        form.signs,
    )
    return LineBatch(pictures_of(filled, width, rng), targets, shares)


def pictures_of(
    lines: Sequence[TrainingLine], width: int, rng: np.random.Generator | None = None
) -> Array:
    """(n, 1, H, width) float32 in 0..1; each line stands at the left, or at a random place."""
    pictures = np.zeros((len(lines), 1, lines[0].image.shape[0], width), np.float32)
    for picture, line in zip(pictures, lines, strict=True):
        own = int(line.image.shape[1])
        left = 0 if rng is None else int(rng.integers(width - own + 1))
        np.multiply(line.image, np.float32(1 / 255), out=picture[0, :, left : left + own])
    return pictures
