"""What is printed on a form: a small picture of its ink, without what is written in its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.geometry import Box, Matrix
from inkread.core.line_picture import full_ink
from inkread.core.quantiles import median
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the picture of a form's print."""

    #: Px, longer side of the picture; chosen: printed words of 3 mm are 12 px high on A4.
    side: int = 1000
    #: The same, one after the other until its bytes are few enough; chosen: photos of patterned
    #: paper need the smaller ones.
    sides: tuple[int, ...] = (1000, 800, 640, 500)
    #: Bytes of the picture as PNG; chosen: 200 kB as base64.
    max_bytes: int = 150_000
    #: Px, longer side of a scan that is looked at; chosen: the form may fill four fifths of it.
    scan_side: int = 1250
    #: Px of those pictures, side of the closing that tells ink from paper; chosen: wider than
    #: printed lines, narrower than shadows.
    ink_width: int = 15
    #: Standard deviations of the noise below which there is no ink; chosen: one px of 16,000.
    noise: float = 4.0
    #: Contrast below which there is no ink, shares of the paper's brightness; chosen: paper shines
    #: through as much.
    faint: float = 0.04
    #: Share of a field along which a line in it runs at least; chosen: no digit is as high.
    through: float = 0.9
    #: Share of a field's height, and px at least, of a straight piece of a line; chosen: slanted
    #: lines have steps, digits have shorter bars.
    straight: float = 0.45
    min_straight: int = 9
    #: Px on both sides of a field's edges that belong to its box; chosen: its lines are as wide.
    edge: int = 3
    #: Share of the picture that is ink at least; chosen: a line of 300 px.
    min_ink: float = 4e-4
    #: Grey level of it that counts as ink, 0 to 255; chosen: half of full ink.
    ink: int = 128


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class FormPrint:
    """The print of a form.

    Attributes
    ----------
    image : (h, w) array of uint8
        0 (paper) to 255 (full ink), reduced.
    boxes : tuple of Box
        The fields, px of the image.
    """

    image: Grey
    boxes: tuple[Box, ...]

    @property
    def around(self) -> Grey:
        """255 where print tells the place of the form, 0 within the fields."""
        mask = np.full(self.image.shape, 255, np.uint8)
        for box in self.boxes:
            mask[inner(box)] = 0
        return mask

    @property
    def is_empty(self) -> bool:
        """Whether too little is printed around the fields."""
        ink = (self.image >= PARAMS.ink) & (self.around > 0)
        return int(ink.sum()) < PARAMS.min_ink * self.image.size


def form_print(grey: Grey, boxes: Sequence[Box], is_blank: bool) -> FormPrint:
    """The print of a form.

    Parameters
    ----------
    grey : (h, w) array of uint8
        The page.
    boxes : sequence of Box
        Its fields, px of the page.
    is_blank : bool
        Whether nothing is written in them: then all that is in them is printed, else lines that run
        through them are.
    """
    for side in PARAMS.sides:
        small, _ = reduced_to(grey, side)
        image = ink_contrast(small)
        places = print_boxes(boxes, (grey.shape[1], grey.shape[0]), image)
        if not is_blank:
            for box in places:
                inside = inner(box)
                image[inside] = _lines_through(image[inside])
        image = np.asarray(image // 16 * 17, np.uint8)  # 16 levels: it packs well
        if len(encoded_print(image)) <= PARAMS.max_bytes:
            break
    return FormPrint(image, places)


def encoded_print(image: Grey) -> bytes:
    """The picture of a form's print as PNG."""
    return cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 9])[1].tobytes()


def print_boxes(boxes: Sequence[Box], size: tuple[float, float], image: Grey) -> tuple[Box, ...]:
    """Boxes of a page of this width and height, px of the picture of its print."""
    x, y = image.shape[1] / size[0], image.shape[0] / size[1]
    return tuple(Box(b.x * x, b.y * y, b.width * x, b.height * y) for b in boxes)


def inner(box: Box) -> tuple[slice, slice]:
    """The px within a field's own lines."""
    edge = PARAMS.edge
    top, bottom = max(0, round(box.y) + edge), max(0, round(box.bottom) - edge)
    left, right = max(0, round(box.x) + edge), max(0, round(box.right) - edge)
    return slice(top, bottom), slice(left, right)


def reduced_to(grey: Grey, side: int) -> tuple[Grey, Matrix]:
    """A page whose longer side is at most `side` px, and the homography from its px to the page's.

    Centres of px are at whole numbers.
    """
    height, width = grey.shape
    factor = min(1.0, side / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    small = grey
    if size != (width, height):
        small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    x, y = width / size[0], height / size[1]
    return small, np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]], np.float64)


def ink_contrast(grey: Grey) -> Grey:
    """The ink of a reduced page, dark on light: 0 (paper) to 255 (full ink), noise taken off."""
    window = np.ones((PARAMS.ink_width, PARAMS.ink_width), np.uint8)
    light = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, window, borderType=cv2.BORDER_REPLICATE)
    share = 1 - grey.astype(np.float32) / np.maximum(light, 1)
    smooth = np.asarray(cv2.GaussianBlur(share, (0, 0), 0.8), np.float32)
    # Half of a page is paper: the median of what differs from its neighbours is that of its noise.
    middle = median(smooth[::2, ::2])
    noise = 1.5 * median(np.abs(smooth[::2, ::2] - middle))
    ink = np.maximum(smooth - middle - max(PARAMS.faint, PARAMS.noise * noise), 0)
    level = max(full_ink(ink), PARAMS.faint)
    return np.asarray(np.minimum(255, ink * (255 / level)), np.uint8)


def _lines_through(inside: Grey) -> Grey:
    """The lines that run through a field from side to side: combs, cells."""
    height, width = inside.shape
    kept = np.zeros_like(inside)
    if min(height, width) < PARAMS.min_straight:
        return kept
    ink = np.asarray(inside >= PARAMS.ink // 2, np.uint8)
    for is_upright in (False, True):
        length = height if is_upright else width
        piece = min(length, max(PARAMS.min_straight, round(PARAMS.straight * height)))
        shape = (piece, 1) if is_upright else (1, 2 * piece if 2 * piece <= width else piece)
        lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(lines)
        along = stats[:, cv2.CC_STAT_HEIGHT if is_upright else cv2.CC_STAT_WIDTH]
        for label in range(1, count):
            if along[label] >= PARAMS.through * length:
                own = np.asarray(labels == label, np.uint8)
                kept[cv2.dilate(own, np.ones((3, 3), np.uint8)) > 0] = 255
    return np.where(kept > 0, inside, 0).astype(np.uint8)
