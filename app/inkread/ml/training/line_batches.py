"""Put lines of like widths into batches."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from inkread.core.reading import Grey
from inkread.ml.gradients.registry import Array
from inkread.ml.training.ctc import CtcTargets, Real, ctc_targets, steps_needed

#: Widths of batches, px; each has its own graph, 0.5 s to make (*measured*). Steps of a fifth at
#: most waste little on padding (*chosen*).
WIDTHS: tuple[int, ...] = (*range(32, 257, 32), *range(320, 513, 64), 640, 768)
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
        In 0..1, W of `WIDTHS`.
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
        Lines in each.
    classes : int
        With blank.
    signs : tuple of int
        Classes without labels in lines with free signs.
    """

    batch: int
    classes: int
    signs: tuple[int, ...]


def is_usable(line: TrainingLine) -> bool:
    """Whether a line is narrow enough for a batch, and wide enough for its labels."""
    width = line.image.shape[1]
    return bool(width <= WIDTHS[-1] and steps_needed(line.labels) <= width_for(width) // STEP)


def width_for(width: int) -> int:
    """The width of the batch for lines of up to this width, at most the last of `WIDTHS`."""
    return next(each for each in WIDTHS if width <= each)


def batched(
    lines: Sequence[TrainingLine], form: LineForm, rng: np.random.Generator
) -> list[LineBatch]:
    """Batches of lines of like widths, in random order.

    Lines that are not usable are left out. A line stands at a random place of its batch's width;
    the rest is background.
    """
    usable = [line for line in lines if is_usable(line)]
    batches = [_batch(group, form, rng) for group in _groups(usable, form.batch)]
    return [batches[i] for i in rng.permutation(len(batches))]


def _groups(lines: Sequence[TrainingLine], count: int) -> Generator[list[TrainingLine], None, None]:
    by_width = sorted(lines, key=lambda line: line.image.shape[1])
    for start in range(0, len(by_width), count):
        yield by_width[start : start + count]


def _batch(group: list[TrainingLine], form: LineForm, rng: np.random.Generator) -> LineBatch:
    shares = np.zeros(form.batch)
    shares[: len(group)] = 1 / len(group)
    filled = group + group[-1:] * (form.batch - len(group))
    targets = ctc_targets(
        [line.labels for line in filled],
        form.classes,
        [line.free_signs for line in filled],
        form.signs,
    )
    return LineBatch(pictures_of(filled, rng), targets, shares)


def pictures_of(lines: Sequence[TrainingLine], rng: np.random.Generator | None = None) -> Array:
    """(n, 1, H, W) float32 in 0..1, of the width that the widest line needs.

    Each line stands at the left, or at a random place.
    """
    width = width_for(max(line.image.shape[1] for line in lines))
    pictures = np.zeros((len(lines), 1, lines[0].image.shape[0], width), np.float32)
    for picture, line in zip(pictures, lines, strict=True):
        own = int(line.image.shape[1])
        left = 0 if rng is None else int(rng.integers(width - own + 1))
        np.multiply(line.image, np.float32(1 / 255), out=picture[0, :, left : left + own])
    return pictures
