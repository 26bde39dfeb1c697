"""Lines on pages: printed lines and patterns, uneven ink, light, and what cameras do to them."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np

from inkread.core.line_picture import DIGIT_HEIGHT, line_picture, normalised
from inkread.core.reading import Grey
from inkread.ml.synthesis.lines.drawing import SCALES, SHIFT, Drawn, page_ink
from inkread.ml.synthesis.lines.layout import Written
from inkread.ml.synthesis.lines.textures import Field, Textures

_HEIGHTS = ((10.0, 17.0), (17.0, 32.0), (32.0, 52.0))
"""Ranges of the height of a digit, px; larger ones are reduced to these first, by cameras and by
reading alike."""
_UP_TO = (0.17, 0.8)
_PENS = (0.045, 0.26)
"""Line width over height of a digit."""
_BLUR = (0.035, 0.05)
"""Most blur of small digits, and of others: deviation over height of a digit."""
_TWO_LEVELS, _JPEG, _COARSE = 0.06, 0.36, 0.44
"""Cumulative shares of pages in black and white, of JPEGs, and of pictures that were enlarged."""
_PATTERNED, _RULED = 0.35, 0.42
"""Shares of lines on printed patterns, and with printed lines."""
_SHADOWED = 0.15
"""Share of pages with the edge of a shadow."""


def random_pen(rng: np.random.Generator) -> float:
    """Width of a line over the height of a digit."""
    return float(np.clip(math.exp(rng.normal(-2.2, 0.42)), *_PENS))


def page_line(
    line: Written,
    pen: float,
    textures: Textures,
    rng: np.random.Generator,
    patterned: float = _PATTERNED,
) -> Grey:
    """A (32, w) line picture of a line that was written on a page and photographed or scanned.

    Parameters
    ----------
    line : Written
        At least one stroke or picture.
    pen : float
        Width of its lines over the height of a digit.
    textures : Textures
        Of pages.
    rng : numpy.random.Generator
        Draws the page.
    patterned : float
        Share of pages with a printed pattern.
    """
    height = float(rng.uniform(*_HEIGHTS[int(np.searchsorted(_UP_TO, rng.random()))]))
    around = tuple((rng.uniform((0.1, 0.5, 0.1, 0.5), (1.4, 0.9, 1.4, 0.9)) * height).tolist())
    drawn = page_ink(line, height, max(0.7, pen * height), around, rng)
    grey = _photographed(drawn, textures, patterned, rng)
    return finished_picture(grey, drawn.top, drawn.bottom, rng)


def finished_picture(grey: Grey, top: float, bottom: float, rng: np.random.Generator) -> Grey:
    """The line picture of a page, its rows estimated as badly as a reader may."""
    half = (bottom - top) / 2 / float(rng.uniform(*SCALES))
    middle = (top + bottom) / 2 + float(rng.uniform(-SHIFT, SHIFT)) * 2 * half / DIGIT_HEIGHT
    return line_picture(normalised(grey), middle - half, middle + half).image


def _photographed(
    drawn: Drawn, textures: Textures, patterned: float, rng: np.random.Generator
) -> Grey:
    """A page with the ink."""
    shape = drawn.image.shape
    height = drawn.bottom - drawn.top
    ink = _uneven(drawn.image * np.float32(1 / 255), textures, rng)
    darkness = float(rng.uniform(0.15, 0.95)) if rng.random() < 0.8 else rng.uniform(0.1, 0.25)
    light = 1 - ink * np.float32(darkness)
    if rng.random() < patterned:
        most = 0.4 * darkness if rng.random() < 0.8 else 0.7 * darkness
        light *= 1 - textures.print((shape[0], shape[1]), rng) * np.float32(
            most * rng.uniform(0.1, 1)
        )
    if rng.random() < _RULED:
        make = _FORMS[int(np.searchsorted(_FORMS_UP_TO, rng.random()))]
        # Squares as dark as the ink would hide it.
        strength = float(rng.uniform(0.2, 0.6 if make is _squares else 1.0)) * min(darkness, 0.85)
        light *= 1 - _printed(drawn, make, rng) * np.float32(strength / 255)
    return _camera(light, darkness, height, textures, rng)


def _uneven(ink: Field, textures: Textures, rng: np.random.Generator) -> Field:
    """Ink that runs dry, or pencil on rough paper."""
    chance = rng.random()
    shape = ink.shape[0], ink.shape[1]
    if chance < 0.25:
        fading = 1 - np.float32(rng.uniform(0.05, 0.3)) * np.abs(textures.wave(shape, rng))
        ink = ink * np.maximum(fading, np.float32(0.35))
    elif chance < 0.4:
        rough = 1 - np.float32(rng.uniform(0.1, 0.5)) * np.abs(textures.noise(shape, rng))
        ink = ink * np.maximum(rough, np.float32(0))
    return ink


def _camera(
    light: Field, darkness: float, height: float, textures: Textures, rng: np.random.Generator
) -> Grey:
    """Brightness, light that falls off, blur, grain, sharpening, two levels, JPEG."""
    shape = light.shape[0], light.shape[1]
    blurred, lit, sharpened, grained, last = rng.random(5).tolist()
    if blurred < 0.6:
        light = _blur(light, height * float(rng.uniform(0.01, _BLUR[height > _HEIGHTS[1][0]])))
    if lit < 0.35:
        least = max(0.6, 1 - darkness / 2, 1 - 0.05 * shape[1] / height)
        slope = np.linspace(1, float(rng.uniform(least, 1.0)), shape[1], dtype=np.float32)
        light = light * (slope if lit < 0.18 else slope[::-1])
    if rng.random() < _SHADOWED:
        light = light * _shadow(shape, height, rng)
    if sharpened < 0.08:
        light = light + np.float32(rng.uniform(0.5, 1.5)) * (light - _blur(light, height * 0.06))
    background = float(rng.uniform(120, 255))
    grey = light * np.float32(background)
    if grained < 0.6:
        # Larger digits are averaged more when they are reduced; two levels need clean ink.
        most = 0.09 * max(1.0, height / DIGIT_HEIGHT) if last > _TWO_LEVELS else 0.1
        deviation = float(rng.uniform(0.01, most)) * darkness * background
        grey = grey + textures.noise(shape, rng) * np.float32(deviation)
    picture = np.asarray(cv2.convertScaleAbs(np.maximum(grey, 0)), np.uint8)
    if last < _TWO_LEVELS:
        darkest, lightest = cv2.minMaxLoc(light)[:2]
        level = background * (lightest - (lightest - darkest) * float(rng.uniform(0.35, 0.6)))
        return np.asarray(cv2.threshold(picture, level, 255, cv2.THRESH_BINARY)[1], np.uint8)
    if last < _JPEG:  # faint ink does not outlive strong compression
        return jpeg(picture, int(rng.integers(30 if darkness > 0.3 else 70, 92)))
    return _enlarged(picture, rng) if last < _COARSE and height > _HEIGHTS[1][0] else picture


def _shadow(shape: tuple[int, int], height: float, rng: np.random.Generator) -> Field:
    """Light that is lost behind a straight edge, 0 to 1."""
    angle = float(rng.uniform(0, 2 * math.pi))
    x = np.arange(shape[1], dtype=np.float32) - np.float32(rng.uniform(0, shape[1]))
    y = np.arange(shape[0], dtype=np.float32)[:, np.newaxis] - np.float32(shape[0] / 2)
    behind = x * np.float32(math.cos(angle)) + y * np.float32(math.sin(angle))
    soft = height * math.exp(rng.uniform(math.log(0.02), math.log(1.5)))
    depth = np.float32(rng.uniform(0.1, 0.65))
    return np.asarray(1 - depth * np.clip(behind / np.float32(soft), 0, 1), np.float32)


def _blur(light: Field, deviation: float) -> Field:
    return np.asarray(cv2.GaussianBlur(light, (0, 0), max(0.2, deviation)), np.float32)


def jpeg(picture: Grey, quality: int) -> Grey:
    """A picture as JPEG keeps it."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def _enlarged(picture: Grey, rng: np.random.Generator) -> Grey:
    """A picture that was reduced and enlarged again."""
    small = float(rng.uniform(0.5, 0.9))
    method = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(rng.integers(3))]
    reduced = cv2.resize(picture, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(reduced, picture.shape[::-1], interpolation=method), np.uint8)


_Lines = list[tuple[float, float, float, float]]
_Form = Callable[[Drawn, float, np.random.Generator], _Lines]


def _printed(drawn: Drawn, make: _Form, rng: np.random.Generator) -> Grey:
    """Lines of forms, tables and ruled pages, 255 on 0."""
    image = np.zeros(drawn.image.shape, np.uint8)
    height = drawn.bottom - drawn.top
    most = 0.03 if make is _squares else 0.08  # bolder ones would hide what stands on them
    thickness = max(1, round(height * float(rng.uniform(0.01, most))))
    tilt = float(rng.normal(0, 0.008))
    for x0, y0, x1, y1 in make(drawn, height, rng):
        # Lines lean as a whole: the page lies askew.
        ends = [(x0, y0 + tilt * x0), (x1, y1 + tilt * x1)]
        fixed = [tuple(round(value * 16) for value in end) for end in ends]
        cv2.line(image, fixed[0], fixed[1], 255, thickness, cv2.LINE_AA, 4)
    return image


def _ruling(drawn: Drawn, height: float, rng: np.random.Generator) -> _Lines:
    """Ruling lines; one is often near the base line."""
    near = drawn.bottom + height * float(rng.normal(0.08, 0.15))
    first = near if rng.random() < 0.8 else drawn.top + height * float(rng.uniform(0, 1))
    step = height * float(rng.uniform(1.1, 2.4))
    width = drawn.image.shape[1]
    return [(-9, y, width + 9, y) for y in (first - step, first, first + step)]


def _squares(drawn: Drawn, height: float, rng: np.random.Generator) -> _Lines:
    step = height * float(rng.uniform(0.45, 1.3))
    rows, columns = drawn.image.shape
    x, y = rng.uniform(0, step, 2).tolist()
    lines = [(-9.0, y + i * step, columns + 9.0, y + i * step) for i in range(int(rows / step) + 1)]
    return lines + [
        (x + i * step, -9.0, x + i * step, rows + 9.0) for i in range(int(columns / step) + 1)
    ]


def _box(drawn: Drawn, height: float, rng: np.random.Generator) -> _Lines:
    """A form box, or some of its sides."""
    left, above, right, below = (rng.uniform(0.06, (0.9, 0.45, 0.9, 0.45)) * height).tolist()
    x0, y0 = drawn.left - left, drawn.top - above
    x1, y1 = drawn.right + right, drawn.bottom + below
    sides = [(x0, y0, x1, y0), (x1, y0, x1, y1), (x0, y1, x1, y1), (x0, y0, x0, y1)]
    kept = [side for side in sides if rng.random() < 0.8]
    return kept or sides[1:]


def _comb(drawn: Drawn, height: float, rng: np.random.Generator) -> _Lines:
    """A row of boxes, one for each digit, or ticks that part them."""
    above, below = (rng.uniform(0.1, 0.45, 2) * height).tolist()
    top, bottom = drawn.top - above, drawn.bottom + below
    pitch = height * float(rng.uniform(0.6, 1.4))
    first = drawn.left - float(rng.uniform(0.05, 0.6)) * height
    start = top if rng.random() < 0.6 else bottom - 0.3 * height
    count = int((drawn.right - first) / pitch) + 2
    lines = [(first + i * pitch, start, first + i * pitch, bottom) for i in range(count)]
    lines.append((first, bottom, lines[-1][0], bottom))
    if start == top:
        lines.append((first, top, lines[-2][0], top))
    return lines


def _underline(drawn: Drawn, height: float, rng: np.random.Generator) -> _Lines:
    ends = rng.uniform(-0.6, 0.6, 2) * height
    y = drawn.bottom + height * float(rng.uniform(-0.02, 0.4))
    line = drawn.left + float(ends[0]), y, drawn.right + float(ends[1]), y + float(rng.normal(0, 1))
    if rng.random() < 0.7:
        return [line]
    apart = height * float(rng.uniform(0.1, 0.2))
    return [line, (line[0], y + apart, line[2], line[3] + apart)]


def _column(drawn: Drawn, height: float, rng: np.random.Generator) -> _Lines:
    """Vertical lines of a table beside the number."""
    left, right = (rng.uniform(0.08, 1.0, 2) * height).tolist()
    rows = float(drawn.image.shape[0])
    both = [(drawn.left - left, -9.0, drawn.left - left, rows + 9),
            (drawn.right + right, -9.0, drawn.right + right, rows + 9)]  # fmt: skip
    return both if rng.random() < 0.4 else [both[int(rng.integers(2))]]


_WEIGHTED: tuple[tuple[_Form, float], ...] = (
    (_ruling, 3), (_squares, 1.5), (_box, 2.5), (_comb, 1), (_underline, 1.5), (_column, 1.5),
)  # fmt: skip
_FORMS = tuple(make for make, _ in _WEIGHTED)
_FORMS_UP_TO = np.cumsum([weight for _, weight in _WEIGHTED]) / sum(w for _, w in _WEIGHTED)
