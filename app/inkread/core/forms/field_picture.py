"""The picture of one field of a form: what is written in it, alone, dark on white."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.forms.form_print import FormPrint
from inkread.core.forms.register import Registration
from inkread.core.geometry import Box, Matrix
from inkread.core.line_picture import full_ink
from inkread.core.quantiles import median
from inkread.core.reading import Grey

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the pictures of fields; heights are those of the field."""

    #: Px, height of a field at most; chosen: digits of 60 px are read as well as larger ones.
    max_height: float = 128.0
    #: The same at least; chosen: smaller ones are enlarged, so that lines are wider than a px.
    min_height: float = 40.0
    #: Px, width at most; chosen: bounds the work, 200 digits.
    max_width: float = 8192.0
    #: Heights around a field that are looked at; chosen: digits stick out by a third.
    margin: float = 0.4
    #: Heights, white around the writing; chosen: as much as other lines have.
    white: float = 0.5
    #: Heights, side of the closing that tells ink from paper; chosen: wider than lines of a pen.
    closing: float = 0.35
    #: Contrast of ink at least, shares of the paper's brightness, and standard deviations of the
    #: noise; chosen: faint pencil has 0.15.
    faint: float = 0.07
    noise: float = 5.0
    #: Share of full ink from which on a px is ink; chosen: the edge of a stroke has a half.
    ink: float = 0.35
    #: Level of the print, 0 to 255, that is taken off; chosen: the edge of its lines.
    printed: int = 60
    #: The same of print that is looked for; chosen: the middle of its lines.
    sure_print: int = 128
    #: Px of it at least; chosen: a line of the least field.
    min_print: int = 60
    #: Px of the print around it that are taken off as well; chosen: it is found to half a px, and
    #: is as much wider in photos.
    beside: float = 0.8
    #: Px of the print, width of a line that writing may cross; chosen: 2 mm of A4.
    line: float = 7.0
    #: Share of a component on and beside print, from which on it is a rest of that; chosen: writing
    #: on a line stands above it.
    rest: float = 0.7
    #: Share of a component in the field, from which on it belongs to it; chosen: the larger part.
    inside: float = 0.5
    #: Px of ink from outside within a field, over its height, from which on it matters; chosen: a
    #: line through half of it.
    crossing: float = 0.5
    #: Heights by which a field may be too small; chosen: boxes are drawn by hand.
    loose: float = 0.08
    #: Heights, longer side of the largest component at least; chosen: points alone are dirt.
    written: float = 0.2
    #: Px, longer side of a component at least; chosen: less is grain.
    speck: int = 3


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class FieldPicture:
    """What is written in a field.

    Attributes
    ----------
    image : (h, w) array of uint8 or None
        Dark on white; None: nothing is written.
    to_page : (3, 3) array of float64
        Homography from its px to those of the page.
    corners : (4, 2) array of float64
        Of the field on the page, px, clockwise from its upper left.
    is_outside : bool
        Whether part of the field is not on the page.
    placed : float
        Share of the print in and around the field that is at its place, 0 to 1.
    is_crossed : bool
        Whether ink that comes from far outside of the field reaches into it.
    """

    image: Grey | None
    to_page: Matrix
    corners: NDArray[np.float64]
    is_outside: bool
    placed: float = 1.0
    is_crossed: bool = False


def field_picture(grey: Grey, found: Registration, printed: FormPrint, box: Box) -> FieldPicture:
    """The picture of a field.

    Parameters
    ----------
    grey : (h, w) array of uint8
        The page, dark on light.
    found : Registration
        Where the form is on it.
    printed : FormPrint
        The form's print.
    box : Box
        The field, px of the print.
    """
    corners = found.to_page(_corners(box) - 0.5) + 0.5  # centres of px are at whole numbers there
    seen = float(np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1]))
    height = min(max(seen / 2, PARAMS.min_height), PARAMS.max_height)
    scale = min(height / box.height, PARAMS.max_width / box.width)
    room = box.grown(PARAMS.margin * box.height)
    size = max(1, round(room.width * scale)), max(1, round(room.height * scale))
    way = cv2.getPerspectiveTransform(
        _corners(Box(0, 0, *size)).astype(np.float32),
        (found.to_page(_corners(room) - 0.5) + 0.5).astype(np.float32),
    )
    to_page = np.asarray(way, np.float64)
    crop = _crop(grey, to_page, size, seen / 2 / (scale * box.height))
    to_print = np.array(
        [[room.width / size[0], 0, room.x], [0, room.height / size[1], room.y], [0, 0, 1]]
    )
    print_there = cv2.warpPerspective(
        printed.image, _of_centres(to_print), size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    inside = Box(PARAMS.margin * box.height * scale, PARAMS.margin * box.height * scale,
                 box.width * scale, box.height * scale)  # fmt: skip
    written = _written(crop, np.asarray(print_there, np.uint8), inside, scale)
    image = written.image
    white = round(PARAMS.white * inside.height)
    if image is not None:
        image = np.pad(image, white, constant_values=255)
        to_page = to_page @ np.array([[1.0, 0, -white], [0, 1, -white], [0, 0, 1]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    is_outside = bool((low < -1).any() or (high > np.array(grey.shape[::-1]) + 1).any())
    to_page = np.asarray(to_page, np.float64)
    placed, is_crossed = written.placed, written.is_crossed
    return FieldPicture(image, to_page, corners, is_outside, placed, is_crossed)


def _corners(box: Box) -> NDArray[np.float64]:
    return np.array(
        [[box.x, box.y], [box.right, box.y], [box.right, box.bottom], [box.x, box.bottom]],
        np.float64,
    )


def _of_centres(edges: Matrix) -> Matrix:
    """A homography of places, between which px lie, as one of the middles of px."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return np.asarray(np.linalg.inv(half) @ edges @ half, np.float64)


def _crop(grey: Grey, to_page: Matrix, size: tuple[int, int], reduction: float) -> Grey:
    """The part of the page, brought into place; `reduction`: px of the page for one of it."""
    times = max(1, round(reduction))
    finer = np.diag([1 / times, 1 / times, 1.0])
    large = size[0] * times, size[1] * times
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    crop = cv2.warpPerspective(
        grey, _of_centres(to_page @ finer), large, flags=way, borderMode=cv2.BORDER_REPLICATE
    )
    if times > 1:
        crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    return np.asarray(crop, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """What is written in a field, dark on white (None: nothing), and as in `FieldPicture`."""

    image: Grey | None
    placed: float
    is_crossed: bool = False


def _written(crop: Grey, printed: Grey, inside: Box, scale: float) -> _Written:
    """What is written in a field."""
    contrast, floor = _contrast(crop, inside.height)
    beside = 2 * max(1, round(PARAMS.beside * scale)) + 1
    around = np.ones((beside, beside), np.uint8)
    own = np.asarray(printed >= PARAMS.printed, np.uint8)
    off = cv2.dilate(own, around) > 0
    placed = _placed(printed, contrast, floor)
    free = np.where(off, 0, contrast).astype(np.float32)
    level = full_ink(np.where(free > floor, free, 0).astype(np.float32))
    if level <= 0:
        return _Written(None, placed)
    is_ink = contrast > max(floor, PARAMS.ink * level)
    parts = _parts(_without_print(is_ink, off, beside + round(PARAMS.line * scale)), off, inside)
    if parts.kept is None:
        return _Written(None, placed, parts.is_crossed)
    soft = cv2.dilate(parts.kept, np.ones((3, 3), np.uint8)) > 0
    ink = np.where(soft, np.minimum(1, contrast / level), 0)
    ink[(off & (parts.kept == 0))] = 0
    image = np.asarray(np.rint(255 - 255 * ink), np.uint8)
    return _Written(image, placed, parts.is_crossed)


def _placed(printed: Grey, contrast: Plane, floor: float) -> float:
    """The share of the print that is dark on the scan; 1: nothing is printed here."""
    is_print = printed >= PARAMS.sure_print
    count = int(np.count_nonzero(is_print))
    if count < PARAMS.min_print:
        return 1.0
    dark = cv2.dilate(np.asarray(contrast > floor, np.uint8), np.ones((3, 3), np.uint8)) > 0
    return int(np.count_nonzero(is_print & dark)) / count


def _contrast(crop: Grey, height: float) -> tuple[Plane, float]:
    """The contrast of each px, shares of the paper's brightness, and that of ink at least."""
    side = 2 * round(PARAMS.closing * height / 2) + 1
    smooth = cv2.GaussianBlur(crop, (3, 3), 0)
    light = cv2.morphologyEx(
        smooth, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8), borderType=cv2.BORDER_REPLICATE
    )
    contrast = 1 - smooth.astype(np.float32) / np.maximum(light, 1)
    middle = median(contrast)
    noise = 1.5 * median(np.abs(contrast - middle))
    contrast = np.maximum(contrast - np.float32(middle), np.float32(0))
    return np.asarray(contrast, np.float32), max(PARAMS.faint, PARAMS.noise * noise)


def _without_print(is_ink: NDArray[np.bool_], off: NDArray[np.bool_], reach: int) -> Grey:
    """The ink without that of the print, but where writing crosses it: there is other ink on both
    sides of it, at most `reach` px away.
    """
    free = np.asarray(is_ink & ~off, np.uint8)
    crossed = np.zeros_like(free)
    end = reach - 1
    for shape, first, last in (((reach, 3), (1, 0), (1, end)), ((3, reach), (0, 1), (end, 1))):
        kernel = np.ones(shape, np.uint8)
        sides = (cv2.dilate(free, kernel, anchor=at) for at in (first, last))
        before, behind = (np.asarray(side, np.uint8) for side in sides)
        crossed |= before & behind
    return np.asarray(free | (crossed & is_ink & off), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """The components that are written in a field (None: none), and whether others reach into it."""

    kept: Grey | None
    is_crossed: bool


def _parts(mask: Grey, off: NDArray[np.bool_], inside: Box) -> _Parts:
    """Tell the components that are written in a field from all others."""
    count, found, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels = np.asarray(found)
    area = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    own = _areas(labels, inside.grown(PARAMS.loose * inside.height), count)
    well_inside = _areas(labels, inside.grown(-PARAMS.loose * inside.height), count)
    beside = cv2.dilate(off.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    on_print = np.bincount(labels[beside], minlength=count)
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    is_ink = (on_print < PARAMS.rest * area) & (longest >= PARAMS.speck)
    is_ink[0] = False
    good = is_ink & (own >= PARAMS.inside * area)
    at_edge = np.zeros(count, np.bool_)
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        at_edge[side] = True
    crossing = is_ink & at_edge & (well_inside >= PARAMS.crossing * inside.height)
    is_crossed = bool(crossing.any())
    if longest[good].max(initial=0) < PARAMS.written * inside.height:
        return _Parts(None, is_crossed)
    return _Parts(np.asarray(good[labels], np.uint8), is_crossed)


def _areas(labels: NDArray[Any], box: Box, count: int) -> NDArray[np.intp]:
    """How many px of each component are in a box."""
    top, bottom = max(0, round(box.y)), max(0, round(box.bottom))
    left, right = max(0, round(box.x)), max(0, round(box.right))
    return np.bincount(labels[top:bottom, left:right].ravel(), minlength=count)
