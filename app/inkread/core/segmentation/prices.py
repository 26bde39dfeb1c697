"""What speaks against taking ink for one glyph, or for two: one scale for all of it.

The network's doubt and geometry's prices are added up, here and nowhere else; the cheapest way to
segment a line, to join what stands above one another, or to split a glyph by hand wins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from inkread.core.geometry import Box


@dataclass(frozen=True, slots=True)
class Params:
    """Prices in nats of doubt, weighted by `doubt_weight`; lengths in heights of a glyph.

    None is a cliff: each of them 20 % more or less moves neither 240 pen-written numbers of folds
    2 to 4 nor 120 with marks and spaces by more than 0.5 points (tests.benchmarks.cliffs --kinds
    strokes,layouts --sample 240).
    """

    #: Probability, 0 to 1, below which doubt does not grow; chosen: a sure error costs no more
    #: than a likely one, and the logarithm stays finite.
    min_probability: float = 1e-4
    #: Weight of doubt beside geometry's prices; chosen: one that reads well, see
    #: `tests.benchmarks.cliffs`.
    doubt_weight: float = 1.5
    #: Nats of doubt; chosen: a probability of 0.22, which of ten classes is hardly a digit's.
    no_digit: float = 1.5
    #: Weight of doubt above that, besides; chosen: threefold doubt outweighs each other price.
    no_digit_weight: float = 2.0
    #: Price of a gap of one height inside a glyph; chosen: a gap of 0.1 outweighs its bonus.
    gap: float = 12.0
    #: Price that a glyph saves where it has no gap; chosen: less than the doubt of a bad glyph.
    no_gap_bonus: float = 1.0
    #: Price of a seam through ink that touches; chosen: as much as the doubt of a probability of
    #: 0.37.
    seam: float = 1.5
    #: Heights, distance at which a seam costs nothing; chosen: less than a pen is wide.
    seam_reach: float = 0.05
    #: Price of a glyph without any height; chosen: twice that of a seam.
    low: float = 3.0
    #: Heights from which on a glyph is not low; chosen: digits of one hand differ by less.
    low_below: float = 0.7
    #: Price for each height of width beyond the next number; chosen: a pair of digits is wider by
    #: one height and costs more than two seams.
    wide: float = 2.5
    #: Heights; measured: 10 % of isolated digits are wider, and 1 % by half more.
    wide_above: float = 1.15
    #: Heights, at least, to which a glyph's width is compared; chosen: a dash is no wide glyph.
    min_wide_height: float = 0.5
    #: Price of a cut through a component's first line width of ink; chosen: less than a seam.
    first_ink: float = 0.6
    #: Price of each further line width; chosen: like the first.
    more_ink: float = 0.6
    #: Price of a cut through a stroke; chosen: between one and two line widths of a component.
    stroke_cut: float = 0.9
    #: Price of a cut between two strokes of a group; chosen: less than one through ink.
    lift: float = 0.4
    #: Price that groups above one another that touch save as one glyph; chosen: as much as the
    #: doubt of a probability of 0.14.
    stack_bonus: float = 4.5
    #: The same where one leans over the other; chosen: a third of it.
    lean_bonus: float = 1.5


PARAMS = Params()


def doubt(probability: float) -> float:
    """Price of the network's doubt: of the best class's probability, 0 to 1."""
    surprise = -math.log(max(PARAMS.min_probability, probability))
    beyond = max(0.0, surprise - PARAMS.no_digit)
    return PARAMS.doubt_weight * (surprise + PARAMS.no_digit_weight * beyond)


def shape(box: Box, height: float) -> float:
    """Price of a glyph that is lower than its line, or very wide."""
    tall = max(box.height, PARAMS.min_wide_height * height)
    return low(box.longest_side, height) + PARAMS.wide * max(
        0.0, box.width / tall - PARAMS.wide_above
    )


def low(side: float, height: float) -> float:
    """Price of a glyph that measures only `side` px on a line of `height` px."""
    return PARAMS.low * max(0.0, 1 - side / (PARAMS.low_below * height))


def gap(first: Box, second: Box, height: float) -> float:
    """Price of taking neighbours for one glyph: more, the wider the gap."""
    return PARAMS.gap * max(0.0, -first.overlap_x(second) / height) - PARAMS.no_gap_bonus


def seam(distance: float, height: float) -> float:
    """Price of taking neighbours that are `distance` px apart for two glyphs."""
    return PARAMS.seam * max(0.0, 1 - distance / height / PARAMS.seam_reach)


def cut(ink: float) -> float:
    """Price of a cut through this many line widths of ink."""
    return PARAMS.first_ink + PARAMS.more_ink * max(0.0, ink - 1)
