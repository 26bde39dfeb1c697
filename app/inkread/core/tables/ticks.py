"""Comb fields of short upright ticks that stand on one line: open above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.tables.chains import Chain
from inkread.core.tables.lattice import Lattice
from inkread.core.tables.line_maps import LineMaps

Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the combs; a pitch is the distance of two ticks."""

    # Ticks; chosen: fewer are an underline with digits on it.
    min_ticks: int = 4
    # px between a tick and its line; chosen: the blur of both.
    touch: float = 6.0
    # Pitch over the usual one; chosen: printed ticks are alike.
    regular: float = 0.12
    # Share of the pitches that are alike; chosen: a digit may stand on the line.
    alike: float = 0.75
    # Length of a tick over the usual one; chosen: digits are taller.
    length: float = 0.35
    # Pitches from the ends of the line to the outermost ticks; chosen: an underline goes on.
    ends: float = 0.3
    # px across by which a tick is no straight line; chosen: strokes of digits lean.
    lean: float = 2.5
    # Pitches, height of the cells where nothing is written; chosen: usual combs.
    height: float = 1.3
    # The same at least and most; chosen: combs for digits.
    min_height: float = 1.15
    max_height: float = 1.8
    # Share of the line's contrast that is ink; chosen: half of it.
    ink: float = 0.4


PARAMS = Params()


def comb_of_ticks(
    level: Sequence[Chain], upright: Sequence[Chain], maps: LineMaps
) -> Lattice | None:
    """The lattice of a comb of ticks; None if the pieces make none.

    Parameters
    ----------
    level, upright : sequence of Chain
        Pieces that touch one another.
    maps : LineMaps
        Where they were traced.
    """
    base = max(level, key=lambda chain: chain.length)
    ticks = [chain for chain in upright if _stands_on(chain, base)]
    if len(ticks) < PARAMS.min_ticks:
        return None
    usual = float(np.median([tick.length for tick in ticks]))
    ticks = [tick for tick in ticks if abs(tick.length / usual - 1) <= PARAMS.length]
    if not ticks:
        return None
    x = np.sort([float(np.median(tick.across)) for tick in ticks])
    x = x[np.concatenate(([True], np.diff(x) > PARAMS.touch))]
    if len(x) < PARAMS.min_ticks:
        return None
    pitch = float(np.median(np.diff(x)))
    is_alike = np.abs(np.diff(x) / pitch - 1) <= PARAMS.regular
    near = PARAMS.ends * pitch
    if is_alike.mean() < PARAMS.alike or abs(x[0] - base.start) > near:
        return None
    if abs(x[-1] - base.end) > near or usual > PARAMS.max_height * pitch:
        return None
    x = np.linspace(x[0], x[-1], round((x[-1] - x[0]) / pitch) + 1)
    at = np.clip(np.rint(x - base.start), 0, base.length - 1).astype(np.intp)
    y = base.across[at]
    height = max(usual, _height(maps, x, y, pitch))
    nodes = np.stack([np.stack([x, y - height], -1), np.stack([x, y], -1)])
    level_edges = np.stack([np.zeros(len(x) - 1), np.ones(len(x) - 1)])
    widths = base.width, float(np.median([tick.width for tick in ticks]))
    return Lattice(nodes, level_edges, np.ones((1, len(x))), widths, (1, len(x)))


def _stands_on(chain: Chain, base: Chain) -> bool:
    """Whether an upright piece is straight and ends on a line."""
    place = round(float(chain.across[-1])) - base.start
    if not -PARAMS.touch <= place <= base.length + PARAMS.touch:
        return False
    y = float(base.across[min(max(0, place), base.length - 1)])
    is_straight = float(np.ptp(chain.across)) <= PARAMS.lean
    return is_straight and abs(chain.end - y) <= PARAMS.touch


def _height(maps: LineMaps, x: Plane, y: Plane, pitch: float) -> float:
    """The height of the cells, by what is written above the line, px."""
    low, high = round(float(y.min() - PARAMS.max_height * pitch)), round(float(y.max()))
    seen = maps.ink[max(0, low) : high, max(0, round(x[0])) : round(x[-1])]
    usual = PARAMS.height * pitch
    if not seen.size:
        return usual
    contrast = float(np.median(maps.ink[np.rint(y).astype(np.intp), np.rint(x).astype(np.intp)]))
    mask = np.asarray(seen > max(4.0, PARAMS.ink * contrast), np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    tall = stats[1:][stats[1:, cv2.CC_STAT_HEIGHT] >= pitch / 2]
    tall = tall[tall[:, cv2.CC_STAT_TOP] + tall[:, cv2.CC_STAT_HEIGHT] < seen.shape[0] - 2]
    if not len(tall):
        return usual
    top = float(np.median(tall[:, cv2.CC_STAT_TOP])) + max(0, low)
    room = float(np.median(y)) - top + 0.15 * pitch
    return float(np.clip(room, PARAMS.min_height * pitch, PARAMS.max_height * pitch))
