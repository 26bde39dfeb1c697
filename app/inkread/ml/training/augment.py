"""Augment cells: random rotation, shear, warping, stroke thickness and noise.

Affine maps and smooth elastic fields after Simard, Steinkraus and Platt (2003), "Best practices for
convolutional neural networks applied to visual document analysis". A whole batch goes through
OpenCV at once, as one tall picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Grey

#: Cells per call; this many fit in the processor's cache.
_CHUNK = 256
#: OpenCV's remap takes pictures of less than 2^15 rows.
_MAX_ROWS = 32_000
#: Rows of background around each cell, to keep out its neighbours' ink. px.
_BORDER = 1

#: Maximum factor by which faded ink is brightened.
_MAX_GAIN = 2.0

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Strengths of the augmentation; each cell draws its own amount. 0 switches one off.

    Attributes
    ----------
    rotation : float
        Maximum angle either way, degrees.
    scale : float
        Each side is scaled by a factor between 1 / (1 + scale) and 1 + scale.
    shear : float
        Maximum sideways shift over height, either way.
    shift : float
        Maximum, either way, along both sides, px.
    elastic : float
        Standard deviation of the displacement of a point, px.
    smoothness : float
        Correlation length of the displacement, px.
    thickness : float
        0 to 1: strokes become wider or narrower by at most about this many px on either side.
    noise : float
        Maximum standard deviation of the noise, grey levels (of 255).
    """

    rotation: float = 10.0
    scale: float = 0.12
    shear: float = 0.2
    shift: float = 1.5
    elastic: float = 0.6
    smoothness: float = 5.0
    thickness: float = 0.3
    noise: float = 0.0

    def __post_init__(self) -> None:
        """Reject impossible strengths.

        Raises
        ------
        ValueError
            With the name of the strength.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{field.name} of {value} is not a number from 0 up")
        if self.thickness > 1:
            raise ValueError(f"thickness of {self.thickness} is over 1")
        if self.elastic and not self.smoothness:
            raise ValueError("smoothness of 0 makes an elastic field of noise")

    @classmethod
    def none(cls) -> Augmentation:
        """The augmentation that changes nothing."""
        return cls(0, 0, 0, 0, 0, 0, 0, 0)

    def scaled(self, factor: float) -> Augmentation:
        """Multiply each strength, but not the smoothness, by `factor`, 0 to 1."""
        strengths = {f.name: factor * getattr(self, f.name) for f in fields(self)}
        return replace(self, **(strengths | {"smoothness": self.smoothness}))

    def __call__(self, cells: Grey, rng: np.random.Generator) -> Grey:
        """Augment each cell; see `augment`."""
        return augment(cells, self, rng)

    @property
    def is_geometric(self) -> bool:
        """Whether ink is displaced."""
        return any((self.rotation, self.scale, self.shear, self.shift, self.elastic))


def augment(cells: Grey, augmentation: Augmentation, rng: np.random.Generator) -> Grey:
    """Augment each cell at random.

    Parameters
    ----------
    cells : (n, h, w) array of uint8
        0 (background) to 255 (ink); n may be 0.
    augmentation : Augmentation
        Strengths.
    rng : numpy.random.Generator
        The same state gives the same result.

    Returns
    -------
    (n, h, w) array of uint8
        New cells; the input is not changed.
    """
    height = cells.shape[1] + 2 * _BORDER
    chunk = max(1, min(_CHUNK, _MAX_ROWS // height))
    if len(cells) > chunk:
        pieces = (cells[i : i + chunk] for i in range(0, len(cells), chunk))
        return np.concatenate([augment(piece, augmentation, rng) for piece in pieces])
    changed = cells.copy()
    if not cells.size:
        return changed
    if augmentation.thickness:
        changed = _vary_thickness(changed, augmentation.thickness, rng)
    if augmentation.is_geometric:
        changed = _warped(changed, augmentation, rng)
    if augmentation.is_geometric or augmentation.thickness:
        changed = _restore_contrast(changed, cells)
    if augmentation.noise:
        changed = _add_noise(changed, augmentation.noise, rng)
    return changed


def _tall(cells: Grey) -> Grey:
    """Stack the cells in one tall picture, with a border of background around each."""
    rims = np.pad(cells, ((0, 0), (_BORDER, _BORDER), (_BORDER, _BORDER)))
    return rims.reshape(-1, rims.shape[2])


def _vary_thickness(cells: Grey, most: float, rng: np.random.Generator) -> Grey:
    """Blend the cells with their dilation (wider strokes) or erosion (narrower)."""
    amount = rng.uniform(-most, most, (len(cells), 1, 1)).astype(np.float32)
    tall = _tall(cells)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    shape = (len(cells), cells.shape[1] + 2 * _BORDER, cells.shape[2] + 2 * _BORDER)
    inside = np.s_[:, _BORDER:-_BORDER, _BORDER:-_BORDER]
    wide = cv2.dilate(tall, cross).reshape(shape)[inside]
    narrow = cv2.erode(tall, cross).reshape(shape)[inside]
    other = np.where(amount > 0, wide, narrow).astype(np.float32)
    mixed = cells + np.abs(amount) * (other - cells)
    return np.asarray(np.rint(mixed), np.uint8)


def _warped(cells: Grey, augmentation: Augmentation, rng: np.random.Generator) -> Grey:
    """Resample each cell through an affine and an elastic map."""
    count, height, width = cells.shape
    x, y = _affine(count, height, width, augmentation, rng)
    if augmentation.elastic:
        for coordinate in (x, y):
            coordinate += _elastic(count, height, width, augmentation, rng)
    # Outside of a cell is its own border of background.
    np.clip(x, -_BORDER, width, out=x)
    np.clip(y, -_BORDER, height, out=y)
    x += _BORDER
    y += (
        _BORDER
        + (height + 2 * _BORDER) * np.arange(count, dtype=np.float32)[:, np.newaxis, np.newaxis]
    )
    size = (count * height, width)
    moved = cv2.remap(_tall(cells), x.reshape(size), y.reshape(size), cv2.INTER_LINEAR)
    return np.asarray(moved, np.uint8).reshape(cells.shape)


def _affine(
    count: int, height: int, width: int, augmentation: Augmentation, rng: np.random.Generator
) -> tuple[Field, Field]:
    """Source coordinates x and y of each pixel of each cell."""
    most = math.radians(augmentation.rotation)
    angle = rng.uniform(-most, most, count)
    factor = math.log1p(augmentation.scale)
    along, across = np.exp(rng.uniform(-factor, factor, (2, count)))
    shear = rng.uniform(-augmentation.shear, augmentation.shear, count)
    shift = rng.uniform(-augmentation.shift, augmentation.shift, (2, count))
    cosine, sine = np.cos(angle), np.sin(angle)
    # Rows of the product of three matrices: rotate, then shear, then scale.
    matrix = np.array(
        [
            [along * (cosine + shear * sine), along * (shear * cosine - sine)],
            [across * sine, across * cosine],
        ],
        np.float32,
    )[..., np.newaxis, np.newaxis]
    u = np.arange(width, dtype=np.float32) - np.float32((width - 1) / 2)
    v = (np.arange(height, dtype=np.float32) - np.float32((height - 1) / 2))[:, np.newaxis]
    middle = np.array([[(width - 1) / 2], [(height - 1) / 2]])
    start = (middle + shift).astype(np.float32)[..., np.newaxis, np.newaxis]
    x = matrix[0, 0] * u + (matrix[0, 1] * v + start[0])
    y = matrix[1, 0] * u + (matrix[1, 1] * v + start[1])
    return x, y


def _elastic(
    count: int, height: int, width: int, augmentation: Augmentation, rng: np.random.Generator
) -> Field:
    """Smooth random displacements: noise on a coarse grid, spread by Gaussians."""
    down = _spread(height, augmentation.smoothness)
    across = _spread(width, augmentation.smoothness)
    noise = rng.standard_normal((count, down.shape[1], across.shape[1]), dtype=np.float32)
    field = down @ noise @ across.T
    field *= np.float32(augmentation.elastic)
    return np.asarray(field, np.float32)


def _spread(length: int, smoothness: float) -> Field:
    """(length, k) Gaussian weights of k grid points at each pixel.

    The squares of a row add up to 1: noise of variance 1 on the grid becomes a displacement of
    variance 1 everywhere.
    """
    reach = math.ceil(length / smoothness / 2 + 2)
    grid = (length - 1) / 2 + smoothness * np.arange(-reach, reach + 1)
    weights = np.exp(-(((np.arange(length)[:, np.newaxis] - grid) / smoothness) ** 2))
    return np.asarray(weights / np.linalg.norm(weights, axis=1, keepdims=True), np.float32)


def _restore_contrast(changed: Grey, cells: Grey) -> Grey:
    """Restore the brightest ink of each cell: cells to be read are no fainter either."""
    before = cells.max(axis=(1, 2), keepdims=True).astype(np.float32)
    after = changed.max(axis=(1, 2), keepdims=True).astype(np.float32)
    factor = np.minimum(before / np.maximum(after, 1), _MAX_GAIN)
    return np.asarray(np.minimum(changed * factor + np.float32(0.5), 255), np.uint8)


def _add_noise(cells: Grey, most: float, rng: np.random.Generator) -> Grey:
    amount = rng.uniform(0, most, (len(cells), 1, 1)).astype(np.float32)
    grain = rng.standard_normal(cells.shape, dtype=np.float32)
    return np.asarray(np.clip(np.rint(cells + amount * grain), 0, 255), np.uint8)
