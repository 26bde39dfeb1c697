"""How well a scan that was brought onto a form fits its print."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.forms.form_print import PARAMS as PRINT
from inkread.core.forms.form_print import FormPrint
from inkread.core.geometry import Box
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the fit."""

    #: Px, sigma of the smoothing; chosen: lines may be half a px off and a px wider.
    smooth: float = 1.5
    #: Px, side of a tile; chosen: a printed word or the corner of a box.
    tile: int = 40
    #: Px of ink in a tile at least; chosen: a line of 20 px.
    min_ink: int = 30
    #: Correlation from which on the print of a tile is there; chosen: half of it is in place.
    there: float = 0.5
    #: Px around a field, in which print tells whether it is in place; chosen: two tiles.
    near: float = 80.0


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class PrintFit:
    """How much of a form's print is at its place on a scan.

    Attributes
    ----------
    share : float
        Share of the printed tiles that are there, 0 to 1.
    correlation : float
        Of all print with the scan, -1 to 1.
    tiles : (n, 2) array of int64
        Middles of the printed tiles, x, y in px of the print.
    is_there : (n,) array of bool
        Whether each of them is there.
    """

    share: float
    correlation: float
    tiles: NDArray[np.int64]
    is_there: NDArray[np.bool_]

    def near(self, box: Box) -> float:
        """The share of the tiles around a box, px of the print, that are there; 1: none is near."""
        room = box.grown(PARAMS.near)
        x, y = self.tiles.T
        is_near = (x >= room.x) & (x < room.right) & (y >= room.y) & (y < room.bottom)
        return float(self.is_there[is_near].mean()) if is_near.any() else 1.0


def fit_of(printed: FormPrint, scan: Grey) -> PrintFit:
    """The fit of a scan that was brought onto a form's print, of the same size."""
    around = printed.around > 0
    own, there = (
        np.where(around, cv2.GaussianBlur(image, (0, 0), PARAMS.smooth), 0).astype(np.float64)
        for image in (printed.image, scan)
    )
    count = _sums(around.astype(np.float64))
    ink = _sums(((printed.image >= PRINT.ink) & around).astype(np.float64))
    products = [_sums(a * b) for a, b in ((own, own), (there, there), (own, there))]
    local = _correlation(count, _sums(own), _sums(there), *products)
    rows, columns = np.nonzero(ink >= PARAMS.min_ink)
    is_there = local[rows, columns] >= PARAMS.there
    whole = [np.array(each.sum()) for each in (count, _sums(own), _sums(there), *products)]
    half = PARAMS.tile // 2
    tiles = np.stack([columns * PARAMS.tile + half, rows * PARAMS.tile + half], axis=-1)
    share = float(is_there.mean()) if len(is_there) else 0.0
    return PrintFit(share, float(_correlation(*whole)), tiles.astype(np.int64), is_there)


def _sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum over each tile."""
    tile = PARAMS.tile
    down, across = (-(-side // tile) for side in values.shape)
    padded = np.pad(
        values, ((0, down * tile - values.shape[0]), (0, across * tile - values.shape[1]))
    )
    return np.asarray(padded.reshape(down, tile, across, tile).sum(axis=(1, 3)), np.float64)


def _correlation(
    count: NDArray[np.float64],
    own: NDArray[np.float64],
    there: NDArray[np.float64],
    own_own: NDArray[np.float64],
    there_there: NDArray[np.float64],
    own_there: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Pearson's, of sums."""
    number = np.maximum(count, 1)
    spread = np.maximum(own_own - own * own / number, 0) * np.maximum(
        there_there - there * there / number, 0
    )
    return np.asarray((own_there - own * there / number) / np.sqrt(np.maximum(spread, 1e-6)))
