"""The glyphs of a line within a field: the cheapest path whose labels an automaton accepts.

The product of the lattices of a line and the automaton: each candidate may be any of its likely
labels, each mark any of its guesses, or dirt.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inkread.core.field_types.automaton import Automaton
from inkread.core.segmentation import prices
from inkread.core.segmentation.decode_line import Decoded, LineLattice
from inkread.core.segmentation.marks import Mark


@dataclass(frozen=True, slots=True)
class Params:
    """Bounds of the search, and the price of dirt."""

    #: Probability of a label at least, 0 to 1; chosen: less is no reading of a glyph.
    min_label: float = 1e-3
    #: Candidates of a line; chosen: bounds the work, a field has fewer.
    max_candidates: int = 400
    #: Price of a mark that is dirt; chosen: as much as a label of a probability of 0.05.
    dirt: float = 9.0


PARAMS = Params()

#: A mark or the lattice of a run, from left to right.
Parts = Sequence[Mark | LineLattice]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A glyph or a mark, and the label that it has on a path."""

    label: str
    sign: Decoded | Mark


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """A path that an automaton accepts.

    Attributes
    ----------
    signs : list of Placed
        Left to right.
    behind : float
        Nats by which it costs more than the cheapest path of all.
    """

    signs: list[Placed]
    behind: float


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    cost: float = 0.0
    last: Placed | None = None
    before: _Path | None = None

    def signs(self) -> list[Placed]:
        found, path = list[Placed](), self
        while path.before is not None:
            if path.last is not None:
                found.append(path.last)
            path = path.before
        return found[::-1]


#: The cheapest path to each state.
_Reached = dict[int, _Path]


def decode_within(parts: Parts, automaton: Automaton, labels: Sequence[str]) -> Within | None:
    """Find the cheapest path whose labels an automaton accepts.

    Parameters
    ----------
    parts : sequence of Mark and LineLattice
        Left to right.
    automaton : Automaton
        What may stand there.
    labels : sequence of str
        Those of the network.

    Returns
    -------
    Within or None
        None if there is no such path, or too much to look at.
    """
    runs = [part for part in parts if isinstance(part, LineLattice)]
    if sum(len(run.candidates) for run in runs) > PARAMS.max_candidates:
        return None
    reached: _Reached = {0: _Path()}
    for part in parts:
        if isinstance(part, Mark):
            reached = _after_mark(reached, part, automaton)
        else:
            reached = _after_run(reached, part, automaton, labels)
    ended = [path for state, path in reached.items() if state in automaton.accepting]
    if not ended:
        return None
    best = min(ended, key=lambda path: path.cost)
    behind = (best.cost - _cheapest(parts)) / prices.PARAMS.doubt_weight
    return Within(best.signs(), max(0.0, behind))


def _cheapest(parts: Parts) -> float:
    """Cost of the cheapest path whatever its labels."""
    cost = 0.0
    for part in parts:
        if isinstance(part, Mark):
            cost += prices.doubt(part.probability)
        else:
            for candidate in part.best:
                best = float(part.glyph(candidate).probabilities.max())
                cost += candidate.price + prices.doubt(best)
    return cost


def _after_mark(reached: _Reached, mark: Mark, automaton: Automaton) -> _Reached:
    found = _Reached()
    for state, path in reached.items():
        _reach(found, state, _Path(path.cost + PARAMS.dirt, None, path))
        for label, probability in mark.guesses:
            end = automaton.edges[state].get(label)
            if end is not None:
                cost = path.cost + prices.doubt(probability)
                _reach(found, end, _Path(cost, Placed(label, mark), path))
    return found


def _after_run(
    reached: _Reached, run: LineLattice, automaton: Automaton, labels: Sequence[str]
) -> _Reached:
    run.ask()
    places: list[_Reached] = [reached, *(_Reached() for _ in range(run.stop))]
    for candidate in run.candidates:
        paths = places[candidate.start]
        if not paths:
            continue
        glyph = run.glyph(candidate)
        likely = [
            (label, candidate.price + prices.doubt(p), Placed(label, glyph))
            for label, p in zip(labels, glyph.probabilities.tolist(), strict=True)
            if p >= PARAMS.min_label
        ]
        for state, path in paths.items():
            edges = automaton.edges[state]
            for label, cost, placed in likely:
                if label in edges:
                    longer = _Path(path.cost + cost, placed, path)
                    _reach(places[candidate.stop], edges[label], longer)
    return places[-1]


def _reach(found: _Reached, state: int, path: _Path) -> None:
    known = found.get(state)
    if path.cost < (math.inf if known is None else known.cost):
        found[state] = path
