"""Pieces of lines that touch -> rows and columns of lines, and their crossings.

Level pieces that continue one another are one row of the lattice, upright ones one column. What is
no line between others (strokes of digits) reaches no further line, and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.tables.chains import Chain
from inkread.core.tables.line_maps import LineMaps
from inkread.core.tables.slopes import slope_field

Plane = NDArray[np.float64]
Flags = NDArray[np.bool_]
Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the lattices. A side is a cell's."""

    # px across by which pieces of one line are off; chosen: the width of a line.
    off: float = 4.0
    # Sides, lines nearer to one another are one double line; chosen: no cell is so narrow.
    double: float = 0.22
    # Shares of the longest line of a direction that begin a lattice, one tried after the other;
    # chosen: perspective shortens lines less; a line that runs into a text is longer than others.
    long: tuple[float, ...] = (0.75, 0.4)
    # The same of all its pieces together; chosen: thick lines across break it.
    full: float = 0.9
    # Share of a side that is marked where there is a line; measured: dots and faint lines have
    # 0.6, strokes that touch a line 0.4.
    marked: float = 0.55
    # Share of a row's sides that are marked if it is one; chosen: two strokes of digits in line
    # are rare.
    support: float = 0.45
    # Sides that are marked if it is one; chosen: a line through two cells.
    min_sides: int = 2
    # Share of a row's sides that are marked where it has that many; chosen: a split header.
    few: float = 0.25
    # Contrast of a line's px over the line's median; chosen: dots that are blurred.
    inked: float = 0.35
    # Share of a side at its ends that is marked too; chosen: a digit in a cell does not reach them.
    end: float = 0.15
    # Share of those ends; chosen: a gap of a faint line is somewhere else.
    end_marked: float = 0.7
    # Height over the usual one, of an outer row without columns; chosen: a frame around a table.
    low: float = 0.4
    # Share of its way that is covered above which a line need not be straight; chosen: digits in
    # line have gaps.
    sure: float = 0.8
    # Share of its length that a line without gaps covers; chosen: a fold, a blot.
    unbroken: float = 0.95
    # px, lean of other lines at most; chosen: strokes of digits in line differ by their slant.
    max_lean: float = 3.0
    # Size of a cell over the usual one in a regular grid; chosen: sudokus and combs.
    regular: float = 0.15
    # Lines of a grid that may be called regular; chosen: five cells.
    regular_lines: int = 5
    # px beside the middle of a line where its width is looked at; chosen: of the thickest line.
    half: int = 8
    # px beyond the pieces' ends where they still touch; chosen: the width of a thick line.
    reach: int = 8
    # Sides by which lines stand out where cells are open; chosen: lines drawn by hand stand out
    # less.
    open: float = 0.4
    # Width over height of a narrow column; chosen: two digits.
    narrow: float = 1.4
    # Share of lines that stand out there; chosen: most.
    open_lines: float = 0.6
    # px between places where the model of a line is looked at; chosen: paper bends little there.
    model: int = 24
    # Length of a line over that of the longest; chosen: one side of ten.
    least: float = 0.1
    # Lines of one direction; chosen: bounds the work.
    max_lines: int = 120
    # Pieces of one direction; chosen: bounds the work.
    max_chains: int = 600


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of a lattice, of one direction, over its whole range.

    Attributes
    ----------
    across : (n,) array of float64
        Its middle at each px along, 0 to n.
    level : float
        Where it lies across, at the middle of the lattice, px.
    covered : (n,) array of bool
        Where there is a piece of it.
    width : float
        px.
    lean : float
        px by which its pieces do not run as the others of its direction.
    """

    across: Plane
    level: float
    covered: Flags
    width: float
    lean: float


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Lines of one direction side by side: where each lies across, (n,) and (n, along)."""

    levels: Plane
    across: Plane

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Stack:
        return cls(np.array([line.level for line in lines]), np.stack([e.across for e in lines]))


def lines_of(
    chains: Sequence[Chain],
    span: tuple[int, int],
    across: tuple[int, int],
    ink: Grey,
    is_faint: bool = False,
) -> list[Line]:
    """Pieces of one direction put together to lines, in order across.

    Parameters
    ----------
    chains : sequence of Chain
        At least one.
    span : (int, int)
        The lattice's range along, px.
    across : (int, int)
        The same across.
    ink : (across, along) array of uint8
        How far each px of the picture stands out.
    is_faint : bool
        Whether lines run on between their pieces wherever there is ink.
    """
    chains = sorted(chains, key=lambda chain: -chain.length)[: PARAMS.max_chains]
    middle = (span[0] + span[1]) / 2, (across[0] + across[1]) / 2
    size = max(span[1] - span[0], across[1] - across[0]) / 2
    field = slope_field(chains, middle, size)
    at = np.array([chain.middle for chain in chains])
    levels = field.carried(at[:, 0], at[:, 1], middle[0])
    groups = _grouped(chains, levels)
    places = np.array([level for level, _ in groups])
    known = np.linspace(span[0], span[1] - 1, max(2, (span[1] - span[0]) // PARAMS.model + 1))
    models = field.carried(
        np.full((len(places), 1), middle[0]), places[:, np.newaxis], known[np.newaxis]
    )
    along = np.arange(span[0], span[1])
    lines = [
        _line(
            [chains[i] for i in group], level, np.interp(along, known, model), span, ink, is_faint
        )
        for (level, group), model in zip(groups, models, strict=True)
    ]
    return sorted(lines, key=lambda line: line.level)


def _grouped(chains: Sequence[Chain], levels: Plane) -> list[tuple[float, list[int]]]:
    """The pieces of each line, those of the longest first, and where it lies across."""
    groups: list[list[int]] = []
    places = np.full(len(chains), np.inf)
    for index, level in enumerate(levels.tolist()):
        off = np.abs(places[: len(groups)] - level)
        best = int(off.argmin()) if groups else -1
        if best >= 0 and off[best] <= max(PARAMS.off, 1.5 * chains[index].width):
            groups[best].append(index)
        else:
            places[len(groups)] = level
            groups.append([index])
    lengths = [sum(chains[i].length for i in group) for group in groups]
    order = np.argsort(lengths, kind="stable")[::-1][: PARAMS.max_lines]
    least = PARAMS.least * max(lengths)
    return [(float(places[i]), groups[i]) for i in order.tolist() if lengths[i] >= least]


def _line(
    chains: Sequence[Chain],
    level: float,
    model: Plane,
    span: tuple[int, int],
    ink: Grey,
    is_faint: bool,
) -> Line:
    length = span[1] - span[0]
    total, weight = np.zeros(length), np.zeros(length)
    for chain in chains:
        low, high = max(chain.start, span[0]), min(chain.end, span[1])
        at = slice(low - span[0], high - span[0])
        total[at] += chain.across[low - chain.start : high - chain.start] * chain.length
        weight[at] += chain.length
    covered = weight > 0
    if not covered.any():
        return Line(model, level, covered, 1.0, 0.0)
    known = np.flatnonzero(covered)
    off = total[known] / weight[known] - model[known]
    ordered = np.sort(off)
    lean = float(ordered[int(0.95 * (len(off) - 1))] - ordered[int(0.05 * (len(off) - 1))])
    off = _smooth(off, max(3, min(25, len(known) // 4)))
    across = model + np.interp(np.arange(length), known, off)
    inked = _is_inked(ink, across, covered, span[0])
    inked[: max(0, int(known[0]) - PARAMS.reach)] = False
    inked[int(known[-1]) + PARAMS.reach :] = False
    covered = inked if is_faint else covered & inked
    return Line(across, level, covered, max(chains, key=lambda c: c.length).width, lean)


def _is_inked(ink: Grey, across: Plane, covered: Flags, start: int) -> Flags:
    """Where a line is dark itself, and between its dots; pieces are longer by what they are
    averaged over.
    """
    along = np.arange(start, start + len(across))
    rows = np.rint(across).astype(np.intp) + np.arange(-2, 3)[:, np.newaxis]
    seen = ink[np.clip(rows, 0, ink.shape[0] - 1), along].max(axis=0)
    least = PARAMS.inked * float(np.median(seen[covered]))
    on = np.asarray(seen >= max(1.0, least), np.uint8)[np.newaxis]
    kernel = np.ones((1, PARAMS.reach), np.uint8)
    return np.asarray(cv2.morphologyEx(on, cv2.MORPH_CLOSE, kernel)[0] > 0)


def _smooth(values: Plane, window: int) -> Plane:
    """A running median, then mean."""
    half = window // 2
    padded = np.pad(values, half, mode="edge")
    views = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    medians = np.partition(views, half, axis=1)[:, half]
    size = (1, 2 * half + 1)
    return np.asarray(cv2.blur(medians[np.newaxis], size[::-1], borderType=cv2.BORDER_REPLICATE)[0])


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Rows and columns of lines that cross.

    Attributes
    ----------
    nodes : (rows + 1, columns + 1, 2) array of float64
        x, y of the crossings.
    level_edges, upright_edges : arrays of float64
        Share of each side that is marked: (rows + 1, columns), (rows, columns + 1).
    widths : (float, float)
        Of level and upright lines, px.
    lines : (int, int)
        How many level and upright lines there are; open sides have none.
    """

    nodes: Plane
    level_edges: Plane
    upright_edges: Plane
    widths: tuple[float, float]
    lines: tuple[int, int]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of places."""
        return self.nodes.shape[0] - 1, self.nodes.shape[1] - 1

    @property
    def sizes(self) -> tuple[Plane, Plane]:
        """Widths of the columns and heights of the rows, px."""
        across = np.linalg.norm(np.diff(self.nodes, axis=1), axis=-1)
        down = np.linalg.norm(np.diff(self.nodes, axis=0), axis=-1)
        return np.median(across, axis=0), np.median(down, axis=1)


def lattice_of(
    level: Sequence[Chain],
    upright: Sequence[Chain],
    maps: LineMaps,
    box: tuple[int, int, int, int],
    is_faint: bool = False,
) -> Lattice | None:
    """The lattice of level and upright pieces; None if they make none.

    Parameters
    ----------
    level, upright : sequence of Chain
        That touch one another.
    maps : LineMaps
        Where they were traced.
    box : (left, top, right, bottom)
        Around all of them, px.
    is_faint : bool
        Whether lines run on between their pieces wherever there is ink.
    """
    left, top, right, bottom = box
    rows = lines_of(level, (left, right), (top, bottom), maps.ink, is_faint)
    columns = lines_of(upright, (top, bottom), (left, right), maps.ink.T, is_faint)
    rows, columns = _crossing(rows, columns, box)
    if not rows or not columns:
        return None
    return _measured(rows, columns, maps, box)


def _crossing(
    rows: list[Line], columns: list[Line], box: tuple[int, int, int, int]
) -> tuple[list[Line], list[Line]]:
    """The lines that reach from one to another of the other direction."""
    found: tuple[list[Line], list[Line]] = [], []
    for share in PARAMS.long:
        found = _crossing_from(_long(rows, share), _long(columns, share), rows, columns, box)
        if min(map(len, found)) > 1:
            break
    return found


def _crossing_from(
    long_rows: list[Line],
    long_columns: list[Line],
    rows: list[Line],
    columns: list[Line],
    box: tuple[int, int, int, int],
) -> tuple[list[Line], list[Line]]:
    """The same, beginning with some lines."""
    for _ in range(4):
        if not long_rows or not long_columns:
            return [], []
        more_rows = _supported(rows, long_columns, box[0], box[1])
        more_columns = _supported(columns, long_rows, box[1], box[0])
        if len(more_rows) == len(long_rows) and len(more_columns) == len(long_columns):
            break
        long_rows, long_columns = more_rows, more_columns
    return long_rows, long_columns


def _long(lines: Sequence[Line], share: float) -> list[Line]:
    """The lines with the longest unbroken pieces: digits in line have gaps between."""
    runs = [_longest_run(line.covered) for line in lines]
    most = max(runs, default=0)
    widest = max((int(line.covered.sum()) for line in lines), default=0)
    long = [
        line
        for line, run in zip(lines, runs, strict=True)
        if run >= share * most or line.covered.sum() >= PARAMS.full * widest
    ]
    return _without_doubles([(line, float(line.covered.sum())) for line in long])


def _longest_run(covered: Flags) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], covered.view(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _supported(
    lines: Sequence[Line], others: Sequence[Line], along: int, across: int
) -> list[Line]:
    """The lines that are marked along enough sides between others, in order; doubles are one."""
    kept: list[tuple[Line, float]] = []
    stack = Stack.of(others)
    for line in lines:
        places = _places(line, stack, along, across)
        marks = _marks(line, places)
        is_marked = marks >= PARAMS.marked
        count = int(is_marked.sum())
        lengths = np.diff(places)
        share = float(lengths[is_marked].sum() / max(1.0, lengths.sum()))
        if len(others) == 1:
            if _beyond(line, places) < 2 * PARAMS.reach:
                continue
        elif share < (PARAMS.few if count >= PARAMS.min_sides else PARAMS.support):
            continue
        if _covers(line, places) < PARAMS.sure and line.lean > PARAMS.max_lean:
            continue
        kept.append((line, float(line.covered.sum())))
    lines = _without_doubles(kept)
    return _without_intruders(lines, len(others) == 2)


def _is_broken(line: Line) -> bool:
    """Whether a line has gaps between its ends."""
    known = np.flatnonzero(line.covered)
    return bool(known.size and known.size < PARAMS.unbroken * (known[-1] - known[0] + 1))


def _covers(line: Line, places: Plane) -> float:
    """Share of the way between the first and last place that is covered."""
    low, high = (int(v) for v in np.clip(np.rint(places[[0, -1]]), 0, len(line.covered)))
    return float(line.covered[low:high].mean()) if high > low else 1.0


def _without_intruders(lines: list[Line], is_one_row: bool) -> list[Line]:
    """The lines of a regular grid without those that divide one of its cells: tall digits.

    In more than one row a line without gaps is none of digits.
    """
    while len(lines) > PARAMS.regular_lines:
        gaps = np.diff([line.level for line in lines])
        usual = float(np.quantile(gaps, 0.7))  # the median where digits divide many
        is_usual = np.abs(gaps / usual - 1) < PARAMS.regular
        both = np.abs((gaps[:-1] + gaps[1:]) / usual - 1) < PARAMS.regular
        divided = np.flatnonzero(both & ~is_usual[:-1] & ~is_usual[1:])
        if not is_one_row:
            divided = divided[[_is_broken(lines[i + 1]) for i in divided.tolist()]]
        if not divided.size or is_usual.sum() + 2 * divided.size < len(gaps):
            break
        del lines[int(divided[0]) + 1]
    return lines


def _without_doubles(kept: list[tuple[Line, float]]) -> list[Line]:
    kept.sort(key=lambda pair: pair[0].level)
    while len(kept) > 2:
        gaps = np.diff([line.level for line, _ in kept])
        near = int(gaps.argmin())
        if gaps[near] >= max(PARAMS.off, PARAMS.double * float(np.median(gaps))):
            break
        first, second = kept[near], kept[near + 1]
        kept[near : near + 2] = [_joined(first, second)]
    return [line for line, _ in kept]


def _joined(first: tuple[Line, float], second: tuple[Line, float]) -> tuple[Line, float]:
    """One line in the middle of two, or the longer one."""
    (one, much), (other, more) = first, second
    if min(much, more) < 0.5 * max(much, more):
        return first if much >= more else second
    width = abs(other.level - one.level) + (one.width + other.width) / 2
    across = (one.across + other.across) / 2
    level = (one.level + other.level) / 2
    lean = max(one.lean, other.lean)
    return Line(across, level, one.covered | other.covered, width, lean), max(much, more)


def _places(line: Line, others: Stack, along: int, across: int) -> Plane:
    """Where a line meets others, along it, px from its start."""
    found = others.levels - along
    for _ in range(3):
        at = np.clip(np.rint(found), 0, len(line.across) - 1).astype(np.intp)
        own = np.rint(line.across[at] - across).astype(np.intp)
        own = np.clip(own, 0, others.across.shape[1] - 1)
        found = others.across[np.arange(len(own)), own] - along
    return np.asarray(found)


def _marks(line: Line, places: Plane) -> Plane:
    """Share of each stretch between two places that is covered; 0 where it is not at both ends."""
    shares, ends = _shares(line, places)
    return np.where(ends.min(axis=0) >= PARAMS.end_marked, shares, 0.0)


def _edge_marks(line: Line, places: Plane) -> Plane:
    """The same, by as much as ends are covered: a stroke reaches none or one of them."""
    shares, ends = _shares(line, places)
    return np.asarray(shares * (ends >= PARAMS.end_marked).mean(axis=0))


def _shares(line: Line, places: Plane) -> tuple[Plane, Plane]:
    """Covered shares of each stretch between two places, of all and of its ends, (2, n)."""
    sums = np.concatenate(([0], np.cumsum(line.covered)))

    def share(start: Plane, stop: Plane) -> Plane:
        first = np.clip(np.rint(start), 0, len(line.covered)).astype(np.intp)
        last = np.clip(np.rint(stop), 0, len(line.covered)).astype(np.intp)
        return np.asarray((sums[last] - sums[first]) / np.maximum(1, last - first))

    low, high = places[:-1], places[1:]
    inset = np.minimum(PARAMS.reach / 2, 0.1 * (high - low))
    low, high = low + inset, high - inset
    end = PARAMS.end * (high - low)
    return share(low, high), np.stack([share(low, low + end), share(high - end, high)])


def _trimmed(nodes: Plane, along: Plane, between: Plane) -> tuple[Plane, Plane, Plane]:
    """Nodes and shares of edges without first and last rows that are no cells.

    A line beyond the grid to which hardly a line of the other direction leads is another's: the
    edge of a page, a frame, an underline.
    """
    while len(nodes) > 3:
        heights = np.median(np.linalg.norm(np.diff(nodes, axis=0), axis=-1), axis=1)
        usual = float(np.median(heights))
        for last in (0, -1):
            marks = between[last] >= PARAMS.marked
            is_low = heights[last] < PARAMS.low * usual
            is_other = along[last].any() and not marks.any()
            if is_other or (is_low and marks[1:-1].sum() < 0.5 * max(1, len(marks) - 2)):
                keep = slice(1, None) if last == 0 else slice(None, -1)
                nodes, along, between = nodes[keep], along[keep], between[keep]
                break
        else:
            break
    return nodes, along, between


def _beyond(line: Line, places: Plane) -> float:
    """px by which a line reaches beyond the first and the last place, the lesser of both."""
    known = np.flatnonzero(line.covered)
    if not known.size or not len(places):
        return 0.0
    return float(min(places[0] - known[0], known[-1] - places[-1]))


def _measured(
    rows: Sequence[Line],
    columns: Sequence[Line],
    maps: LineMaps,
    box: tuple[int, int, int, int],
) -> Lattice | None:
    left, top, _, _ = box
    nodes = np.zeros((len(rows), len(columns), 2))
    stack = Stack.of(columns)
    for r, row in enumerate(rows):
        x = _places(row, stack, left, top)
        nodes[r, :, 0] = x + left
        nodes[r, :, 1] = np.interp(x, np.arange(len(row.across)), row.across)
    inner = nodes
    nodes = _opened(nodes, rows, columns, (left, top))
    if min(nodes.shape[:2]) < 2:
        return None
    # Where the real lines are among those of open sides.
    first = np.argwhere((nodes == inner[0, 0]).all(axis=-1))[0]
    level_edges = np.zeros((nodes.shape[0], nodes.shape[1] - 1))
    for index, row in enumerate(rows, int(first[0])):
        level_edges[index] = _edge_marks(row, nodes[index, :, 0] - left)
    upright_edges = np.zeros((nodes.shape[0] - 1, nodes.shape[1]))
    for index, column in enumerate(columns, int(first[1])):
        upright_edges[:, index] = _edge_marks(column, nodes[:, index, 1] - top)
    nodes, level_edges, upright_edges = _trimmed(nodes, level_edges, upright_edges)
    nodes, upright_edges, level_edges = (
        plane.swapaxes(0, 1)
        for plane in _trimmed(*(p.swapaxes(0, 1) for p in (nodes, upright_edges, level_edges)))
    )
    if min(nodes.shape[:2]) < 2:
        return None
    widths = (
        _line_width(maps.ink, nodes, level_edges, True),
        _line_width(maps.ink, nodes, upright_edges, False),
    )
    return Lattice(nodes, level_edges, upright_edges, widths, (len(rows), len(columns)))


def _opened(
    nodes: Plane, rows: Sequence[Line], columns: Sequence[Line], origin: tuple[int, int]
) -> Plane:
    """The nodes with those of open sides: where most lines stand out, cells end with them."""
    left, top = origin
    wide, high = _typical_step(nodes, 1), _typical_step(nodes, 0)
    starts = np.array([_ends(row) for row in rows], np.float64) + left
    # A narrow column beside wide ones is about as wide as high at least.
    wide = min(wide, PARAMS.narrow * high) if high > 0 else wide
    before = _overhang(nodes[:, 0, 0] - starts[:, 0], wide)
    after = _overhang(starts[:, 1] - nodes[:, -1, 0], wide)
    ends = np.array([_ends(column) for column in columns], np.float64) + top
    above = _overhang(nodes[0, :, 1] - ends[:, 0], high)
    below = _overhang(ends[:, 1] - nodes[-1, :, 1], high)
    steps = [
        _steps_along(rows, nodes[:, 0], -before, 0, left),
        _steps_along(rows, nodes[:, -1], after, 0, left),
        _steps_along(columns, nodes[0], -above, 1, top),
        _steps_along(columns, nodes[-1], below, 1, top),
    ]
    sides = int(before > 0), int(after > 0)
    first = [nodes[:, :1] + steps[0][:, np.newaxis]] * sides[0]
    last = [nodes[:, -1:] + steps[1][:, np.newaxis]] * sides[1]
    nodes = np.concatenate([*first, nodes, *last], axis=1)
    # Beside an open side, the corner is as far out as its neighbour.
    up, down = (np.pad(step, (sides, (0, 0)), mode="edge") for step in steps[2:])
    first = [nodes[:1] + up] * (above > 0)
    last = [nodes[-1:] + down] * (below > 0)
    return np.concatenate([*first, nodes, *last], axis=0)


def _typical_step(nodes: Plane, axis: int) -> float:
    """Median distance of neighbouring nodes, px; 0 if there is one line alone."""
    steps = np.linalg.norm(np.diff(nodes, axis=axis), axis=-1)
    return float(np.median(steps)) if steps.size else 0.0


def _ends(line: Line) -> tuple[int, int]:
    known = np.flatnonzero(line.covered)
    return (int(known[0]), int(known[-1])) if known.size else (0, 0)


def _overhang(lengths: Plane, side: float) -> float:
    """By how much most lines stand out on a side whose cells are open, px; 0: it is closed."""
    least = PARAMS.open * side if side > 0 else 2.5 * PARAMS.reach
    out = lengths[lengths >= least]
    is_open = out.size >= 2 and out.size >= PARAMS.open_lines * lengths.size
    return float(np.median(out)) if is_open else 0.0


def _steps_along(
    lines: Sequence[Line], nodes: Plane, length: float, axis: int, origin: int
) -> Plane:
    """From the last nodes of some lines to the places some px further along them, (n, 2)."""
    steps = np.zeros((len(lines), 2))
    steps[:, axis] = length
    for index, line in enumerate(lines):
        along = nodes[index, axis] - origin
        places = np.array([along, along + length])
        here, there = np.interp(places, np.arange(len(line.across)), line.across)
        steps[index, 1 - axis] = there - here
    return steps


def _line_width(ink: Grey, nodes: Plane, shares: Plane, is_level: bool) -> float:
    """Median width of the lines where they are half as dark as in their middles, px."""
    is_line = shares >= PARAMS.marked
    first = (nodes[:, :-1] if is_level else nodes[:-1])[is_line][:, np.newaxis]
    last = (nodes[:, 1:] if is_level else nodes[1:])[is_line][:, np.newaxis]
    if not len(first):
        return 1.0
    places = first + np.linspace(0.15, 0.85, 15)[:, np.newaxis] * (last - first)
    x, y = np.rint(places[..., :1]).astype(np.intp), np.rint(places[..., 1:]).astype(np.intp)
    off = np.arange(-PARAMS.half, PARAMS.half + 1)
    x, y = (x, y + off) if is_level else (x + off, y)
    seen = ink[np.clip(y, 0, ink.shape[0] - 1), np.clip(x, 0, ink.shape[1] - 1)]
    near = seen[..., PARAMS.half - 2 : PARAMS.half + 3].max(axis=-1)
    on = seen >= np.maximum(1, near / 2)[..., np.newaxis]
    # As far as the px around the middle are unbroken.
    right = np.cumprod(on[..., PARAMS.half :], axis=-1).sum(axis=-1)
    left = np.cumprod(on[..., PARAMS.half :: -1], axis=-1).sum(axis=-1)
    widths = np.where(right * left > 0, right + left - 1, np.maximum(right, left))
    return float(np.clip(np.median(widths), 1, None))
