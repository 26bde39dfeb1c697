"""What the rules of sudoku say about doubtful digits.

Each digit stands once in each row, column and box. How probable a digit is in a cell by all other
cells is a sum over the solutions, of which a search with bounds finds all that are not far less
probable than the best. Where there are too many of them, belief propagation stands for the sum
(Moon and Gunther, "Multiple constraint satisfaction by belief propagation: an example using
sudoku", 2006). People make mistakes, and what they wrote is to be read: so a written digit may
differ from that of the solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import SURE

Probabilities = NDArray[np.float64]
Digits = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Params:
    """When a grid is a sudoku, and how far its rules are trusted."""

    #: Share of the cells in which a person writes a wrong digit; chosen: one in a dozen puzzles.
    mistake: float = 0.001
    #: Share of the cells of which a network is quite wrong, whatever it says; chosen: less than
    #: people's mistakes, so that what is plainly written is not bent.
    misread: float = 0.0005
    #: Pairs of equal digits that a grid of any digits would have by chance, at least; chosen:
    #: with fewer digits nothing tells whether it is a sudoku.
    by_chance: float = 2.0
    #: Share of them that a sudoku has at most; chosen: some digits are misread.
    repeated: float = 0.15
    #: Nats by which a solution is less probable than the best, at most; chosen: others are less
    #: probable than one in 20,000.
    depth: float = 10.0
    #: Steps of the search, at most; chosen: bounds the work, 0.2 s; filled puzzles take 100 to 500.
    max_steps: int = 3000
    #: Passes that make the bounds of the search tight, and how far the first one goes, nats;
    #: chosen: 300 passes take 15 ms.
    tightenings: int = 300
    first_step: float = 1.0
    #: Passes of belief propagation, and how far each keeps the messages of the one before; chosen:
    #: 40 of 40 newspaper sudokus are solved after 30.
    passes: int = 60
    damping: float = 0.5
    #: Times that the rows and columns of a matrix of beliefs are divided by their sums; chosen.
    balancings: int = 8
    #: Probability that a digit has at most where a network was sure of another; chosen: it is
    #: doubtful then.
    bent: float = 0.8
    #: And anywhere else; chosen: belief propagation is too sure of itself.
    most: float = 0.999


PARAMS = Params()
#: Rows and columns of a box.
ORDER = 3
#: Replaces 0 where logarithms are taken.
_TINY = 1e-12


def posterior(
    probabilities: Probabilities, filled: NDArray[np.bool_], order: int = ORDER
) -> Probabilities | None:
    """How probable each digit is in each cell, by the network and by the rules of sudoku.

    Parameters
    ----------
    probabilities : (n, n) cells of (n,) float, n = order ** 2
        The network's, for the digits 1 to n, in each row of cells; the rest to 1 is for what is no
        such digit. Those of empty cells do not matter.
    filled : (n, n) array of bool
        Which cells hold a digit.
    order : int
        Rows and columns of a box.

    Returns
    -------
    (n, n, n) array of float or None
        Each cell's sum up to 1, or to 0 in empty ones. None: this is plainly no sudoku, or holds
        too little to tell.
    """
    size = order**2
    own = np.asarray(probabilities, np.float64).reshape(size**2, size)
    is_filled = np.asarray(filled, bool).reshape(-1)
    if not _is_sudoku(own, is_filled, order):
        return None
    floored = own + PARAMS.misread / size
    written = np.where(is_filled[:, None], floored / floored.sum(axis=1, keepdims=True), 1 / size)
    wrong = PARAMS.mistake / (size - 1)
    right = 1 - PARAMS.mistake - wrong
    logs = np.log(right * written + wrong)
    others = _by_solutions(logs, order)
    if others is None:
        others = _by_beliefs(logs, order)
    found = written * (right * others + wrong)
    found /= found.sum(axis=1, keepdims=True)
    return np.where(is_filled[:, None], _doubted(found, own), 0.0).reshape(size, size, size)


def repeats(digits: Digits, order: int = ORDER) -> NDArray[np.bool_]:
    """Which cells hold a digit that stands once more in their row, column or box.

    Parameters
    ----------
    digits : (n, n) array of int
        0: the cell is empty.
    order : int
        Rows and columns of a box.
    """
    flat = np.asarray(digits).reshape(-1)
    same = (flat[:, None] == flat) & (flat > 0) & _peers(order)
    return np.asarray(same.any(axis=1)).reshape(order**2, order**2)


def _doubted(found: Probabilities, own: Probabilities) -> Probabilities:
    """Cells whose digit the network alone surely reads as another are doubtful; none is certain."""
    best, seen = found.argmax(axis=1), own.argmax(axis=1)
    is_bent = (best != seen) & (own.max(axis=1) >= SURE)
    most = np.where(is_bent, PARAMS.bent, PARAMS.most)
    cells = np.arange(len(found))
    top = found[cells, best]
    share = np.where(top > most, (1 - most) / np.maximum(1 - top, _TINY), 1.0)
    capped = found * share[:, None]
    capped[cells, best] = np.minimum(top, most)
    return np.asarray(capped / capped.sum(axis=1, keepdims=True), np.float64)


def _is_sudoku(own: Probabilities, is_filled: NDArray[np.bool_], order: int) -> bool:
    """Whether what is surely read hardly repeats in any row, column and box."""
    sure = is_filled & (own.max(axis=1) >= SURE)
    pairs = np.triu(_peers(order) & sure[:, None] & sure)
    digits = own.argmax(axis=1)
    repeated = int((pairs & (digits[:, None] == digits)).sum())
    by_chance = pairs.sum() / order**2
    return bool(by_chance >= PARAMS.by_chance and repeated <= PARAMS.repeated * by_chance)


def _by_solutions(logs: Probabilities, order: int) -> Probabilities | None:
    """Probability of each digit of the solution by all cells but its own: (cells, digits).

    None: there are too many solutions, or none.
    """
    found = _solutions(_tightened(logs, order), _peers(order))
    if not found:
        return None
    solutions = np.array([digits for digits, _ in found])
    weights = np.array([log for _, log in found])
    cells = np.arange(len(logs))
    others = np.zeros_like(logs)
    without = np.exp(weights[:, None] - logs[cells, solutions] - weights.max())
    np.add.at(others, (cells, solutions), without)
    return np.asarray(others / others.sum(axis=1, keepdims=True), np.float64)


def _tightened(logs: Probabilities, order: int) -> Probabilities:
    """Logarithms that add up to the same for each solution but for a constant, and hardly to more
    for anything else.

    A digit stands once in a unit: what all its cells lose for it, each solution loses once. The
    loss grows where several cells of the unit want the digit (Lagrangian relaxation by
    subgradients; Held and Karp 1971).
    """
    units = _units(order)
    lost = np.zeros((len(units), order**2))
    for step in range(PARAMS.tightenings):
        left = logs - _summed(np.repeat(lost[:, None], order**2, axis=1), units, logs)
        wanted = np.exp(left - left.max(axis=1, keepdims=True))
        wanted /= wanted.sum(axis=1, keepdims=True)
        lost += PARAMS.first_step / (1 + step) ** 0.5 * (wanted[units].sum(axis=1) - 1)
    return np.asarray(logs - _summed(np.repeat(lost[:, None], order**2, axis=1), units, logs))


def _solutions(logs: Probabilities, peers: NDArray[np.bool_]) -> list[tuple[Digits, float]]:
    """All solutions that are not far less probable than the best, and their logarithms.

    Depth first; next comes the cell whose best digit is the furthest ahead of its second. Empty if
    there are too many, or none.
    """
    found = list[tuple[Digits, float]]()
    best, steps = -np.inf, 0
    waiting = [(logs, np.full(len(logs), -1), 0.0)]
    while waiting:
        steps += 1
        if steps > PARAMS.max_steps:
            return []
        left, digits, log = waiting.pop()
        is_open = digits < 0
        tops = left[is_open].max(axis=1, initial=-np.inf)
        if log + tops.sum() < best - PARAMS.depth:
            continue
        if not is_open.any():
            best = max(best, log)
            found.append((digits, log))
            continue
        if not np.isfinite(tops).all():
            continue
        ordered = np.sort(left[is_open], axis=1)
        cell = int(np.flatnonzero(is_open)[(ordered[:, -1] - ordered[:, -2]).argmax()])
        for digit in np.argsort(left[cell]):  # the last one goes on top, and is tried first
            if np.isfinite(left[cell, digit]):
                after, chosen = left.copy(), digits.copy()
                after[peers[cell], digit] = -np.inf
                chosen[cell] = digit
                waiting.append((after, chosen, log + logs[cell, digit]))
    return [(digits, log) for digits, log in found if log >= best - PARAMS.depth]


def _by_beliefs(logs: Probabilities, order: int) -> Probabilities:
    """As `_by_solutions`, nearly."""
    units = _units(order)
    messages = np.zeros((len(units), order**2, order**2))
    for _ in range(PARAMS.passes):
        beliefs = logs + _summed(messages, units, logs)
        without = beliefs[units] - messages
        balanced = np.exp(without - without.max(axis=2, keepdims=True)) + _TINY
        for _ in range(PARAMS.balancings):
            balanced /= balanced.sum(axis=2, keepdims=True)
            balanced /= balanced.sum(axis=1, keepdims=True)
        new = np.log(balanced + _TINY) - without
        new -= new.mean(axis=2, keepdims=True)
        messages = PARAMS.damping * messages + (1 - PARAMS.damping) * new
    total = _summed(messages, units, logs)
    others = np.exp(total - total.max(axis=1, keepdims=True))
    return np.asarray(others / others.sum(axis=1, keepdims=True), np.float64)


def _summed(messages: Probabilities, units: Digits, like: Probabilities) -> Probabilities:
    """The messages of the units, added up by cell."""
    total = np.zeros_like(like)
    np.add.at(total, units, messages)
    return total


@cache
def _units(order: int) -> Digits:
    """Indexes of the cells of each row, column and box: (3 n, n)."""
    size = order**2
    cells = np.arange(size**2).reshape(size, size)
    boxes = cells.reshape(order, order, order, order).swapaxes(1, 2).reshape(size, size)
    return np.concatenate([cells, cells.T, boxes])


@cache
def _peers(order: int) -> NDArray[np.bool_]:
    """Whether two cells share a row, column or box; no cell is a peer of itself."""
    peers = np.zeros((order**4, order**4), bool)
    for unit in _units(order):
        peers[np.ix_(unit, unit)] = True
    np.fill_diagonal(peers, val=False)
    return peers
