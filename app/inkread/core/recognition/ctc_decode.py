"""Logits of a line network -> the most probable texts, each with the places of its signs.

Prefix beam search (Graves 2012, "Supervised sequence labelling with recurrent neural networks",
section 7.5.3; Hannun, Maas, Jurafsky and Ng 2014) proposes texts; `ctc_lattice` then sums up their
alignments exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from inkread.core.recognition.ctc_lattice import (
    Floats,
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
    #: Probability, 0 to 1, below which no sign is looked at in a step; measured: 0.3 ms of 2.4 less
    #: for 40 steps than with 1e-4, and the same texts (100 lines of 8 made-up peaks).
    min_sign: float = 1e-3
    #: Probability, as share of the best, below which a prefix is given up; chosen: two
    #: signs as improbable as that.
    min_prefix: float = 1e-6
    #: Steps that are decoded at once; chosen: some thirty digits. Work and memory grow with the
    #: square of it.
    max_steps: int = 128


PARAMS = Params()
#: Sum of alignments whose logarithm is taken, at least.
_LEAST = float(np.exp(-700))


def decoded(
    logits: NDArray[np.float32], labels: Sequence[str], params: Params = PARAMS
) -> tuple[LineHypothesis, ...]:
    """Find the most probable texts.

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
        The most probable first, all different; at least one. Each `log_probability` is exact; of a
        long line, which is decoded in pieces, if it is cut at blanks that are certain. Without any
        step, the empty text, which is then certain.
    """
    found: tuple[LineHypothesis, ...] = (LineHypothesis("", 0.0, ()),)
    if len(logits) == 0:
        return found
    probabilities = softmax(logits)
    for begin, end in _pieces(probabilities[:, -1], params.max_steps):
        more = _decoded_piece(probabilities[begin:end], labels, params)
        found = _followed(found, more, begin, params.count) if begin else more
    return found


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
    return _hypotheses(found.of(possible), labels, log_scale) if len(possible) else ()


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


def _pieces(blanks: Floats, longest: int) -> list[tuple[int, int]]:
    """Begin and end of each piece of a line, cut behind the surest blanks."""
    pieces, begin = [], 0
    while len(blanks) - begin > longest:
        middle = begin + longest // 2
        end = middle + int(blanks[middle : begin + longest].argmax()) + 1
        pieces.append((begin, end))
        begin = end
    return [*pieces, (begin, len(blanks))]


def _followed(
    found: tuple[LineHypothesis, ...], more: tuple[LineHypothesis, ...], begin: int, count: int
) -> tuple[LineHypothesis, ...]:
    """The most probable texts of two pieces, the second of which begins at step `begin`."""
    pairs = sorted(
        product(found, more), key=lambda p: -(p[0].log_probability + p[1].log_probability)
    )
    joined = dict[str, LineHypothesis]()
    for one, other in pairs:
        moved = [Place(p.first + begin, p.last + begin, p.probability) for p in other.places]
        text, log = one.text + other.text, one.log_probability + other.log_probability
        joined.setdefault(text, LineHypothesis(text, log, (*one.places, *moved)))
    return tuple(joined.values())[:count]


def _decoded_piece(
    probabilities: Floats, labels: Sequence[str], params: Params
) -> tuple[LineHypothesis, ...]:
    texts, scales = _search(probabilities, params)
    found = lattice(probabilities / scales[:, np.newaxis], texts)
    order = np.argsort(-found.sums, kind="stable")[: params.count]
    best = found.of(order[found.sums[order] > 0])
    return _hypotheses(best, labels, float(np.log(scales).sum()))


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
    best = probabilities.argmax(axis=1)
    is_new = np.diff(best, prepend=-1) != 0
    return tuple(best[is_new & (best != probabilities.shape[1] - 1)].tolist())


def _hypotheses(
    found: Lattice, labels: Sequence[str], log_scale: float
) -> tuple[LineHypothesis, ...]:
    first, last = steps_of_signs(found)
    parts = (first.tolist(), last.tolist(), certainties(found, first, last).tolist())
    logs = np.minimum(np.log(found.sums) + log_scale, 0.0).tolist()
    return tuple(
        LineHypothesis(
            "".join(labels[sign] for sign in signs[:length]),
            log,
            tuple(Place(*place) for place in zip(*(part[:length] for part in places), strict=True)),
        )
        for signs, length, log, *places in zip(
            found.signs.tolist(), found.lengths.tolist(), logs, *parts, strict=True
        )
    )


class _Prefixes:
    """All beginnings of texts that a search came by, as a tree."""

    def __init__(self) -> None:
        self.last = [-1]
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
        return found

    def text(self, prefix: int) -> Signs:
        signs = []
        while prefix:
            signs.append(self.last[prefix])
            prefix = self._before[prefix]
        return tuple(reversed(signs))


#: Prefix, and the sums of its alignments that end in a blank and in its last sign.
_Beam = tuple[int, float, float]


def _search(probabilities: Floats, params: Params) -> tuple[list[Signs], Floats]:
    """Texts to look at, and by how much each step is scaled so that sums stay near 1."""
    prefixes = _Prefixes()
    beams: list[_Beam] = [(0, 1.0, 0.0)]
    scales = []
    rows = probabilities.tolist()
    for row, signs in zip(rows, _likely_signs(probabilities, params.min_sign), strict=True):
        if signs:
            beams = _kept(_longer(beams, row, signs, prefixes), params)
        else:
            last = prefixes.last
            beams = [(p, (b + s) * row[-1], s * row[last[p]]) for p, b, s in beams]
        scale = sum(blank + sign for _, blank, sign in beams)
        beams = [(prefix, blank / scale, sign / scale) for prefix, blank, sign in beams]
        scales.append(scale)
    texts = dict.fromkeys([prefixes.text(prefix) for prefix, _, _ in beams])
    # It may have been given up on the way; what is looked at has at least its probability.
    texts[greedy(probabilities)] = None
    return list(texts), np.array(scales)


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
        for new in signs:
            longer = prefixes.longer(prefix, new)
            mass = (blank if new == last else total) * row[new]
            ends[longer] = ends.get(longer, 0.0) + mass
    return [(prefix, blanks.get(prefix, 0.0), mass) for prefix, mass in ends.items()]


def _kept(beams: list[_Beam], params: Params) -> list[_Beam]:
    """The most probable prefixes."""
    ranked = sorted(beams, key=lambda beam: -(beam[1] + beam[2]))[: params.beam]
    least = (ranked[0][1] + ranked[0][2]) * params.min_prefix
    return [beam for beam in ranked if beam[1] + beam[2] >= least]
