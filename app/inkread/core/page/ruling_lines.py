"""Finds the rules of ruled and squared paper.

A rule is a straight thin line, level or upright but for some tilt, that runs over much of the
page: found by the Hough transform (Duda and Hart 1972), one by one, so that they need not be
parallel. No digit is so long beside others; where nothing else is written, only rules that come
in numbers count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.page.box_sides import without_sides
from inkread.core.picture.downsample import reduced
from inkread.core.reading import Grey

#: Rules are looked for on a page reduced to this side; lengths of detection are px of it.
SIDE = 640
#: On smaller pages there is no room for rules and digits.
_LEAST_SIDE = 100
#: What stands out from the paper by so much, and by so many times its grain, may be a rule.
FAINT = 8.0
_GRAINS = 4.0
#: More of a page than this is never rules.
_MOST_MARKED = 0.45
#: Degrees off level and upright, the part of the page's side that a rule runs over, that a further
#: one does where there are many, radians by which it is turned against them, the part of that way
#: in Hough votes, and the number of rules at most.
_MOST_TILT = 12.0
_LEAST_WAY = 0.5
_SHORT_WAY = 0.15
_PARALLEL = 0.02
_VOTES = 0.6
_MOST_RULES = 90
#: So many lines are looked at closely: the work is bounded.
_MOST_TRIED = 300
#: Rules are at least so far apart; beside a thin line there is paper at this distance.
_APART = 4.0
_BESIDE = 4
#: What is so wide both ways, px, is no rule.
_THICK = 2 * _BESIDE - 1
#: A line is fitted to what is marked so near to it.
_NEAR = 2
#: The part of its way over the page where a line is marked, and where it is thin; a lone one's.
_MARKED = 0.55
_THIN = 0.4
_LONE_MARKED = 0.8
#: So many rules are no writing, whatever else is there.
_MANY = 5
#: Rules are so many times as long as what is written is high, and that has at least this part of
#: their area; beside upright ones alone, which may be the digit 1, it is more.
_LONGER = 3.0
_WRITTEN = 0.08
_WRITTEN_BESIDE = 1.2

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line, px of the page: ``across = start + slope * along``.

    A level one runs along x, an upright one along y.
    """

    is_level: bool
    start: float
    slope: float

    def at(self, along: float) -> float:
        return self.start + self.slope * along

    def ends(self, width: int) -> Ends:
        """Where it begins and ends on a page of this width."""
        return self.start, self.at(width - 1)


def find_rules(ink: Grey, grain: float) -> list[Rule]:
    """The rules of a page; none if what looks like them may be writing.

    Parameters
    ----------
    ink, grain
        As of `inkread.core.page.remove_rulings.without_rules`.
    """
    if min(ink.shape) < _LEAST_SIDE:
        return []
    scale = min(1.0, SIDE / max(ink.shape))
    size = round(ink.shape[1] * scale), round(ink.shape[0] * scale)
    small = _without_wide(reduced(ink, size))
    offset = float(np.quantile(small[::3, ::3], 0.25))
    faint = offset + max(FAINT, _GRAINS * grain * scale)
    marked = np.asarray(small > faint, np.uint8)
    if not 0 < np.count_nonzero(marked) < _MOST_MARKED * marked.size:
        return []
    thin = _without_thick(marked)
    level, upright = _lines(thin, True), _lines(np.ascontiguousarray(thin.T), False)
    if not upright:
        level = without_sides(level, marked)
    if not _are_rules(level, upright, marked):
        return []
    middle = (1 / scale - 1) / 2  # of a reduced pixel, seen from its first one
    return [
        Rule(rule.is_level, rule.start / scale + middle * (1 - rule.slope), rule.slope)
        for rule in level + upright
    ]


def _without_wide(ink: Grey) -> Grey:
    """Ink that stands out from what is as dark on both sides: a fold from its shade."""
    kernel = np.ones((_THICK, _THICK), np.uint8)
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_TOPHAT, kernel), np.uint8)


def _without_thick(marked: Grey) -> Grey:
    """What is thin enough for a rule: the lines of thick pens would look like hundreds of them."""
    kernel = np.ones((_THICK, _THICK), np.uint8)
    thick = cv2.dilate(cv2.morphologyEx(marked, cv2.MORPH_OPEN, kernel), np.ones((3, 3), np.uint8))
    return np.asarray(np.where(thick > 0, 0, marked), np.uint8)


def _lines(marked: Grey, is_level: bool) -> list[Rule]:
    """Thin level lines of a mask that run over much of it, and shorter ones parallel to them."""
    tilt = np.radians(_MOST_TILT)
    long = _found(marked, is_level, _LEAST_WAY, (-tilt, tilt), [])
    if len(long) < _MANY:
        return long
    turns = np.arctan([rule.slope for rule in long])
    spread = float(turns.min()) - _PARALLEL, float(turns.max()) + _PARALLEL
    return _found(marked, is_level, _SHORT_WAY, spread, long)


def _found(
    marked: Grey, is_level: bool, way: float, turns: tuple[float, float], known: list[Rule]
) -> list[Rule]:
    """The known lines, and further ones that run over a part `way` of the mask."""
    width = marked.shape[1]
    lines = cv2.HoughLines(
        marked,
        1,
        np.pi / 360,
        round(_VOTES * way * width),
        min_theta=np.pi / 2 + turns[0],
        max_theta=np.pi / 2 + turns[1],
    )
    kept, tried = list(known), 0
    ends = [rule.ends(width) for rule in kept]
    for rho, theta in () if lines is None else lines[: 30 * _MOST_RULES, 0].tolist():
        rule = Rule(is_level, rho / math.sin(theta), -math.cos(theta) / math.sin(theta))
        if tried >= _MOST_TRIED:
            break
        if _is_there(rule.ends(width), ends):
            continue
        tried += 1
        rule = _fitted(marked, rule)
        if _is_there(rule.ends(width), ends):
            continue
        if _marked_share(marked, rule, way) is not None:
            kept.append(rule)
            ends.append(rule.ends(width))
        if len(kept) >= _MOST_RULES:
            break
    return kept


def _is_there(one: Ends, others: list[Ends]) -> bool:
    """Whether a line meets another one on the page, or nearly does."""
    start, end = one
    for other_start, other_end in others:
        first, last = start - other_start, end - other_end
        if first * last <= 0 or abs(first) < _APART or abs(last) < _APART:
            return True
    return False


def _fitted(marked: Grey, rule: Rule) -> Rule:
    """The line moved to the middle of what is marked near it."""
    height, width = marked.shape
    x = np.arange(width)
    rows = np.rint(rule.start + rule.slope * x) + np.arange(-_NEAR, _NEAR + 1)[:, np.newaxis]
    inside = (rows >= 0) & (rows < height)
    on = inside & (marked[np.clip(rows, 0, height - 1).astype(np.intp), x] > 0)
    if np.count_nonzero(on) < 2:
        return rule
    along, across = np.broadcast_to(x, rows.shape)[on], rows[on]
    middle = along.mean()
    spread = float(np.square(along - middle).sum())
    if spread == 0:
        return rule
    slope = float(((along - middle) * across).sum()) / spread
    return Rule(rule.is_level, float(across.mean() - slope * middle), slope)


def _marked_share(marked: Grey, rule: Rule, way: float) -> float | None:
    """The part of its way over the mask where a line is marked; None if it is no thin line, or
    if its way is shorter than the part `way` of the mask.
    """
    height, width = marked.shape
    x = np.arange(width)
    y = np.rint(rule.start + rule.slope * x).astype(np.intp)
    inside = (y >= _BESIDE) & (y < height - _BESIDE)
    x, y = x[inside], y[inside]
    if x.size < way * width:
        return None
    on = marked[y, x] | marked[y - 1, x] | marked[y + 1, x]
    beside = marked[y - _BESIDE, x] | marked[y + _BESIDE, x]
    share, thin = float(on.mean()), float((on & ~beside & 1).mean())
    return share if share >= _MARKED and thin >= _THIN else None


def _are_rules(level: Sequence[Rule], upright: Sequence[Rule], marked: Grey) -> bool:
    """Whether the lines of a mask are none that somebody wrote."""
    if len(level) >= _MANY or len(level) + len(upright) == 0:
        return bool(level)
    if not level or len(level) + len(upright) == 1:
        lone = [
            _marked_share(marked if r.is_level else marked.T, r, _LEAST_WAY)
            for r in (*level, *upright)
        ]
        if min((share or 0.0 for share in lone), default=0.0) < _LONE_MARKED:
            return False
    rest = marked.copy()
    for rule in (*level, *upright):
        _strike(rest if rule.is_level else rest.T, rule)
    _, _, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    written = stats[1:][stats[1:, cv2.CC_STAT_HEIGHT] > 2 * _BESIDE]
    struck = np.count_nonzero(marked) - np.count_nonzero(rest)
    area = written[:, cv2.CC_STAT_AREA]
    if area.sum() < (_WRITTEN if level else _WRITTEN_BESIDE) * struck:
        return False
    # The height that most of what is written has at most.
    order = np.argsort(written[:, cv2.CC_STAT_HEIGHT])
    most = int(np.searchsorted(np.cumsum(area[order]), 0.75 * area.sum()))
    high = float(written[int(order[most]), cv2.CC_STAT_HEIGHT])
    length = marked.shape[1] if level else marked.shape[0]
    return bool(length >= _LONGER * high)


def _strike(mask: Grey, rule: Rule) -> None:
    height, width = mask.shape
    x = np.arange(width)
    y = np.rint(rule.start + rule.slope * x).astype(np.intp)
    for off in range(-_NEAR, _NEAR + 1):
        inside = (y + off >= 0) & (y + off < height)
        mask[(y + off)[inside], x[inside]] = 0
