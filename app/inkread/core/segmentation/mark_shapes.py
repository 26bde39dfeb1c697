"""The shape and place of a small primitive beside digits, and which mark that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.geometry import Box

MARKS = POINT, COMMA, MINUS = ".", ",", "-"


@dataclass(frozen=True, slots=True)
class Params:
    """Heights are those of the digits beside a mark; levels are 0 at their top, 1 at their base.

    All of them are chosen so that marks as `tests.benchmarks.layouts` draws them are found and the
    pen-written numbers of all folds, which have none, keep clear.
    """

    #: Heights, how far a point or comma may stand under a neighbour; chosen: under the end of a 7.
    under: float = 0.35
    #: Heights, longer side of a point; chosen: a tap or tiny circle of a wide pen is shorter.
    max_point: float = 0.24
    #: Level, highest of a point's middle; chosen: room for a line that climbs.
    min_point_level: float = 0.8
    #: Level, lowest of a point's middle; chosen: like the highest.
    max_point_level: float = 1.2
    #: Heights, of a comma at least; chosen: a point is as high.
    min_comma_height: float = 0.12
    #: Heights, of a comma at most; chosen: a 1 is higher.
    max_comma_height: float = 0.5
    #: Heights, width of a comma; chosen: a slanted one of half a height is narrower.
    max_comma_width: float = 0.32
    #: Level, highest of a comma's top; chosen: it starts near the base line.
    comma_start: float = 0.65
    #: Levels below that from which on it is sure; chosen: halfway to the base line.
    comma_sure: float = 0.2
    #: Heights, of a comma below the base line; chosen: digits end up to 0.05 below it.
    comma_tail: float = 0.06
    #: Height to width of a comma; chosen: a point is as high as wide.
    comma_aspect: float = 1.2
    #: Heights by which both count as thicker than their middle lines; chosen: half a pen.
    line: float = 0.04
    #: Heights, length of a minus at least; chosen: a point is shorter.
    min_minus_length: float = 0.18
    #: Heights, length of a minus at most; chosen: longer ones are rulings.
    max_minus_length: float = 0.9
    #: Height to width of a minus; chosen: one that climbs by 20 degrees is flatter.
    max_minus_aspect: float = 0.45
    #: Heights, of a minus; chosen: a long one that climbs is lower.
    max_minus_height: float = 0.25
    #: Level, highest of a minus; chosen: the bar of a 5 is higher.
    min_minus_level: float = 0.3
    #: Level, lowest of a minus; chosen: a line under a digit is lower.
    max_minus_level: float = 0.72
    #: Heights by which a minus reaches over its neighbours; chosen: hardly, or it is their bar.
    minus_under: float = 0.04
    #: Margin for each share of the largest size that is left; chosen: sure at two thirds of it.
    size_slope: float = 3.0
    #: Margin for each unit of height to width that is left; chosen: a plain minus has 0.9.
    aspect_slope: float = 2.0
    #: Margin at the middle between two levels or sizes; chosen: sure from a quarter of the way in.
    middle_margin: float = 2.0


PARAMS = Params()


@dataclass(frozen=True, slots=True)
class Place:
    """A small primitive beside digits, in their heights."""

    width: float
    height: float
    #: Level of its top, middle and bottom: 0 at the top of the digits, 1 at their base.
    top: float
    middle: float
    bottom: float
    #: How far it reaches over or under its neighbours; None: there is but one, which counts as the
    #: right one.
    into_left: float | None
    into_right: float

    @classmethod
    def of(cls, box: Box, wholes: Sequence[Box], bodies: Sequence[Box], unit: float) -> Place:
        """Where a primitive stands.

        Parameters
        ----------
        box : Box
            Of the primitive.
        wholes, bodies : sequence of Box
            Of the digit on its left and of that on its right, or of the only one: with all
            their fragments, for top and base, and of their large primitives alone.
        unit : float
            Height of the digits, px.
        """
        top = float(np.mean([whole.y for whole in wholes]))
        base = float(np.mean([whole.bottom for whole in wholes]))
        upper, middle, lower = ((y - top) / (base - top) for y in _heights(box))
        into = [box.overlap_x(body) / unit for body in bodies]
        into_left = into[0] if len(into) > 1 else None
        return cls(box.width / unit, box.height / unit, upper, middle, lower, into_left, into[-1])

    def margins(self) -> Iterator[tuple[str, float]]:
        """For each sign how clearly it is one, about 1 in the middle; not positive: it is none."""
        if max(self.into_right, self.into_right if self.into_left is None else self.into_left) < (
            PARAMS.under
        ):
            if self._is_upright:
                yield COMMA, self._comma()
            yield POINT, self._point()
        yield MINUS, self._minus()

    @property
    def _is_upright(self) -> bool:
        tails = self.bottom > 1 + PARAMS.comma_tail and self.height >= PARAMS.min_comma_height
        return tails and self.height + PARAMS.line > PARAMS.comma_aspect * (
            self.width + PARAMS.line
        )

    def _comma(self) -> float:
        return min(
            _within(self.height, 0.0, PARAMS.max_comma_height),
            1 - self.width / PARAMS.max_comma_width,
            (self.top - PARAMS.comma_start) / PARAMS.comma_sure,
        )

    def _point(self) -> float:
        longest = max(self.width, self.height)
        return min(
            PARAMS.size_slope * (1 - longest / PARAMS.max_point),
            _within(self.middle, PARAMS.min_point_level, PARAMS.max_point_level),
        )

    def _minus(self) -> float:
        into = max(self.into_right, -1.0 if self.into_left is None else self.into_left)
        return min(
            _within(self.width, PARAMS.min_minus_length, PARAMS.max_minus_length),
            PARAMS.aspect_slope * (PARAMS.max_minus_aspect - self.height / max(self.width, 1e-6)),
            PARAMS.size_slope * (1 - self.height / PARAMS.max_minus_height),
            _within(self.middle, PARAMS.min_minus_level, PARAMS.max_minus_level),
            1 - into / PARAMS.minus_under,
        )


def _heights(box: Box) -> tuple[float, float, float]:
    return box.y, box.centre[1], box.bottom


def _within(value: float, low: float, high: float) -> float:
    """1 from a quarter of the way in, 0 at the limits, negative outside."""
    return 2 * PARAMS.middle_margin * min(value - low, high - value) / (high - low)
