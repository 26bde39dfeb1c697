"""Finds the ruling lines of ruled and squared paper.

A ruling line is a straight thin line, level or upright but for some tilt, that runs over much of
the page: found by the Hough transform (Duda and Hart 1972), one by one, so that they need not be
parallel. No digit is so long beside others; where nothing else is written, only lines in great
number count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.page.box_sides import without_sides
from inkread.core.page.straight_lines import Ends, StraightLine
from inkread.core.picture.downsample import fitted
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the search; lengths are px of the reduced page."""

    # Longer side of the reduced page, px; chosen: lines of a pixel keep half their contrast.
    side: int = 640
    # px; chosen: a smaller page has no room for ruling lines and digits.
    min_side: int = 100
    # Grey levels; chosen: a third of the faintest line in tests/synthetic.py (10 % of 240).
    min_contrast: float = 8.0
    # Share of the page that is surely background; chosen: ink and lines cover less than the rest.
    background_quantile: float = 0.25
    # Standard deviations of the noise, which reducing lessens; chosen: one px in 30,000.
    min_noises: float = 4.0
    # Share of the page; chosen: squared paper covers less at any size.
    max_marked: float = 0.45
    # Degrees off level and upright; chosen: a page held by hand lies straighter.
    max_tilt: float = 12.0
    # Share of the page's side that a line runs over; chosen: no digit beside others is so long.
    min_length: float = 0.5
    # The same for further lines where there are many; chosen: those cut off by a corner.
    min_short_length: float = 0.15
    # Radians by which further lines are turned against the others; chosen: the perspective.
    parallel: float = 0.02
    # Hough votes, share of the length; chosen: a line may be crossed or faint for the rest.
    votes: float = 0.6
    # Lines; chosen: 640 px hold no more at the least distance that squares have.
    max_lines: int = 90
    # Candidate lines that are fitted; chosen: bounds the work.
    max_tried: int = 300
    # The same in a row that are no lines; measured: at most 19 before the next line, in 96 photos
    # of ``tests.benchmarks.photos --only medium``, seeds 20 to 23.
    max_vain: int = 60
    # px between lines; chosen: closer ones are the two edges of one.
    apart: float = 4.0
    # px beside a thin line where there is background; chosen: lines of 7 px are ink.
    beside: int = 4
    # px on both sides to which a line is fitted; chosen: the blur of a thin line.
    near: int = 2
    # Share of its length where a line is marked; chosen: it is faint or in a gap for the rest.
    marked: float = 0.55
    # Share of its length where it is thin; chosen: digits that stand on it cover the rest.
    thin: float = 0.4
    # Share of its length where a lone line is marked; chosen: a drawn dash is shorter.
    lone_marked: float = 0.8
    # Lines; chosen: handwriting has fewer.
    many: int = 5
    # Length over the height of the writing; chosen: a fraction bar is shorter.
    longer: float = 3.0
    # Share of the writing's area that sets its height; chosen: leaves out joined digits.
    height_quantile: float = 0.75
    # Area of the writing over that of the lines; chosen: a digit or two on a ruled page has more.
    written: float = 0.08
    # The same beside upright lines alone; chosen: a lone 1 beside a digit has less.
    written_beside: float = 1.2

    @property
    def thick(self) -> int:
        """A spot so wide both ways is no thin line, px."""
        return 2 * self.beside - 1


PARAMS = Params()


def find_rulings(ink: Grey, noise: float) -> list[StraightLine]:
    """The ruling lines of a page; none if they may be writing.

    Parameters
    ----------
    ink : (h, w) array of uint8
        Contrast of each pixel to the background.
    noise : float
        Its standard deviation, grey levels.
    """
    if min(ink.shape) < PARAMS.min_side:
        return []
    scale = min(1.0, PARAMS.side / max(ink.shape))
    small = _without_wide(fitted(ink, PARAMS.side))
    offset = float(np.quantile(small[::3, ::3], PARAMS.background_quantile))
    least = offset + max(PARAMS.min_contrast, PARAMS.min_noises * noise * scale)
    marked = np.asarray(small > least, np.uint8)
    if not 0 < np.count_nonzero(marked) < PARAMS.max_marked * marked.size:
        return []
    thin = _without_thick(marked)
    level, upright = _lines(thin, True), _lines(np.ascontiguousarray(thin.T), False)
    bare = without_sides(level, marked)
    if not upright:
        level = bare
    elif level and not bare:
        return []  # all of them are sides of boxes, and so are those across
    if not _are_rulings(level, upright, marked):
        return []
    middle = (1 / scale - 1) / 2  # of a reduced pixel, seen from its first one
    return [
        StraightLine(line.is_level, line.start / scale + middle * (1 - line.slope), line.slope)
        for line in level + upright
    ]


def _without_wide(ink: Grey) -> Grey:
    """Ink that is darker than its surroundings on both sides: a fold without its shade."""
    kernel = np.ones((PARAMS.thick, PARAMS.thick), np.uint8)
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_TOPHAT, kernel), np.uint8)


def _without_thick(marked: Grey) -> Grey:
    """The thin part of a mask: the lines of thick pens would look like hundreds of lines."""
    kernel = np.ones((PARAMS.thick, PARAMS.thick), np.uint8)
    thick = cv2.dilate(cv2.morphologyEx(marked, cv2.MORPH_OPEN, kernel), np.ones((3, 3), np.uint8))
    return np.asarray(np.where(thick > 0, 0, marked), np.uint8)


def _lines(marked: Grey, is_level: bool) -> list[StraightLine]:
    """Thin level lines of a mask that run over much of it, and shorter ones parallel to them."""
    tilt = np.radians(PARAMS.max_tilt)
    long = _found(marked, is_level, PARAMS.min_length, (-tilt, tilt), [])
    if len(long) < PARAMS.many:
        return long
    turns = np.arctan([line.slope for line in long])
    spread = float(turns.min()) - PARAMS.parallel, float(turns.max()) + PARAMS.parallel
    return _found(marked, is_level, PARAMS.min_short_length, spread, long)


def _found(
    marked: Grey,
    is_level: bool,
    length: float,
    turns: tuple[float, float],
    known: list[StraightLine],
) -> list[StraightLine]:
    """The known lines, and further ones that run over a share `length` of the mask."""
    width = marked.shape[1]
    lines = cv2.HoughLines(
        marked,
        1,
        np.pi / 360,
        round(PARAMS.votes * length * width),
        min_theta=np.pi / 2 + turns[0],
        max_theta=np.pi / 2 + turns[1],
    )
    kept, tried, vain = list(known), 0, 0
    ends = [line.ends(width) for line in kept]
    for rho, theta in () if lines is None else lines[: 30 * PARAMS.max_lines, 0].tolist():
        line = StraightLine(is_level, rho / math.sin(theta), -math.cos(theta) / math.sin(theta))
        if tried >= PARAMS.max_tried or vain >= PARAMS.max_vain:
            break
        if _is_known(line.ends(width), ends):
            continue
        tried += 1
        vain += 1
        line = _fitted(marked, line)
        if _is_known(line.ends(width), ends):
            continue
        if _marked_share(marked, line, length) is not None:
            kept.append(line)
            ends.append(line.ends(width))
            vain = 0
        if len(kept) >= PARAMS.max_lines:
            break
    return kept


def _is_known(one: Ends, others: list[Ends]) -> bool:
    """Whether a line meets another one on the page, or nearly does."""
    (start, end), apart = one, PARAMS.apart
    for other_start, other_end in others:
        first, last = start - other_start, end - other_end
        if first * last <= 0 or abs(first) < apart or abs(last) < apart:
            return True
    return False


def _fitted(marked: Grey, line: StraightLine) -> StraightLine:
    """The line moved to the middle of what is marked near it."""
    x = np.arange(marked.shape[1])
    rows, inside = line.strip(marked.shape, PARAMS.near)
    on = inside & (marked[rows, x] > 0)
    if np.count_nonzero(on) < 2:
        return line
    along, across = np.broadcast_to(x, rows.shape)[on], rows[on]
    middle = along.mean()
    spread = float(np.square(along - middle).sum())
    if spread == 0:
        return line
    slope = float(((along - middle) * across).sum()) / spread
    return StraightLine(line.is_level, float(across.mean() - slope * middle), slope)


def _marked_share(marked: Grey, line: StraightLine, length: float) -> float | None:
    """The share of its length where a line is marked; None if it is no thin line, or if it is
    shorter than the share `length` of the mask.
    """
    height, width = marked.shape
    x, y, beside = np.arange(width), line.rows(width), PARAMS.beside
    inside = (y >= beside) & (y < height - beside)
    x, y = x[inside], y[inside]
    if x.size < length * width:
        return None
    on = marked[y, x] | marked[y - 1, x] | marked[y + 1, x]
    thick = marked[y - beside, x] | marked[y + beside, x]
    share, thin = float(on.mean()), float((on & ~thick & 1).mean())
    return share if share >= PARAMS.marked and thin >= PARAMS.thin else None


def _are_rulings(
    level: Sequence[StraightLine], upright: Sequence[StraightLine], marked: Grey
) -> bool:
    """Whether nobody wrote the lines of a mask."""
    lines = (*level, *upright)
    if len(level) >= PARAMS.many or not lines:
        return bool(level)
    if not level or len(lines) == 1:
        shares = (
            _marked_share(marked if line.is_level else marked.T, line, PARAMS.min_length)
            for line in lines
        )
        if min(share or 0.0 for share in shares) < PARAMS.lone_marked:
            return False
    rest = marked.copy()
    for line in lines:
        _erase(rest if line.is_level else rest.T, line)
    _, _, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    written = stats[1:][stats[1:, cv2.CC_STAT_HEIGHT] > 2 * PARAMS.beside]
    erased = np.count_nonzero(marked) - np.count_nonzero(rest)
    area = written[:, cv2.CC_STAT_AREA]
    if area.sum() < (PARAMS.written if level else PARAMS.written_beside) * erased:
        return False
    order = np.argsort(written[:, cv2.CC_STAT_HEIGHT])
    most = int(np.searchsorted(np.cumsum(area[order]), PARAMS.height_quantile * area.sum()))
    high = float(written[int(order[most]), cv2.CC_STAT_HEIGHT])
    length = marked.shape[1] if level else marked.shape[0]
    return bool(length >= PARAMS.longer * high)


def _erase(mask: Grey, line: StraightLine) -> None:
    """Clear a mask along a level line."""
    rows, inside = line.strip(mask.shape, PARAMS.near)
    mask[rows[inside], np.nonzero(inside)[1]] = 0
