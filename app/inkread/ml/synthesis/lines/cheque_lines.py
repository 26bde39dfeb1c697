"""Lines from cheques: bent and scaled at random, or put together anew from their digits."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.geometry import Box
from inkread.core.line_picture import digit_rows, normalised
from inkread.core.quantiles import quantile
from inkread.core.reading import Grey
from inkread.ml.datasets.cheques import Cheque
from inkread.ml.synthesis.lines.layout import indices_of
from inkread.ml.synthesis.lines.pages import finished_picture, jpeg
from inkread.ml.synthesis.lines.textures import Textures

_HEIGHT = 30.0
"""Height of the digits of amounts that are put together, px; about that of the cheques."""
_OWN = 0.6
"""Share of digits that come from the same cheque."""
_FAINT = 80
"""Grey levels of 255; fainter than this is background around a digit that is cut out."""
_INK = 110
"""Grey levels of 255; what has more contrast is ink when it is taken off a background."""

_BACKGROUND = 0.6
"""Share of a cheque's pixels that is darker than the level of its background."""


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """Columns of a cheque with digits that stand by themselves; digits `_HEIGHT` high."""

    image: Grey
    digits: str
    middle: float


class ChequeLines:
    """Makes lines of cheques; nothing changes once it is made.

    Parameters
    ----------
    cheques : sequence of Cheque
        To learn; at least one.
    """

    def __init__(self, cheques: Sequence[Cheque]) -> None:
        self._cheques = cheques
        self._strips = [strips for cheque in cheques if (strips := _strips(cheque))]

    def line(self, textures: Textures, rng: np.random.Generator) -> tuple[Grey, tuple[int, ...]]:
        """A (32, w) line picture of a cheque, and the labels of its digits."""
        cheque = self._cheques[int(rng.integers(len(self._cheques)))]
        picture, boxes = _cropped(cheque, rng)
        top, bottom = digit_rows(boxes)
        return _varied(picture, top, bottom, textures, rng), indices_of(cheque.digits)

    def recombined(
        self, textures: Textures, rng: np.random.Generator
    ) -> tuple[Grey, tuple[int, ...]]:
        """A (32, w) line picture of an amount from digits of cheques, and their labels."""
        own = self._strips[int(rng.integers(len(self._strips)))]
        chosen, count = list[_Strip](), int(rng.integers(2, 7))
        while sum(len(strip.digits) for strip in chosen) < count:
            strips = own
            if rng.random() > _OWN:
                strips = self._strips[int(rng.integers(len(self._strips)))]
            chosen.append(strips[int(rng.integers(len(strips)))])
        picture, top, bottom = _joined(chosen, rng)
        digits = "".join(strip.digits for strip in chosen)
        return _varied(picture, top, bottom, textures, rng), indices_of(digits)


def digits_of(cheque: Cheque) -> list[tuple[str, Grey]]:
    """Label and ink (255 on 0) of each digit of a cheque that stands by itself."""
    contrast, boxes = normalised(cheque.image), cheque.boxes
    clean = cv2.convertScaleAbs(cv2.subtract(contrast, np.full_like(contrast, _FAINT)),
                                alpha=255 / (255 - _FAINT))  # fmt: skip
    found = []
    for i, (label, box) in enumerate(zip(cheque.digits, boxes, strict=True)):
        part = clean[max(0, int(box.y)) : int(box.bottom), max(0, int(box.x)) : int(box.right)]
        if (
            part.size
            and part.max() > _INK
            and not any(
                box.overlap_x(other) > 0
                for other in boxes[max(0, i - 1) : i] + boxes[i + 1 : i + 2]
            )
        ):
            found.append((label, np.asarray(part, np.uint8)))
    return found


def background_of(cheque: Cheque) -> Grey:
    """The printed background of a cheque, 0 (blank) to 255 (full ink), digits 30 px high."""
    contrast = normalised(cheque.image)
    mask = contrast > _INK
    for box in cheque.boxes:
        left, top = max(0, int(box.x) - 2), max(0, int(box.y) - 2)
        part = np.s_[top : int(box.bottom) + 3, left : int(box.right) + 3]
        mask[part] |= contrast[part] > _INK // 2
    around = np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)), np.uint8)
    clean = np.asarray(cv2.inpaint(contrast, around, 3, cv2.INPAINT_TELEA), np.uint8)
    first, last = digit_rows(cheque.boxes)
    return _scaled(clean, _HEIGHT / (last - first))


def _cropped(cheque: Cheque, rng: np.random.Generator) -> tuple[Grey, list[Box]]:
    """Half of the time some of the background around the digits, as a reader crops it."""
    image = cheque.image
    if rng.random() < 0.5:
        return image, list(cheque.boxes)
    top, bottom = digit_rows(cheque.boxes)
    around = (rng.uniform((0.15, 0.3, 0.15, 0.3), (2.0, 0.9, 2.0, 0.9)) * (bottom - top)).tolist()
    left = max(0, int(min(box.x for box in cheque.boxes) - around[0]))
    right = int(max(box.right for box in cheque.boxes) + around[2]) + 1
    first = max(0, int(min(box.y for box in cheque.boxes) - around[1]))
    last = int(max(box.bottom for box in cheque.boxes) + around[3]) + 1
    boxes = [Box(b.x - left, b.y - first, b.width, b.height) for b in cheque.boxes]
    return image[first:last, left:right], boxes


def _varied(
    grey: Grey, top: float, bottom: float, textures: Textures, rng: np.random.Generator
) -> Grey:
    """The line picture of a page that was bent, inked and photographed a little differently."""
    height = bottom - top
    if rng.random() < 0.85:
        grey = bent(grey, (top + bottom) / 2, height, textures, rng)
    grey = _inked(grey, height, rng)
    chance = rng.random(3).tolist()
    if chance[0] < 0.3:
        grey = np.asarray(
            cv2.GaussianBlur(grey, (0, 0), height * rng.uniform(0.01, 0.04)), np.uint8
        )
    if chance[1] < 0.4:
        deviation = float(grey.std()) * float(rng.uniform(0.02, 0.3))
        noise = textures.noise((grey.shape[0], grey.shape[1]), rng)
        grey = np.asarray(np.clip(grey + noise * np.float32(deviation), 0, 255), np.uint8)
    if chance[2] < 0.2:
        grey = jpeg(grey, int(rng.integers(35, 92)))
    return finished_picture(grey, top, bottom, rng)


def bent(
    grey: Grey, middle: float, height: float, textures: Textures, rng: np.random.Generator
) -> Grey:
    """A picture sheared, stretched, tilted and bent; the row `middle` stays, and all heights.

    Parameters
    ----------
    grey : (h, w) array of uint8
        A page or ink.
    middle, height : float
        Row in the middle of the digits, and their height, px.
    textures : Textures
        Lend smooth waves.
    rng : numpy.random.Generator
        Draws how much.
    """
    rows, columns = grey.shape
    stretch = math.exp(rng.normal(0, 0.13))
    slant, tilt = rng.normal(0, (0.13, 0.012)).tolist()
    width = math.ceil(columns * stretch + abs(slant) * rows)
    shape = rows, width
    x = np.arange(width, dtype=np.float32)
    y = np.arange(rows, dtype=np.float32)[:, np.newaxis] - np.float32(middle)
    across = (x - np.float32((width - 1) / 2) + y * np.float32(slant)) * np.float32(1 / stretch)
    across += np.float32((columns - 1) / 2)
    down = y + (x - np.float32(width / 2)) * np.float32(tilt) + np.float32(middle)
    if rng.random() < 0.6:
        size = np.float32(height * rng.uniform(0.01, 0.045))
        across = across + textures.wave(shape, rng) * size
        down = down + textures.wave(shape, rng) * size
    # Mirrored or repeated edges would look like further digits.
    level = quantile(grey[::4, ::4], _BACKGROUND)
    found = cv2.remap(grey, across, down, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, level)
    return np.asarray(found, np.uint8)


def _inked(grey: Grey, height: float, rng: np.random.Generator) -> Grey:
    """Sometimes with thicker or thinner ink: dark on light."""
    chance = rng.random()
    if height < 20 or chance > 0.22:
        return grey
    kernel = np.ones((2, 2), np.uint8)
    changed = cv2.erode(grey, kernel) if chance < 0.14 else cv2.dilate(grey, kernel)
    share = float(rng.uniform(0.3, 1.0))
    return np.asarray(cv2.addWeighted(changed, share, grey, 1 - share, 0), np.uint8)


def _strips(cheque: Cheque) -> list[_Strip]:
    """A cheque cut between digits that do not overlap: half of the gap goes to each side."""
    groups = list[list[Box]]()
    for box in cheque.boxes:
        if groups and box.x < max(own.right for own in groups[-1]):
            groups[-1].append(box)
        else:
            groups.append([box])
    ends = [(g[0].x, max(box.right for box in g)) for g in groups]
    cuts = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(ends)]
    edges = [ends[0][0] - 6, *cuts, ends[-1][1] + 6]
    top, bottom = digit_rows(cheque.boxes)
    scale = _HEIGHT / (bottom - top)
    contrast, strips, start = normalised(cheque.image), list[_Strip](), 0
    for group, (left, right) in zip(groups, itertools.pairwise(edges), strict=True):
        part = contrast[:, max(0, round(left)) : max(1, round(right))]
        digits = cheque.digits[start : start + len(group)]
        start += len(group)
        if part.shape[1] > 2:
            strips.append(_Strip(_scaled(part, scale), digits, (top + bottom) / 2 * scale))
    return strips


def _scaled(image: Grey, scale: float) -> Grey:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    return np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)


def _joined(strips: Sequence[_Strip], rng: np.random.Generator) -> tuple[Grey, float, float]:
    """Strips side by side, dark on light, and the rows of their digits; some overlap."""
    rows = round(_HEIGHT * 2)
    overlap = int(rng.integers(-4, 7))
    width = sum(strip.image.shape[1] for strip in strips) + 4 * len(strips) + 8
    ink = np.zeros((rows, width), np.uint8)
    x = 4
    for strip in strips:
        shift = round(rows / 2 - strip.middle + float(rng.normal(0, 1.2)))
        first, last = max(0, shift), min(rows, shift + strip.image.shape[0])
        part = ink[first:last, x : x + strip.image.shape[1]]
        own = strip.image[first - shift : last - shift]
        np.maximum(part, own[:, : part.shape[1]], out=part)
        x += max(4, strip.image.shape[1] - max(-4, overlap + int(rng.integers(-1, 2))))
    last = min(width, x + max(0, overlap) + 4)
    contrast = float(rng.uniform(0.25, 0.8))
    light = cv2.convertScaleAbs(ink[:, :last], alpha=contrast)
    grey = np.asarray(250 - np.asarray(light, np.uint8), np.uint8)
    return grey, rows / 2 - _HEIGHT / 2, rows / 2 + _HEIGHT / 2
