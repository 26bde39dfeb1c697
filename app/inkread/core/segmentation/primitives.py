"""What glyphs are put together from: strokes of ink, or connected components of a page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from inkread.core.geometry import Box, union
from inkread.core.ink import Points, resampled
from inkread.core.line_picture import LinePicture
from inkread.core.reading import Cells, Stage
from inkread.core.segmentation.text_lines import BoxLayout


@dataclass(frozen=True, slots=True)
class Params:
    """How closely the distance between primitives is measured."""

    #: Points of a trace between which distances are measured; chosen: 48 of a stroke two heights
    #: long stand 0.04 heights apart, below every reach that distances are compared with.
    probes: int = 48


PARAMS = Params()

#: Shortest distance between two primitives or groups by their indexes, px; 0 where they touch.
Distance = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Group:
    """Primitives that belong together.

    Attributes
    ----------
    members : tuple of int
        Indexes of the primitives.
    box : Box
        Around them, as it would stand if the hand did not lean.
    """

    members: tuple[int, ...]
    box: Box

    @classmethod
    def of(cls, members: Iterable[int], boxes: Sequence[Box]) -> Group:
        """The group of some primitives; `boxes` are those of all primitives."""
        own = tuple(members)
        return cls(own, union(boxes[i] for i in own))

    def joined(self, other: Group) -> Group:
        """Both groups as one."""
        return Group(self.members + other.members, union((self.box, other.box)))

    def distance(self, other: Group, distance: Distance) -> float:
        """Shortest distance between the primitives of two groups."""
        return min(distance(i, j) for i in self.members for j in other.members)


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of an over-segmented group, up to the next cut candidate.

    Attributes
    ----------
    members : tuple of int
        Indexes of primitives.
    price : float
        Price of a cut after this segment.
    """

    members: tuple[int, ...]
    price: float = 0.0


class Primitives(Protocol):
    """The primitives of one page or drawing."""

    @property
    def layout(self) -> BoxLayout:
        """A box for each primitive, as it would stand if the hand did not lean: for grouping."""
        ...

    @property
    def dots(self) -> frozenset[int]:
        """Primitives that may belong to a glyph but are none: dots, dashes, slips of the pen."""
        ...

    def distance(self, first: int, second: int) -> float:
        """Shortest distance of two primitives, in the unit of the boxes; 0 where they touch."""
        ...

    def outline(self, members: Sequence[int]) -> Box:
        """Box around primitives, as a person sees it, px of the upright page."""
        ...

    def in_file(self, box: Box) -> Box:
        """The box in px of the file, or of the canvas, around one of the upright page."""
        ...

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        """The (28, 28) cell of primitives taken as one glyph, and how it came about."""
        ...

    def oversegment(self, members: tuple[int, ...], height: float) -> tuple[Self, list[Segment]]:
        """Cut a group at every cut candidate.

        Parameters
        ----------
        members : tuple of int
            The group.
        height : float
            Typical height of a glyph, in the unit of the boxes.

        Returns
        -------
        (Primitives, list of Segment)
            The same primitives under the same indexes, with new ones behind them; and the
            segments in the order of writing, just the group itself if it has no cut candidate.
        """
        ...


class LinePrimitives(Primitives, Protocol):
    """Primitives of which a line network can be shown pictures."""

    @property
    def slant(self) -> float:
        """Run over rise by which the hand leans: taken off the boxes of `layout`."""
        ...

    def line_picture(self, members: Sequence[int], slope: float = 0.0) -> LinePicture:
        """The picture of the text line of some primitives, without all others.

        Parameters
        ----------
        members : sequence of int
            At least one.
        slope : float
            Px by which the line falls for one px to the right; it is levelled by shifting each
            column of pixels, so that x stays as it is.
        """
        ...

    def is_strip(self, aspect: float, max_height: float = math.inf) -> bool:
        """Whether all of a picture may be one line: its width to its height is at least `aspect`,
        its height at most `max_height` px, and it is no longer than one line.
        """
        ...

    def strip_pictures(
        self, aspect: float, max_height: float = math.inf, inverted: bool = False
    ) -> list[LinePicture]:
        """All of a picture that is as low as one line, for several heights of its digits.

        Parameters
        ----------
        aspect : float
            Width to height that it must have at least.
        max_height : float, optional
            Px, its height at most.
        inverted : bool
            Whether the ink is what was taken for its background: polarity is hard to tell where
            much is printed.
        """
        ...


def nearest(a: Points, b: Points) -> float:
    """Shortest distance between two sets of points."""
    x = np.subtract.outer(a[:, 0], b[:, 0])
    y = np.subtract.outer(a[:, 1], b[:, 1])
    return float(np.sqrt((x * x + y * y).min()))


def probes_of(points: Points) -> Points:
    """Points evenly spread over a polyline."""
    return points if len(points) == 1 else resampled(points, lambda _: PARAMS.probes)
