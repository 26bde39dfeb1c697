"""The state of a page between stages; each stage adds what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from inkread.core.geometry import Box, Matrix, mapped
from inkread.core.page.components import Blob, Labels
from inkread.core.picture.downsample import fitted, half_of
from inkread.core.reading import Grey

#: Stands for an array that no stage has found yet.
_NONE = np.zeros((0, 0), np.uint8)
_NO_LABELS = np.zeros((0, 0), np.int32)


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the page's state."""

    # Longer side of the small page, px; chosen: a digit of a page of 40 has about 30 px there.
    small_side: int = 320


PARAMS = Params()


class Strokes(StrEnum):
    """How wide the lines of a page are."""

    UNKNOWN = "unknown"
    THIN = "thin"
    BOLD = "bold"


class Reason(StrEnum):
    """Kinds of non-text."""

    RULING = "ruling line"
    FORM_BOX = "form box"
    SPECK = "speck"
    SURPLUS = "more than is read"
    SURROUNDINGS = "surroundings of the page"
    FRAME = "frame around the page"
    LONG_THING = "thing that lies on the page"
    RING = "ring around text"
    BINDING = "binding of a pad"


@dataclass(frozen=True, slots=True)
class Removed:
    """Non-text: its kind, and its box, px of the page as seen."""

    reason: Reason
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class PageState:
    """A page on its way through the stages; arrays are never written to.

    Attributes
    ----------
    seen : (h, w) array of uint8
        The page as photographed, its sheet flat: for show. All lengths are px of it.
    to_file : (3, 3) array of float64
        Homography from px of the page to px of its file.
    grey : (h, w) array of uint8
        The page as worked on: illumination evened, ink made dark, noise removed.
    small : (h', w') array of uint8
        `grey` reduced.
    is_rectified : bool
        Whether the page is a sheet that was found in the photo.
    quarters : int
        Quarters of a turn, 0 to 3, by which the page was turned anticlockwise.
    light_on_dark : bool or None
        Polarity: whether the ink was brighter than its background; None: not known yet.
    strokes : Strokes
        How wide its lines are.
    background : (h', w') array of uint8 or None
        The page with its ink removed, reduced.
    ink : (h, w) array of uint8 or None
        Contrast of each pixel to the background, grey levels, as if fully lit; None: there is none.
    noise, noise_floor : float
        Standard deviation of `ink`, grey levels; and the contrast below which it was set to 0.
    level : float or None
        Typical contrast of full ink, grey levels; None: there is none.
    mask : (h, w) array of uint8
        255 where there is ink, else 0.
    soft : (h, w) array of uint8
        Contrast of the ink, 0 (background) to 255 (full ink).
    labels : (h, w) array of int32
        Connected component of each pixel of `mask`, text or not; 0: background.
    stats : (n, 5) array of int32
        x, y, width, height and area of each label, px.
    blobs : tuple of Blob
        The components that may be text, the largest first.
    removed : tuple of Removed
        The non-text, in the order in which it was found.
    note : str
        What the last stage did that changed something, one sentence.
    """

    seen: Grey
    to_file: Matrix
    grey: Grey
    small: Grey
    is_rectified: bool = False
    quarters: int = 0
    light_on_dark: bool | None = None
    strokes: Strokes = Strokes.UNKNOWN
    background: Grey | None = None
    ink: Grey | None = None
    noise: float = 0.0
    noise_floor: float = 0.0
    level: float | None = None
    mask: Grey = field(default_factory=lambda: _NONE)
    soft: Grey = field(default_factory=lambda: _NONE)
    labels: Labels = field(default_factory=lambda: _NO_LABELS)
    stats: Labels = field(default_factory=lambda: _NO_LABELS)
    blobs: tuple[Blob, ...] = ()
    removed: tuple[Removed, ...] = ()
    note: str = ""

    @classmethod
    def of(cls, grey: Grey, to_file: Matrix | None = None) -> PageState:
        """A page that no stage has seen yet."""
        return cls(
            grey, np.eye(3) if to_file is None else to_file, grey, fitted(grey, PARAMS.small_side)
        )

    def with_grey(self, grey: Grey, note: str) -> PageState:
        """The page with other greys to work on."""
        return replace(self, grey=grey, small=fitted(grey, PARAMS.small_side), note=note)

    @property
    def is_partial(self) -> bool:
        """Whether text may have been left out because there was too much of it."""
        return any(removed.reason is Reason.SURPLUS for removed in self.removed)

    def in_file(self, box: Box) -> Box:
        """The upright box, px of the file, around a box of the page."""
        return mapped(self.to_file, [box])[0]

    def from_file(self, box: Box) -> Box:
        """The upright box, px of the page, around a box of the file."""
        return mapped(np.asarray(np.linalg.inv(self.to_file), np.float64), [box])[0]

    def turned(self, quarters: int) -> PageState:
        """The page turned anticlockwise by quarters of a full turn, up to its ink.

        Mask and blobs depend on the direction of the text: `inkread.core.page.pipeline.turn`
        finds them again.
        """
        height, width = self.seen.shape
        # Where the upper left corner, one px to the right and one px down were before.
        before = np.array(
            [
                [[1, 0, 0], [0, 1, 0]],
                [[0, -1, width], [1, 0, 0]],
                [[-1, 0, width], [0, -1, height]],
                [[0, 1, 0], [-1, 0, height]],
            ][quarters % 4]
            + [[0, 0, 1]],
            np.float64,
        )
        after = np.asarray(np.linalg.inv(before), np.float64)
        lines = [r for r in self.removed if r.reason is Reason.RULING]
        places = mapped(after, [line.box for line in lines])
        return replace(
            self,
            seen=np.rot90(self.seen, quarters),
            to_file=np.asarray(self.to_file @ before, np.float64),
            grey=np.rot90(self.grey, quarters),
            small=np.rot90(self.small, quarters),
            quarters=(self.quarters + quarters) % 4,
            background=None if self.background is None else np.rot90(self.background, quarters),
            ink=None if self.ink is None else np.ascontiguousarray(np.rot90(self.ink, quarters)),
            mask=_NONE,
            soft=_NONE,
            labels=_NO_LABELS,
            stats=_NO_LABELS,
            blobs=(),
            removed=tuple(replace(r, box=box) for r, box in zip(lines, places, strict=True)),
        )

    def halved(self) -> PageState:
        """The page at half its size, up to its ink; mask and blobs have to be found again."""
        lines = [r for r in self.removed if r.reason is Reason.RULING]
        return replace(
            self,
            seen=half_of(self.seen),
            to_file=np.asarray(self.to_file @ np.diag([2.0, 2.0, 1.0]), np.float64),
            grey=half_of(self.grey),
            ink=None if self.ink is None else half_of(self.ink),
            noise=self.noise / 2,  # that of the mean of four px
            mask=_NONE,
            soft=_NONE,
            labels=_NO_LABELS,
            stats=_NO_LABELS,
            blobs=(),
            removed=tuple(replace(r, box=r.box.scaled(0.5)) for r in lines),
        )
