"""Logits of a line network -> the most probable texts, each with the places of its signs.

Prefix beam search (Graves 2012, "Supervised sequence labelling with recurrent neural networks",
section 7.5.3; Hannun, Maas, Jurafsky and Ng 2014) proposes texts; `ctc_lattice` then sums up their
alignments exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, product

import numpy as np
from numpy.typing import NDArray

from inkread.core.field_types.automaton import DEAD, Automaton
from inkread.core.recognition.ctc_lattice import (
    Floats,
    Indices,
    Lattice,
    Signs,
    certainties,
    lattice,
    steps_of_signs,
)
from inkread.core.recognition.line_hypothesis import LineHypothesis, Place


@dataclass(frozen=True, slots=True)
class Params:
    """Bounds of the search."""

    #: Prefixes that are kept from step to step; chosen: twice as many as hypotheses.
    beam: int = 8
    #: Hypotheses; chosen: the right text of a line that is read wrongly is mostly among the first.
    count: int = 4
    #: Probability, 0 to 1, above which a step is blank and parts the line; measured: of 298
    #: validation lines the best texts and places are the same as without parting, and 1,023 of
    #: 1,025 alternatives within 7 nats, in 0.79 ms instead of 1.22 a line.
    sure: float = 0.999
    #: Probability, 0 to 1, below which no sign is looked at in a step; chosen: where a line is
    #: parted, none is more probable.
    min_sign: float = 1e-3
    #: Probability, as share of the best, below which a text of a stretch is given up; chosen: two
    #: signs as improbable as that.
    min_prefix: float = 1e-6
    #: Steps that are decoded at once; chosen: some thirty digits. Work and memory grow with the
    #: square of it.
    max_steps: int = 128


PARAMS = Params()
#: Bounds of the search among the texts that may stand in a field; chosen: these are few, and the
#: right one may be improbable.
WITHIN = Params(beam=24, count=8, min_sign=1e-5, min_prefix=1e-9)
#: Sum of alignments whose logarithm is taken, at least.
_LEAST = float(np.exp(-700))

#: Its first step, and the one behind its last.
_Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text of one stretch: its logarithm, and first step, last step and probability of its signs.

    Steps count from the begin of the stretch.
    """

    signs: Signs
    log: float
    places: list[tuple[int, int, float]]


def decoded(
    logits: NDArray[np.float32], labels: Sequence[str], params: Params = PARAMS
) -> tuple[LineHypothesis, ...]:
    """Find the most probable texts.

    Steps that are surely blank part a line into stretches, which are read each by itself; the texts
    of the line are the most probable products of theirs.

    Parameters
    ----------
    logits : (T, k + 1) array of float32
        Of each step; the last column is blank.
    labels : sequence of str
        The k signs, one character each.
    params : Params, optional
        Bounds of the search.

    Returns
    -------
    tuple of LineHypothesis
        The most probable first, all different; at least one. Each `log_probability` is the sum of
        all alignments that are blank where the line is parted: where blank is above `params.sure`,
        and, in a stretch of more than `params.max_steps`, at its surest blanks. Without any step,
        the empty text, which is then certain.
    """
    if len(logits) == 0:
        return (LineHypothesis("", 0.0, ()),)
    probabilities = softmax(logits)
    highest = probabilities.max(axis=1, keepdims=True)
    scale = float(np.log(highest).sum())
    found: list[_Joined] = [((), 0.0, ())]
    for batch in _batches(_stretches(probabilities[:, -1], params), params):
        for stretch, readings in zip(
            batch, _read(probabilities, highest, batch, params), strict=True
        ):
            found = _followed(found, readings, stretch[0], params.beam)
    return tuple(
        _hypothesis(signs, log + scale, parts, labels)
        for signs, log, parts in found[: params.count]
    )


def texts_within(
    logits: NDArray[np.float32],
    labels: Sequence[str],
    automaton: Automaton,
    params: Params = WITHIN,
) -> list[str]:
    """The most probable texts that an automaton accepts, about in their order; perhaps none.

    Parameters
    ----------
    logits : (T, k + 1) array of float32
        Of each step; the last column is blank. All of the line is searched as one stretch.
    labels : sequence of str
        The k signs, one character each.
    automaton : Automaton
        Only beginnings that it can complete are kept.
    params : Params, optional
        Bounds of the search.
    """
    probabilities = softmax(logits)
    emissions = (probabilities / probabilities.max(axis=1, keepdims=True)).tolist()
    prefixes = _Prefixes(automaton.table(labels))
    kept = _searched(emissions, _likely_signs(probabilities, params.min_sign), params, prefixes)
    kept.sort(key=lambda beam: -(beam[1] + beam[2]))
    ended = [
        prefix
        for prefix, blank, sign in kept
        if prefixes.states[prefix] in automaton.accepting and blank + sign > 0
    ]
    return ["".join(labels[s] for s in prefixes.text(prefix)) for prefix in ended[: params.count]]


def aligned(
    logits: NDArray[np.float32], labels: Sequence[str], texts: Sequence[str]
) -> tuple[LineHypothesis, ...]:
    """Texts as hypotheses, whatever their probability; those that are impossible are left out.

    Parameters
    ----------
    logits : (T, k + 1) array of float32
        Of each step, T >= 1; the last column is blank.
    labels : sequence of str
        The k signs, one character each.
    texts : sequence of str
        Of these signs.
    """
    if not texts:
        return ()
    found, log_scale = _lattice_of(logits, labels, texts)
    possible = np.flatnonzero(found.sums > 0)
    if len(possible) == 0:
        return ()
    readings = _readings(found.of(possible))
    return tuple(
        _hypothesis(each.signs, each.log + log_scale, [(0, each)], labels) for each in readings
    )


def log_probabilities(
    logits: NDArray[np.float32], labels: Sequence[str], texts: Sequence[str]
) -> NDArray[np.float64]:
    """The logarithm of the probability of each text, as `aligned` has it, nats.

    At least -700, where a text is impossible or hardly possible.
    """
    found, log_scale = _lattice_of(logits, labels, texts)
    return np.log(np.maximum(found.sums, _LEAST)) + log_scale


def _lattice_of(
    logits: NDArray[np.float32], labels: Sequence[str], texts: Sequence[str]
) -> tuple[Lattice, float]:
    """The alignments of texts, and the logarithm of what they are scaled by."""
    column = {label: index for index, label in enumerate(labels)}
    probabilities = softmax(logits)
    scales = probabilities.max(axis=1)
    signs = [tuple(column[sign] for sign in text) for text in texts]
    return lattice(probabilities / scales[:, np.newaxis], signs), float(np.log(scales).sum())


def _stretches(blanks: Floats, params: Params) -> list[_Stretch]:
    """The runs of steps that are not surely blank; long ones are cut behind their surest blanks."""
    found, last = [], 0
    for is_sure, run in groupby((blanks > params.sure).tolist()):
        begin, last = last, last + sum(1 for _ in run)
        if is_sure:
            continue
        while last - begin > params.max_steps:
            middle = begin + params.max_steps // 2
            end = middle + int(blanks[middle : begin + params.max_steps].argmax()) + 1
            found.append((begin, end))
            begin = end
        found.append((begin, last))
    return found


def _batches(stretches: Sequence[_Stretch], params: Params) -> list[list[_Stretch]]:
    """Stretches that are read at once: padded to the longest, no more work than the longest one
    that may be.
    """
    batches: list[list[_Stretch]] = []
    longest = 0
    for begin, end in stretches:
        longest = max(longest, end - begin)
        if not batches or (len(batches[-1]) + 1) * longest**2 > params.max_steps**2:
            batches.append([])
            longest = end - begin
        batches[-1].append((begin, end))
    return batches


def _read(
    probabilities: Floats, highest: Floats, stretches: Sequence[_Stretch], params: Params
) -> list[list[_Reading]]:
    """The most probable texts of each stretch."""
    first, last = stretches[0][0], stretches[-1][1]
    likely = _likely_signs(probabilities[first:last], params.min_sign)
    emissions = probabilities[first:last] / highest[first:last]
    rows = emissions.tolist()
    best = emissions.argmax(axis=1).tolist()
    texts, owners = list[Signs](), list[int]()
    for owner, (begin, end) in enumerate(stretches):
        span = slice(begin - first, end - first)
        found = _search(rows[span], likely[span], params)
        # It may have been given up on the way; what is looked at has at least its probability.
        found[_collapsed(best[span], len(rows[0]) - 1)] = None
        texts += found
        owners += [owner] * len(found)
    summed = lattice(_padded(emissions, np.array(stretches) - first)[:, owners], texts)
    order = np.lexsort((-summed.sums, np.array(owners)))
    order = order[summed.sums[order] > 0]
    readings: list[list[_Reading]] = [[] for _ in stretches]
    for row, reading in zip(order.tolist(), _readings(summed.of(order)), strict=True):
        if len(readings[owners[row]]) < params.count:
            readings[owners[row]].append(reading)
    return readings


def _padded(emissions: Floats, stretches: Indices) -> Floats:
    """The emissions of each stretch, (T, n, k + 1); behind its end is blank alone."""
    begins, ends = stretches.T
    steps = begins + np.arange((ends - begins).max())[:, np.newaxis]
    padded = emissions[np.minimum(steps, ends - 1)]
    padded[steps >= ends] = np.arange(emissions.shape[1]) == emissions.shape[1] - 1
    return np.asarray(padded)


def _readings(found: Lattice) -> list[_Reading]:
    first, last = steps_of_signs(found)
    parts = first.tolist(), last.tolist(), certainties(found, first, last).tolist()
    return [
        _Reading(tuple(signs[:length]), log, list(zip(*(p[:length] for p in place), strict=True)))
        for signs, length, log, *place in zip(
            found.signs.tolist(),
            found.lengths.tolist(),
            np.log(found.sums).tolist(),
            *parts,
            strict=True,
        )
    ]


#: A text of the stretches up to one, its logarithm, and the reading of each with its begin.
_Joined = tuple[Signs, float, tuple[tuple[int, _Reading], ...]]


def _followed(
    found: list[_Joined], readings: Sequence[_Reading], begin: int, count: int
) -> list[_Joined]:
    """The most probable texts after one more stretch, which begins at step `begin`."""
    joined = dict[Signs, _Joined]()
    for (signs, log, parts), reading in product(found, readings):
        text, both = signs + reading.signs, log + reading.log
        longer = text, both, (*parts, (begin, reading))
        known = joined.get(text)
        if known is not None:
            likelier = max(known, longer, key=lambda each: each[1])
            longer = text, float(np.logaddexp(both, known[1])), likelier[2]
        joined[text] = longer
    return sorted(joined.values(), key=lambda each: -each[1])[:count]


def _hypothesis(
    signs: Signs, log: float, parts: Iterable[tuple[int, _Reading]], labels: Sequence[str]
) -> LineHypothesis:
    places = [
        Place(begin + first, begin + last, probability)
        for begin, reading in parts
        for first, last, probability in reading.places
    ]
    return LineHypothesis("".join([labels[s] for s in signs]), min(log, 0.0), tuple(places))


def softmax(logits: NDArray[np.float32]) -> Floats:
    """Probabilities of each step, float64."""
    odds = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def greedy(probabilities: NDArray[np.floating]) -> Signs:
    """The most probable sign of each step, repetitions and blanks removed.

    Parameters
    ----------
    probabilities : (T, k + 1) array
        Probabilities or logits; the last column is blank.
    """
    return _collapsed(probabilities.argmax(axis=1).tolist(), probabilities.shape[1] - 1)


def _collapsed(path: Iterable[int], blank: int) -> Signs:
    return tuple(sign for sign, _ in groupby(path) if sign != blank)


class _Prefixes:
    """All beginnings of texts that a search came by, as a tree.

    With a `table`, the next state of an automaton by state and sign, `states` has that of each.
    """

    def __init__(self, table: Sequence[Sequence[int]] | None = None) -> None:
        self.last = [-1]
        self.states = [0]
        self._table = table
        self._before = [-1]
        self._longer: dict[tuple[int, int], int] = {}

    def longer(self, prefix: int, sign: int) -> int:
        """The prefix that has one sign more."""
        key = prefix, sign
        found = self._longer.get(key)
        if found is None:
            found = self._longer[key] = len(self.last)
            self.last.append(sign)
            self._before.append(prefix)
            if self._table is not None:
                self.states.append(self._table[self.states[prefix]][sign])
        return found

    def allowed(self, prefix: int, signs: list[int]) -> list[int]:
        """Those of the signs that may follow a prefix."""
        if self._table is None:
            return signs
        row = self._table[self.states[prefix]]
        return [sign for sign in signs if row[sign] != DEAD]

    def text(self, prefix: int) -> Signs:
        signs = []
        while prefix:
            signs.append(self.last[prefix])
            prefix = self._before[prefix]
        return tuple(reversed(signs))


#: Prefix, and the sums of its alignments that end in a blank and in its last sign.
_Beam = tuple[int, float, float]


def _search(
    rows: Sequence[list[float]], likely: Sequence[list[int]], params: Params
) -> dict[Signs, None]:
    """Texts to look at, given the emissions of each step and the signs that are likely in it."""
    prefixes = _Prefixes()
    beams = _searched(rows, likely, params, prefixes)
    return dict.fromkeys([prefixes.text(prefix) for prefix, _, _ in beams])


def _searched(
    rows: Sequence[list[float]], likely: Sequence[list[int]], params: Params, prefixes: _Prefixes
) -> list[_Beam]:
    """The prefixes that are kept at the end."""
    beams: list[_Beam] = [(0, 1.0, 0.0)]
    for row, signs in zip(rows, likely, strict=True):
        if signs:
            beams = _kept(_longer(beams, row, signs, prefixes), params)
        else:
            last = prefixes.last
            beams = [(p, (b + s) * row[-1], s * row[last[p]]) for p, b, s in beams]
    return beams


def _likely_signs(probabilities: Floats, least: float) -> list[list[int]]:
    """Columns of the signs that are looked at in each step."""
    found: list[list[int]] = [[] for _ in probabilities]
    for step, sign in np.argwhere(probabilities[:, :-1] > least).tolist():
        found[step].append(sign)
    return found


def _longer(
    beams: list[_Beam], row: list[float], signs: list[int], prefixes: _Prefixes
) -> list[_Beam]:
    """The prefixes after one more step."""
    blanks: dict[int, float] = {}
    ends: dict[int, float] = {}
    for prefix, blank, sign in beams:
        total, last = blank + sign, prefixes.last[prefix]
        blanks[prefix] = total * row[-1]
        ends[prefix] = ends.get(prefix, 0.0) + sign * row[last]
        for new in prefixes.allowed(prefix, signs):
            longer = prefixes.longer(prefix, new)
            mass = (blank if new == last else total) * row[new]
            ends[longer] = ends.get(longer, 0.0) + mass
    return [(prefix, blanks.get(prefix, 0.0), mass) for prefix, mass in ends.items()]


def _kept(beams: list[_Beam], params: Params) -> list[_Beam]:
    """The most probable prefixes."""
    ranked = sorted(beams, key=lambda beam: -(beam[1] + beam[2]))[: params.beam]
    least = (ranked[0][1] + ranked[0][2]) * params.min_prefix
    return [beam for beam in ranked if beam[1] + beam[2] >= least]
