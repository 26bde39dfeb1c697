"""Paper that does not lie flat: how far points of a form are from where a plane would have them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Grey

Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the bend."""

    #: Degree of the polynomial; chosen: a sheet has one or two waves.
    degree: int = 4
    #: By how much the pictures are reduced; chosen: bounds the work, print stays more than a px.
    reduced: int = 2
    #: Px of those, sigmas of the smoothing, coarse to fine; chosen: print is found again from twice
    #: as far.
    smooths: tuple[float, ...] = (3.0, 2.0, 1.3)
    #: Steps at each of them; chosen: most have converged.
    steps: int = 4
    #: Penalty on each coefficient, over the mean weight of all; chosen: where nothing is printed
    #: the paper lies as beside it.
    penalty: float = 0.02
    #: Share of the picture by which paper bends at most; chosen: 4 mm of A4, more is another form.
    most: float = 0.012


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """By how much points of a form are moved, a polynomial of their place.

    Attributes
    ----------
    weights : (n, n, 2) array of float64
        Px of the form, of each product of Legendre polynomials of x and of y.
    shape : (int, int)
        Of the form, px.
    """

    weights: Plane
    shape: tuple[int, int]

    def at(self, points: Plane) -> Plane:
        """The move of points, (..., 2), px of the form."""
        along, down = (_legendre(points[..., axis], self.shape[1 - axis]) for axis in range(2))
        return np.asarray(np.einsum("...i,...j,ijk->...k", along, down, self.weights))

    def everywhere(self) -> Plane:
        """The move of each px of the form, (h, w, 2)."""
        height, width = self.shape
        along = _legendre(np.arange(width, dtype=np.float64), width)
        down = _legendre(np.arange(height, dtype=np.float64), height)
        return np.stack([down @ self.weights[..., k].T @ along.T for k in range(2)], axis=-1)

    def flattened(self, scan: Grey) -> Grey:
        """A scan, brought onto the form by its plane, as if it lay flat."""
        move = self.everywhere().astype(np.float32)
        x = move[..., 0] + np.arange(self.shape[1], dtype=np.float32)
        y = move[..., 1] + np.arange(self.shape[0], dtype=np.float32)[:, np.newaxis]
        return np.asarray(cv2.remap(scan, x, y, cv2.INTER_LINEAR), np.uint8)

    def enlarged(self, shape: tuple[int, int]) -> Bend:
        """The same bend of the form at another size."""
        factor = np.array([shape[1] / self.shape[1], shape[0] / self.shape[0]])
        return Bend(self.weights * factor, shape)


def fit_bend(printed: Grey, scan: Grey, around: Grey) -> Bend | None:
    """The bend of a scan that lies about on its form; None: none is found.

    Parameters
    ----------
    printed, scan : (h, w) array of uint8
        The ink of the form, and of the scan, brought onto it.
    around : (h, w) array of uint8
        Not 0 where the form's print counts.
    """
    own_size, full = _halved(printed), (int(printed.shape[0]), int(printed.shape[1]))
    scan, mask = _halved(scan), _halved(around)
    shape = (int(own_size.shape[0]), int(own_size.shape[1]))
    side = PARAMS.degree + 1
    bend = Bend(np.zeros((side, side, 2)), shape)
    near = cv2.dilate(np.maximum(own_size, scan), np.ones((9, 9), np.uint8))
    y, x = np.nonzero((mask == 255) & (near > 0))
    if not len(x):
        return None
    along, down = (
        _legendre(x.astype(np.float64), shape[1]),
        _legendre(y.astype(np.float64), shape[0]),
    )
    basis = np.stack([along[:, i] * down[:, j] for i, j in _powers()], axis=-1)
    for smooth in PARAMS.smooths:
        own = _smooth(own_size, smooth)[y, x]
        for _ in range(PARAMS.steps):
            there = _smooth(bend.flattened(scan), smooth)
            slope_y, slope_x = (np.asarray(np.gradient(there, axis=axis)) for axis in (0, 1))
            step = _step(basis, slope_x[y, x], slope_y[y, x], own - there[y, x])
            if step is None:
                return None
            moved = np.zeros_like(bend.weights)
            moved[tuple(np.array(_powers()).T)] = step
            bend = Bend(bend.weights + moved, shape)
            if np.abs(bend.everywhere()).max() > PARAMS.most * max(shape):
                return None
    return bend.enlarged(full)


def _halved(image: Grey) -> Grey:
    height, width = image.shape
    size = max(1, width // PARAMS.reduced), max(1, height // PARAMS.reduced)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _smooth(image: Grey, sigma: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(image.astype(np.float64), (0, 0), sigma), np.float64)


def _step(basis: Plane, slope_x: Plane, slope_y: Plane, off: Plane) -> Plane | None:
    """The change of the weights that takes most of the difference away, by least squares."""
    # What is not printed on the form, but written around it, is no difference that counts.
    usual = 3 * float(np.median(np.abs(off[np.abs(off) > 1]))) if (np.abs(off) > 1).any() else 1.0
    trust = 1 / (1 + (off / max(usual, 1.0)) ** 2)
    rows = np.concatenate([basis * slope_x[:, np.newaxis], basis * slope_y[:, np.newaxis]], axis=1)
    weighted = rows * trust[:, np.newaxis]
    normal = weighted.T @ rows
    size = float(np.trace(normal)) / len(normal)
    if size <= 0:
        return None
    solved = np.linalg.solve(normal + PARAMS.penalty * size * np.eye(len(normal)), weighted.T @ off)
    return np.asarray(solved.reshape(2, -1).T, np.float64)


def _powers() -> list[tuple[int, int]]:
    return [(i, j) for i in range(PARAMS.degree + 1) for j in range(PARAMS.degree + 1 - i)]


def _legendre(at: Plane, side: int) -> Plane:
    """The Legendre polynomials of places along a side, (..., degree + 1)."""
    return np.asarray(
        np.polynomial.legendre.legvander(2 * at / max(1, side - 1) - 1, PARAMS.degree)
    )
