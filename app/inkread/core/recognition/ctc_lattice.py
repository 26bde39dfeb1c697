"""Exact sums over the alignments of given texts, under connectionist temporal classification.

Graves, Fernández, Gomez and Schmidhuber 2006, "Connectionist temporal classification", section 4.1.
A text of L signs has 2 L + 1 states: its signs, and blanks before, between and after them. The sums
backward in time are those forward for the reversed text, so both run in one loop over all texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Signs = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Params:
    """How far alternatives to a sign are looked for."""

    #: Steps; chosen: 64 px of a line picture are three digits wide.
    window: int = 16


PARAMS = Params()
#: Stand for the time before the first sign, and behind the last one.
_START, _EMPTY = -2, -1


@dataclass(frozen=True, eq=False)
class Lattice:
    """Sums over the alignments of n texts of at most L signs, in T steps.

    S = 2 L + 1 states; those behind the end of a shorter text are 0 throughout.

    Attributes
    ----------
    emissions : (T, n, k + 1) array
        For each text the probability of each sign in each step, the last column that of blank;
        steps may be scaled.
    signs : (n, L) array of int64
        The texts as columns of `emissions`; -1 behind the end of a shorter one.
    lengths : (n,) array of int64
    sums : (n,) array
        Of all alignments, the emissions multiplied.
    before : (T + 1, n, S + 2) array
        Of all alignments of the steps before t that end in state s, in column s + 2. Before any
        step a path is in column 1, the start.
    after : (T + 1, n, S + 2) array
        Of all alignments of the steps from t on that begin in state s, in column s. After all steps
        a path is in column 2 length + 1, the end.
    """

    emissions: Floats
    signs: Indices
    lengths: Indices
    sums: Floats
    before: Floats
    after: Floats

    @cached_property
    def around(self) -> Around:
        return Around.of(self)

    def of(self, rows: Indices) -> Lattice:
        """The lattice of some of its texts, in another order."""
        length = int(self.lengths[rows].max())
        states = 2 * length + 3
        return Lattice(
            self.emissions[:, rows],
            self.signs[rows, :length],
            self.lengths[rows],
            self.sums[rows],
            self.before[:, rows, :states],
            self.after[:, rows, :states],
        )


def lattice(emissions: Floats, texts: Sequence[Signs]) -> Lattice:
    """Sum up the alignments of texts.

    Parameters
    ----------
    emissions : (T, k + 1) or (T, n, k + 1) array of float64
        Of all texts, or of each; T >= 1. Each step may be scaled so that the sums neither overflow
        nor vanish.
    texts : sequence of tuples of int
        Columns of `emissions`; n >= 1 texts, each may be empty.
    """
    signs, lengths = _padded(texts)
    count, length = signs.shape
    if emissions.ndim == 2:
        emissions = np.broadcast_to(
            emissions[:, np.newaxis], (len(emissions), count, len(emissions[0]))
        )
    states = _states(np.concatenate([signs, _reversed(signs, lengths)]), emissions.shape[2] - 1)
    owners = np.arange(2 * count)[:, np.newaxis] % count
    emitted = emissions[:, owners, states] * (states >= 0)
    emitted[:, count:] = emitted[::-1, count:]
    skips = _skips(states)
    sums = np.zeros((len(emissions) + 1, 2 * count, 2 * length + 3))
    sums[0, :, 1] = 1.0
    for step, emission in enumerate(emitted):
        now = sums[step]
        arriving = now[:, 2:] + now[:, 1:-1]
        arriving += skips * now[:, :-2]
        np.multiply(arriving, emission, out=sums[step + 1, :, 2:])
    rows, ends = np.arange(count), 2 * lengths
    totals = sums[-1, rows, ends + 2] + np.where(lengths > 0, sums[-1, rows, ends + 1], 0.0)
    return Lattice(
        emissions, signs, lengths, totals, sums[:, :count], _backward(sums[:, count:], lengths)
    )


def _padded(texts: Sequence[Signs]) -> tuple[Indices, Indices]:
    lengths = np.array([len(text) for text in texts])
    signs = np.full((len(texts), int(lengths.max())), _EMPTY)
    for row, text in zip(signs, texts, strict=True):
        row[: len(text)] = text
    return signs, lengths


def _reversed(signs: Indices, lengths: Indices) -> Indices:
    order = lengths[:, np.newaxis] - 1 - np.arange(signs.shape[1])
    return np.where(order >= 0, np.take_along_axis(signs, np.maximum(order, 0), axis=1), _EMPTY)


def _states(signs: Indices, blank: int) -> Indices:
    """Column of each state, (n, S); -1 behind the end."""
    count, length = signs.shape
    states = np.full((count, 2 * length + 1), blank)
    states[:, 1::2] = signs
    states[:, 2::2][signs == _EMPTY] = _EMPTY
    return states


def _skips(states: Indices) -> Floats:
    """1 where a state may follow the one before the last: the first sign, as a path may begin in
    it, and signs unlike those before them.
    """
    skips = np.zeros(states.shape)
    skips[:, 1:2] = 1.0
    skips[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    return skips


def _backward(sums: Floats, lengths: Indices) -> Floats:
    """Sums of reversed texts, turned round in time and in states."""
    width = sums.shape[2]
    order = 2 * lengths[:, np.newaxis] + 2 - np.arange(width)
    turned = np.take_along_axis(sums[::-1], np.maximum(order, 0)[np.newaxis], axis=2)
    return np.where(order >= 0, turned, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """Sums around each sign: the steps before one that it may begin with, and after its last.

    Attributes
    ----------
    from_sign, from_blank : (T, n, L) arrays
        `before` each step: in the sign before it (or the start), and in the blank between.
    to_sign, to_blank : (T, n, L) arrays
        `after` each step: in the next sign (or the end), and in the blank between.
    previous, following : (n, L) arrays of int64
        The signs before and behind; -2 for the start, -1 for the end.
    """

    from_sign: Floats
    from_blank: Floats
    to_sign: Floats
    to_blank: Floats
    previous: Indices
    following: Indices

    @classmethod
    def of(cls, found: Lattice) -> Around:
        before, after, signs = found.before[:-1], found.after[1:], found.signs
        neighbours = np.full((len(signs), signs.shape[1] + 2), _EMPTY)
        neighbours[:, 0] = _START
        neighbours[:, 1:-1] = signs
        return cls(
            from_sign=before[:, :, 1:-2:2],
            from_blank=before[:, :, 2:-1:2],
            to_sign=after[:, :, 3::2],
            to_blank=after[:, :, 2:-1:2],
            previous=neighbours[:, :-2],
            following=neighbours[:, 2:],
        )


def steps_of_signs(found: Lattice) -> tuple[Indices, Indices]:
    """First and last step of each sign: the medians over all alignments.

    In every alignment a sign begins after the one before it has ended, so the medians do, too.

    Returns
    -------
    first, last : (n, L) arrays of int64
        Steps from 0; without meaning behind the end of a shorter text.
    """
    around, signs = found.around, found.signs
    begins = around.from_blank + (signs != around.previous) * around.from_sign
    ends = around.to_blank + (signs != around.following) * around.to_sign
    steps = np.empty((len(signs), 2 * signs.shape[1]), np.int64)
    steps[:, ::2] = _median(begins * found.after[:-1, :, 1:-2:2])
    steps[:, 1::2] = _median(found.before[1:, :, 3::2] * ends)
    # Where half of the alignments are on either side, rounding alone decides.
    least = np.arange(steps.shape[1]) // 2
    steps = np.maximum.accumulate(steps - least, axis=1) + least
    return steps[:, ::2], steps[:, 1::2]


def _median(weights: Floats) -> Indices:
    """The step, along the first axis, at which half of the weight is reached."""
    summed = np.cumsum(weights, axis=0)
    return np.asarray(np.argmax(summed >= summed[-1] / 2, axis=0))


def certainties(found: Lattice, first: Indices, last: Indices) -> Floats:
    """Probability of each sign, given the rest of its text.

    The alternatives are the texts that have another sign, or none, in its place. Other signs are
    looked for in `PARAMS.window` steps around the place alone.

    Parameters
    ----------
    found : Lattice
        All alignments.
    first, last : (n, L) arrays of int64
        As `steps_of_signs` gives them.

    Returns
    -------
    (n, L) array
        0 to 1; without meaning behind the end of a shorter text.
    """
    signs = _sums_of_signs(found, first, last)
    own = np.take_along_axis(signs, np.maximum(found.signs, 0)[:, :, np.newaxis], axis=2)[:, :, 0]
    total = signs.sum(axis=2) + _sums_without(found)
    return np.asarray(own / np.maximum(total, np.finfo(np.float64).tiny))


def _sums_of_signs(found: Lattice, first: Indices, last: Indices) -> Floats:
    """Sums of the texts that have sign k in the place of sign i, (n, L, k)."""
    around = found.around
    parts = (
        around.from_blank,
        around.from_sign,
        around.to_blank,
        around.to_sign,
        found.emissions[:, :, np.newaxis, :-1],
    )
    width = PARAMS.window
    if width < len(found.emissions):
        begin = ((first + last + 1 - width) // 2).clip(0, len(found.emissions) - width)
        steps = begin + np.arange(width)[:, np.newaxis, np.newaxis]
        owners, places = np.ogrid[: first.shape[0], : first.shape[1]]
        *sums, emitted = parts
        parts = (*(each[steps, owners, places] for each in sums), emitted[steps, owners, 0])
    from_blank, from_sign, to_blank, to_sign, emitted = parts
    columns = np.arange(emitted.shape[-1])
    begins = _joined(from_blank, from_sign, columns != around.previous[:, :, np.newaxis])
    ends = _joined(to_blank, to_sign, columns != around.following[:, :, np.newaxis])
    return _runs(emitted, begins, ends)


def _sums_without(found: Lattice) -> Floats:
    """Sums of the texts without sign i, (n, L): blanks from the sign before it to the one behind,
    or nothing between these two.
    """
    around = found.around
    blanks = _runs(found.emissions[:, :, -1:], around.from_sign, around.to_sign)
    adjacent = found.before[:, :, 1:-2:2] * found.after[:, :, 3::2]
    return np.asarray(blanks + (around.previous != around.following) * adjacent.sum(axis=0))


def _runs(emissions: Floats, begins: Floats, ends: Floats) -> Floats:
    """Sum over all runs of one sign: what comes to its first step, the emissions of its steps, and
    what follows its last; (T, ...) arrays -> (...).
    """
    inside, sums = np.zeros(begins.shape[1:]), np.zeros(begins.shape[1:])
    for emission, begin, end in zip(emissions, begins, ends, strict=True):
        inside += begin
        inside *= emission
        sums += inside * end
    return sums


def _joined(blank: Floats, sign: Floats, unlike: NDArray[np.bool_]) -> Floats:
    """Sums of what comes from, or goes on to, a blank or an unlike sign, for each column."""
    return blank[..., np.newaxis] + sign[..., np.newaxis] * unlike
