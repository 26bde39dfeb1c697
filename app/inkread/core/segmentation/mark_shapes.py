"""The shape and place of a small thing beside digits, and which mark that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.geometry import Box

MARKS = POINT, COMMA, MINUS = ".", ",", "-"

# Lengths are in heights of the digits beside the mark; levels are 0 at their top, 1 at their base.
#: Points and commas stand between two digits, perhaps under the end of a 7: at most so far.
_UNDER = 0.35
#: Points are no longer than this, and their middles stand between these levels.
LONGEST_POINT = 0.24
_POINT_LEVELS = (0.8, 1.2)
#: Commas are so high and no wider, start below the level, and end so far below the base line.
_COMMA_HEIGHT = (0.12, 0.5)
_COMMA_WIDTH = 0.32
_COMMA_START = 0.65
_TAIL = 0.06
#: So much higher than wide is a comma, both counted so much thicker than their middle lines.
_UPRIGHT = 1.2
_LINE = 0.04
#: Minus signs are so long, so flat, stand between these levels, and reach no farther over what is
#: beside them.
_MINUS_LENGTH = (0.18, 0.9)
_MINUS_FLAT = 0.45
_MINUS_THICK = 0.25
_MINUS_LEVELS = (0.3, 0.72)
_MINUS_UNDER = 0.04


@dataclass(frozen=True, slots=True)
class Place:
    """A small part beside digits, in their heights."""

    width: float
    height: float
    #: Level of its top, middle and bottom: 0 at the top of the digits, 1 at their base.
    top: float
    middle: float
    bottom: float
    #: How far it reaches over or under its neighbours; None: there is none on the left.
    into_left: float | None
    into_right: float

    @classmethod
    def of(cls, box: Box, wholes: Sequence[Box], bodies: Sequence[Box], unit: float) -> Place:
        """Where a part stands.

        Parameters
        ----------
        box : Box
            Of the part.
        wholes, bodies : sequence of Box
            Of the digit on its left, if there is one, and of that on its right: with all
            their fragments, which tell top and base, and of their large parts alone.
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
        if self.into_left is not None and max(self.into_left, self.into_right) < _UNDER:
            if self._is_upright:
                yield COMMA, self._comma()
            yield POINT, self._point()
        yield MINUS, self._minus()

    @property
    def _is_upright(self) -> bool:
        tails = self.bottom > 1 + _TAIL and self.height >= _COMMA_HEIGHT[0]
        return tails and self.height + _LINE > _UPRIGHT * (self.width + _LINE)

    def _comma(self) -> float:
        return min(
            _within(self.height, (0.0, _COMMA_HEIGHT[1])),
            (_COMMA_WIDTH - self.width) / _COMMA_WIDTH,
            (self.top - _COMMA_START) / 0.2,
        )

    def _point(self) -> float:
        longest = max(self.width, self.height)
        return min(
            3 * (LONGEST_POINT - longest) / LONGEST_POINT, _within(self.middle, _POINT_LEVELS)
        )

    def _minus(self) -> float:
        into = max(self.into_right, -1.0 if self.into_left is None else self.into_left)
        return min(
            _within(self.width, _MINUS_LENGTH),
            2 * (_MINUS_FLAT - self.height / max(self.width, 1e-6)),
            3 * (_MINUS_THICK - self.height) / _MINUS_THICK,
            _within(self.middle, _MINUS_LEVELS),
            (_MINUS_UNDER - into) / _MINUS_UNDER,
        )


def _heights(box: Box) -> tuple[float, float, float]:
    return box.y, box.centre[1], box.bottom


def _within(value: float, limits: tuple[float, float]) -> float:
    """1 from a quarter of the way in, 0 at the limits, negative outside."""
    low, high = limits
    return 4 * min(value - low, high - value) / (high - low)
