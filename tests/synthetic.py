"""Synthetic photos of written sheets: one disturbance after the other, the strength of each known.

A sheet is painted flat (paper, ruling lines, holes, ink), laid on a table as a camera would see it
(turned, in perspective), lit (slope, vignette, shadow), and taken (exposure, blur, noise, JPEG).
Lengths that are a part are parts of the sheet's shorter side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Ink, draw_strokes
from inkread.core.picture.page import Page, page_of
from tests.lighting import light

Plane = NDArray[np.float32]
Picture = NDArray[np.uint8]

#: Disturbance -> its size at mild, medium and strong.
STRENGTHS: dict[str, tuple[float, float, float]] = {
    "texture": (2.0, 4.0, 8.0),  # standard deviation of the fibres, grey levels
    "colour": (0.06, 0.18, 0.4),  # how much is missing from white, most in one channel
    "pencil": (0.55, 0.35, 0.2),  # contrast of grey ink to its paper, full is 0.85
    "rulings": (0.1, 0.25, 0.5),  # contrast of ruled lines, digits standing on them
    "squares": (0.1, 0.2, 0.4),  # contrast of squared paper of a third of a digit's height
    "dirt": (20.0, 60.0, 200.0),  # specks; and two punched holes at the left
    "turn": (1.5, 4.0, 9.0),  # degrees, either way
    "perspective": (0.02, 0.05, 0.1),  # how far each corner is off, part
    "table": (0.03, 0.08, 0.15),  # width of the table around the sheet, part
    "slope": (0.25, 0.45, 0.65),  # light that is lost at the far side
    "vignette": (0.15, 0.35, 0.55),  # light that is lost in the corners
    "shadow": (0.25, 0.45, 0.65),  # light that is lost behind a straight edge
    "hand": (0.2, 0.4, 0.6),  # light lost in the shadow of a hand, its edges soft
    "fold": (0.12, 0.22, 0.35),  # light lost beside two folds, across and down
    "dark": (0.5, 0.75, 0.88),  # light that is lost everywhere, before the noise
    "chalk": (0.8, 0.6, 0.4),  # light ink on a dark board: contrast
    "blur": (0.12, 0.2, 0.35),  # sigma, parts of 1/100 of the shorter side
    "noise": (3.0, 6.0, 14.0),  # standard deviation of the sensor's noise, grey levels
    "jpeg": (80.0, 55.0, 25.0),  # quality
}
LEVELS = ("mild", "medium", "strong")


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo, and what it is known to show.

    Attributes
    ----------
    colour : (h, w, 3) array of uint8
        RGB.
    corners : (4, 2) array of float32
        Where the sheet's corners came to lie, px, clockwise from its upper left.
    onto : (3, 3) array of float64
        Homography from the sheet to the photo.
    """

    colour: Picture
    corners: Plane
    onto: NDArray[np.float64]

    @property
    def page(self) -> Page:
        return page_of(self.colour, "synthetic")


def of_level(level: str, names: tuple[str, ...] | None = None) -> dict[str, float]:
    """The named disturbances (all of them if None) at one strength."""
    place = LEVELS.index(level)
    return {name: STRENGTHS[name][place] for name in (STRENGTHS if names is None else names)}


def mixture(level: str, rng: np.random.Generator) -> dict[str, float]:
    """Disturbances that may meet in one photo at a strength.

    Always texture, turn, perspective, slope, blur, noise and JPEG; every second time vignette,
    shadow, table, dirt and colour; ruling lines or squares each one time in three, pencil in four,
    a dark exposure in six; one in eight is a board with chalk, without paper's ways.
    """
    always = ("texture", "turn", "perspective", "slope", "blur", "noise", "jpeg")
    often = tuple(
        n for n in ("vignette", "shadow", "table", "dirt", "colour") if rng.random() < 0.5
    )
    lines = (("rulings",), ("squares",), ())[int(rng.integers(3))]
    pen = ("pencil",) if rng.random() < 1 / 4 else ()
    dark = ("dark",) if rng.random() < 1 / 6 else ()
    if rng.random() < 1 / 8:
        return of_level(level, (*always, "chalk", *(n for n in often if n != "dirt")))
    return of_level(level, (*always, *often, *lines, *pen, *dark))


def photograph(
    ink: Ink,
    shape: tuple[int, int],
    disturbances: Mapping[str, float],
    rng: np.random.Generator,
    line_height: float = 120.0,
) -> Photo:
    """A photo of ink on a sheet.

    Parameters
    ----------
    ink : Ink
        In px of the sheet.
    shape : (int, int)
        Height and width of the sheet and of the photo, px.
    disturbances : mapping
        Sizes, as in `STRENGTHS`; what is not named is left out.
    rng : Generator
        Where all chance comes from.
    line_height : float
        Distance of written lines, px: that of the ruling lines; the first is one below the top.
    """
    # Each step has chance of its own, so that one disturbance more changes no other.
    painting, viewing, laying, lighting, taking = rng.spawn(5)
    sheet = _sheet(ink, shape, disturbances, painting, line_height)
    return _photographed(sheet, disturbances, (viewing, laying, lighting, taking))


def photograph_sheet(
    sheet: Plane, disturbances: Mapping[str, float], rng: np.random.Generator
) -> Photo:
    """A photo of a sheet that is painted already, (h, w, 3), 0 to 255."""
    viewing, laying, lighting, taking = rng.spawn(4)
    return _photographed(sheet, disturbances, (viewing, laying, lighting, taking))


def _photographed(
    sheet: Plane, disturbances: Mapping[str, float], chances: tuple[np.random.Generator, ...]
) -> Photo:
    viewing, laying, lighting, taking = chances
    height, width = sheet.shape[:2]
    shape = height, width
    onto = _view(shape, disturbances, viewing)
    table = _table(shape, laying)
    if "table" not in disturbances:
        table[:] = np.median(sheet, axis=(0, 1))
    seen = cv2.warpPerspective(
        sheet, onto, shape[::-1], table, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT
    )
    lit = seen * light(shape, disturbances, lighting)[..., np.newaxis]
    edges = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], np.float64)
    corners = cv2.perspectiveTransform(edges[:, np.newaxis], onto)[:, 0].astype(np.float32)
    return Photo(_taken(np.asarray(lit, np.float32), disturbances, taking), corners, onto)


def _sheet(
    ink: Ink,
    shape: tuple[int, int],
    sizes: Mapping[str, float],
    rng: np.random.Generator,
    line_height: float,
) -> Plane:
    """The flat sheet, (h, w, 3), 0 to 255."""
    texture, rule, soil, pen = rng.spawn(4)
    board = "chalk" in sizes
    paper = np.full((*shape, 3), 60.0 if board else 240.0, np.float32)
    lost = sizes.get("colour", 0.0) * rng.permutation([1.0, 0.6, 0.25])
    paper *= (1 - lost).astype(np.float32)
    fibres = texture.normal(0, 1, (shape[0] // 2 + 1, shape[1] // 2 + 1)).astype(np.float32)
    fibres = np.asarray(cv2.resize(cv2.GaussianBlur(fibres, (0, 0), 0.8), shape[::-1]), np.float32)
    paper += (sizes.get("texture", 0.0) / float(fibres.std()) * fibres)[..., np.newaxis]
    _rule(paper, sizes, rule, line_height)
    _soil(paper, sizes, soil)
    cover = draw_strokes(shape, [s.points for s in ink.strokes], [s.width for s in ink.strokes])
    part = cover[..., np.newaxis] / np.float32(255)
    return np.asarray(paper * (1 - part) + _pen(paper, sizes, pen) * part, np.float32)


def _pen(paper: Plane, sizes: Mapping[str, float], rng: np.random.Generator) -> Plane:
    """The sheet as if ink covered all of it."""
    if "chalk" in sizes:
        return np.asarray(paper + 180 * sizes["chalk"], np.float32)
    if "pencil" in sizes:
        return np.asarray(paper * (1 - sizes["pencil"]), np.float32)
    colours = ([0.1, 0.1, 0.12], [0.1, 0.18, 0.5], [0.55, 0.12, 0.12])
    return np.asarray(paper * np.array(colours[int(rng.integers(3))], np.float32), np.float32)


def _rule(
    paper: Plane, sizes: Mapping[str, float], rng: np.random.Generator, line_height: float
) -> None:
    """Ruling lines below each written line, or squares, light blue or grey."""
    height, width = paper.shape[:2]
    tint = np.array(([1.0, 0.75, 0.35], [0.85, 0.85, 0.85])[int(rng.integers(2))], np.float32)
    thick = max(1, round(min(height, width) / 400))
    lines = np.zeros((height, width), np.float32)
    if "rulings" in sizes:
        for y in np.arange(line_height, height, line_height):
            lines[round(y) : round(y) + thick] = sizes["rulings"]
    if "squares" in sizes:
        for at in np.arange(rng.uniform(0, 20), max(height, width), line_height / 4.5):
            lines[round(at) : round(at) + thick] = sizes["squares"]
            lines[:, round(at) : round(at) + thick] = sizes["squares"]
    paper *= 1 - lines[..., np.newaxis] * tint


def _soil(paper: Plane, sizes: Mapping[str, float], rng: np.random.Generator) -> None:
    if "dirt" not in sizes:
        return
    height, width = paper.shape[:2]
    side = min(height, width)
    for _ in range(round(sizes["dirt"])):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        level = float(rng.uniform(40, 170))
        cv2.circle(paper, at, int(rng.integers(1, max(2, side // 250) + 1)), (level,) * 3, -1)
    for part in (0.3, 0.7):
        at = (round(0.035 * side), round(part * height))
        cv2.circle(paper, at, round(0.018 * side), (70.0, 60.0, 55.0), -1, cv2.LINE_AA)


def _view(
    shape: tuple[int, int], sizes: Mapping[str, float], rng: np.random.Generator
) -> NDArray[np.float64]:
    """The homography from the sheet to the photo."""
    height, width = shape
    side = min(shape)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    seen = flat - flat.mean(axis=0)
    seen += rng.uniform(-1, 1, (4, 2)) * sizes.get("perspective", 0.0) * side
    angle = math.radians(sizes.get("turn", 0.0)) * float(rng.choice([-1, 1]))
    seen = seen @ np.array(
        [[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]]
    )
    if "table" in sizes:  # all of the sheet is in the photo, with some room
        room = np.array([width, height]) * (1 - 2 * sizes["table"])
        seen *= float((room / np.ptp(seen, axis=0)).min())
    middle = (seen.max(axis=0) + seen.min(axis=0)) / 2 if "table" in sizes else seen.mean(axis=0)
    seen += np.array([width, height]) / 2 - middle
    matrix = cv2.getPerspectiveTransform(flat.astype(np.float32), seen.astype(np.float32))
    return np.asarray(matrix, np.float64)


def _table(shape: tuple[int, int], rng: np.random.Generator) -> Plane:
    """Wood, cloth or stone: of one colour, with a grain along one direction."""
    colours = ([95, 62, 40], [50, 52, 58], [120, 95, 70], [30, 60, 50], [150, 150, 145])
    colour = np.array(colours[int(rng.integers(len(colours)))], np.float32)
    rough = rng.normal(0, 1, shape).astype(np.float32)
    grain = np.asarray(cv2.GaussianBlur(rough, (0, 0), sigmaX=max(shape) / 40, sigmaY=1.5))
    return np.asarray(colour + (9 / float(grain.std()) * grain)[..., np.newaxis], np.float32)


def _taken(lit: Plane, sizes: Mapping[str, float], rng: np.random.Generator) -> Picture:
    """The picture that the camera takes, 0 to 255."""
    if "blur" in sizes:
        sigma = sizes["blur"] / 100 * min(lit.shape[:2])
        lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), sigma), np.float32)
    if "noise" in sizes:
        lit = lit + rng.normal(0, sizes["noise"], lit.shape).astype(np.float32)
    picture = np.clip(np.rint(lit), 0, 255).astype(np.uint8)
    if "jpeg" in sizes:
        quality = [cv2.IMWRITE_JPEG_QUALITY, round(sizes["jpeg"])]
        data = cv2.imencode(".jpg", picture[..., ::-1], quality)[1]
        decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
        picture = np.asarray(decoded, np.uint8)[..., ::-1]
    return np.ascontiguousarray(picture)
