"""Convolution with fewer multiplications: Winograd's minimal filtering, over tiles.

A tile of m x m outputs of an r x r kernel depends on t x t inputs, t = m + r - 1. With the
matrices below, and ⊙ element by element,

    Y = Aᵀ [(G w Gᵀ) ⊙ (Bᵀ D B)] A

needs t² instead of m² r² multiplications for each pair of channels: 64 instead of 400 for a
5x5 kernel (Winograd 1980; Lavin and Gray 2016, "Fast algorithms for convolutional neural
networks"). Summed over channels, ⊙ becomes t² products of matrices. All of it is linear in D
and in w, so the gradients are the transposes, and they use the same transformed tiles:

    dD = B [(G w Gᵀ)ᵀ ⊙ (A dY Aᵀ)] Bᵀ        dw = Gᵀ [(A dY Aᵀ) ⊙ (Bᵀ D B)] G
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Array, Site, size
from inkread.ml.gradients.windows import (
    Table,
    Windows,
    batch_first,
    batch_last,
    gather,
    inverse_table,
)

MIN_CHANNELS = 24
"""With fewer channels, transforming the tiles costs more than it saves."""
_TILE = 4
_KERNELS = (3, 5)
_POINTS = (0, 1, -1, 2, -2, 0.5, -0.5)
"""Points of polynomial evaluation, besides infinity; small values keep rounding errors small."""


@dataclass(frozen=True)
class Winograd:
    """Tiles and channels of a convolution that uses this algorithm."""

    windows: Windows
    inputs: int
    outputs: int

    @property
    def kernel(self) -> int:
        return self.windows.kernel[0]

    @property
    def side(self) -> int:
        """Side of a tile of inputs, t."""
        return _TILE + self.kernel - 1

    @property
    def tiles(self) -> tuple[int, ...]:
        """Count of tiles along each axis."""
        return tuple(-(-positions // _TILE) for positions in self.windows.positions)

    def input_table(self) -> Table:
        """(t·t, tiles) -> element of the picture; its size stands for padding."""
        return self._table(self.side, self.windows.picture, self.windows.before)

    def output_table(self) -> Table:
        """(m·m, tiles) -> position in the output; the count of positions stands for "none"."""
        return self._table(_TILE, self.windows.positions, (0, 0))

    def _table(self, side: int, area: tuple[int, ...], before: tuple[int, ...]) -> Table:
        steps = (_TILE, _TILE)
        return Windows(area, (side, side), steps, (1, 1), before, self.tiles).table()


def winograd_of(windows: Windows, groups: int, inputs: int, outputs: int) -> Winograd | None:
    """Tiles of a convolution, or None if the algorithm does not pay off."""
    wide = min(inputs, outputs) >= MIN_CHANNELS
    plain = groups == 1 and set(windows.strides) == set(windows.dilations) == {1}
    square = len(windows.kernel) == 2 and len(set(windows.kernel)) == 1
    if not (wide and plain and square and windows.kernel[0] in _KERNELS):
        return None
    return Winograd(windows, inputs, outputs)


@cache
def matrices(kernel: int) -> tuple[Array, Array, Array]:
    """Aᵀ (m, t), G (t, r), Bᵀ (t, t) for tiles of 4 outputs.

    Multiplying polynomials of m and r coefficients by their values at t points is
    V⁻¹ [(V_r w) ⊙ (V_m y)], V the values of powers; filtering is the transpose of that:
    V_mᵀ [(V_r w) ⊙ (V⁻ᵀ d)] (Blahut 2010, chapter 5). A row of G and its row of Bᵀ share the
    factor that makes Bᵀ integer.
    """
    side = _TILE + kernel - 1
    points = np.array(_POINTS[: side - 1])
    powers = np.zeros((side, side))
    powers[:-1] = points[:, None] ** np.arange(side)
    powers[-1, -1] = 1
    distances = points[:, None] - points[None, :] + np.eye(side - 1)
    share = np.append(distances.prod(axis=1), 1.0)[:, None]

    def values(count: int) -> Array:
        """Values at the points of polynomials with `count` coefficients."""
        part = powers[:, :count].copy()
        part[-1] = 0
        part[-1, count - 1] = 1
        return part

    return values(_TILE).T.copy(), values(kernel) / share, np.linalg.inv(powers).T * share


def write_forward(g: GraphBuilder, site: Site, w: Winograd) -> None:
    """Emit the convolution with its bias under the output's name."""
    inverse, _, _ = matrices(w.kernel)
    product = g.op("MatMul", _weights(g, site, w), _input_tiles(g, site, w))
    tiles = _transformed(g, product, inverse)
    y = _untile(g, tiles, w)
    if site.has_input(2):
        y = g.op("Add", y, g.reshape(site.inputs[2], w.outputs, 1, 1))
    batch_first(g, y, (w.outputs, *w.windows.positions), name=site.output)


def input_gradient(g: GraphBuilder, site: Site, w: Winograd, dy: str) -> str:
    """dx, (N, inputs, ...)."""
    _, _, input_transform = matrices(w.kernel)
    weights = g.op("Transpose", _weights(g, site, w), perm=[0, 2, 1])
    product = g.op("MatMul", weights, _output_tiles(g, w, dy))
    tiles = _transformed(g, product, input_transform.T)
    table = w.input_table()
    elements = size(w.windows.picture)
    visits = inverse_table(table, elements)
    rows = _with_channels(visits, w.inputs, table.shape[1], table.size)
    count = w.inputs * table.size
    tiles = g.reshape(tiles, 1, count, -1)
    picked = gather(g, tiles, rows, count)
    dx = g.reshape(g.sum(picked, 2), w.inputs, elements, -1)
    return batch_first(g, dx, (w.inputs, *w.windows.picture))


def weight_gradient(g: GraphBuilder, site: Site, w: Winograd, dy: str) -> str:
    """dw, (outputs, inputs, r, r)."""
    across = g.op("Transpose", _input_tiles(g, site, w), perm=[0, 2, 1])
    product = g.op("MatMul", _output_tiles(g, w, dy), across)
    _, kernels, _ = matrices(w.kernel)
    both = np.kron(kernels, kernels)
    flat = g.reshape(product, w.side**2, w.outputs * w.inputs)
    dw = g.op("Gemm", flat, g.constant(both), transA=1)
    return g.reshape(dw, w.outputs, w.inputs, w.kernel, w.kernel)


def _weights(g: GraphBuilder, site: Site, w: Winograd) -> str:
    """G w Gᵀ for each pair of channels: (t², outputs, inputs)."""
    key = ("winograd weights", site.inputs[1])
    if key not in g.cache:
        _, kernels, _ = matrices(w.kernel)
        both = g.constant(np.kron(kernels, kernels))
        flat = g.reshape(site.inputs[1], w.outputs * w.inputs, w.kernel**2)
        product = g.op("Gemm", both, flat, transB=1)
        g.cache[key] = g.reshape(product, w.side**2, w.outputs, w.inputs)
    return g.cache[key]


def _input_tiles(g: GraphBuilder, site: Site, w: Winograd) -> str:
    """Bᵀ D B for each tile: (t², inputs, tiles·N)."""
    key = ("winograd input", site.output)
    if key not in g.cache:
        _, _, input_transform = matrices(w.kernel)
        x = batch_last(g, site.inputs[0], (w.inputs, *w.windows.picture))
        tiles = _gather_tiles(g, x, w.input_table(), w.inputs, size(w.windows.picture))
        g.cache[key] = g.reshape(_transformed(g, tiles, input_transform), w.side**2, w.inputs, -1)
    return g.cache[key]


def _output_tiles(g: GraphBuilder, w: Winograd, dy: str) -> str:
    """A dY Aᵀ for each tile: (t², outputs, tiles·N)."""
    key = ("winograd output", dy)
    if key not in g.cache:
        inverse, _, _ = matrices(w.kernel)
        y = batch_last(g, dy, (w.outputs, *w.windows.positions))
        tiles = _gather_tiles(g, y, w.output_table(), w.outputs, size(w.windows.positions))
        g.cache[key] = g.reshape(_transformed(g, tiles, inverse.T), w.side**2, w.outputs, -1)
    return g.cache[key]


def _transformed(g: GraphBuilder, tiles: str, matrix: Array) -> str:
    """M X Mᵀ of square tiles in the first two axes: (p, p, rest)."""
    after, before = matrix.shape
    m = g.constant(matrix)
    rows = g.op("MatMul", m, g.reshape(tiles, before, -1))
    return g.op("MatMul", m, g.reshape(rows, after, before, -1))


def _gather_tiles(g: GraphBuilder, x: str, table: Table, channels: int, elements: int) -> str:
    """(channels, elements, N) -> (a tile's elements, channels, tiles, N)."""
    offset = np.arange(channels)[None, :, None] * elements
    rows = np.where(table[:, None, :] == elements, channels * elements, table[:, None] + offset)
    flat = g.reshape(x, 1, channels * elements, -1)
    return gather(g, flat, rows, channels * elements)


def _untile(g: GraphBuilder, tiles: str, w: Winograd) -> str:
    """(m, m, outputs·tiles·N) -> (outputs, positions, N)."""
    table = w.output_table()
    positions = size(w.windows.positions)
    rows = _with_channels(inverse_table(table, positions), w.outputs, table.shape[1], table.size)
    flat = g.reshape(tiles, 1, w.outputs * table.size, -1)
    picked = gather(g, flat, rows[:, 0], w.outputs * table.size)
    return g.reshape(picked, w.outputs, positions, -1)


def _with_channels(visits: Table, channels: int, tiles: int, nowhere: int) -> Table:
    """(channels·elements, visits) row indices into (a tile's elements, channels, tiles)."""
    inside, tile = np.divmod(visits, tiles)
    offset = np.arange(channels)[:, None, None]
    rows = (inside[None] * channels + offset) * tiles + tile[None]
    rows = np.where(visits[None] == nowhere, nowhere * channels, rows)
    return rows.reshape(-1, visits.shape[1])
