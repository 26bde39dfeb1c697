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
from inkread.ml.gradients.windows import Table, Windows, batch_first, batch_last, pick, where

MIN_CHANNELS = 24
"""With fewer, transforming the tiles costs more than it saves."""
_TILE = 4
_KERNELS = (3, 5)
_POINTS = (0, 1, -1, 2, -2, 0.5, -0.5)
"""Where polynomials are evaluated, beside infinity; few and small ones keep rounding small."""


@dataclass(frozen=True)
class Winograd:
    """A convolution that is done this way: its tiles and channels."""

    windows: Windows
    inputs: int
    outputs: int

    @property
    def kernel(self) -> int:
        return self.windows.kernel[0]

    @property
    def side(self) -> int:
        """Of a tile of inputs, t."""
        return _TILE + self.kernel - 1

    @property
    def tiles(self) -> tuple[int, ...]:
        """Along each axis."""
        return tuple(-(-places // _TILE) for places in self.windows.places)

    def input_table(self) -> Table:
        """(t·t, tiles) -> element of the picture; its size stands for padding."""
        return self._table(self.side, self.windows.picture, self.windows.before)

    def output_table(self) -> Table:
        """(m·m, tiles) -> place of the output; their number stands for "none"."""
        return self._table(_TILE, self.windows.places, (0, 0))

    def _table(self, side: int, area: tuple[int, ...], before: tuple[int, ...]) -> Table:
        steps = (_TILE, _TILE)
        return Windows(area, (side, side), steps, (1, 1), before, self.tiles).table()


def winograd_of(windows: Windows, groups: int, inputs: int, outputs: int) -> Winograd | None:
    """The convolution as Winograd's, if it is one that gains by it."""
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
    factor that makes Bᵀ whole numbers.
    """
    side = _TILE + kernel - 1
    points = np.array(_POINTS[: side - 1])
    powers = np.zeros((side, side))
    powers[:-1] = points[:, None] ** np.arange(side)
    powers[-1, -1] = 1
    distances = points[:, None] - points[None, :] + np.eye(side - 1)
    share = np.append(distances.prod(axis=1), 1.0)[:, None]

    def values(count: int) -> Array:
        """At the points, of polynomials with so many coefficients."""
        part = powers[:, :count].copy()
        part[-1] = 0
        part[-1, count - 1] = 1
        return part

    return values(_TILE).T.copy(), values(kernel) / share, np.linalg.inv(powers).T * share


def write_forward(g: GraphBuilder, site: Site, w: Winograd) -> None:
    """The convolution, bias and all, under the output's name."""
    inverse, _, _ = matrices(w.kernel)
    product = g.op("MatMul", _weights(g, site, w), _input_tiles(g, site, w))
    tiles = _transformed(g, product, inverse)
    y = _put_places(g, tiles, w)
    if site.has_input(2):
        y = g.op("Add", y, g.reshape(site.inputs[2], w.outputs, 1, 1))
    batch_first(g, y, (w.outputs, *w.windows.places), name=site.output)


def input_gradient(g: GraphBuilder, site: Site, w: Winograd, dy: str) -> str:
    """dx, (N, inputs, ...)."""
    _, _, forth = matrices(w.kernel)
    weights = g.op("Transpose", _weights(g, site, w), perm=[0, 2, 1])
    product = g.op("MatMul", weights, _output_tiles(g, w, dy))
    tiles = _transformed(g, product, forth.T)
    table = w.input_table()
    elements = size(w.windows.picture)
    visits = where(table, elements)
    rows = _with_channels(visits, w.inputs, table.shape[1], table.size)
    count = w.inputs * table.size
    tiles = g.reshape(tiles, 1, count, -1)
    picked = pick(g, tiles, rows, count)
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
    if key not in g.known:
        _, kernels, _ = matrices(w.kernel)
        both = g.constant(np.kron(kernels, kernels))
        flat = g.reshape(site.inputs[1], w.outputs * w.inputs, w.kernel**2)
        product = g.op("Gemm", both, flat, transB=1)
        g.known[key] = g.reshape(product, w.side**2, w.outputs, w.inputs)
    return g.known[key]


def _input_tiles(g: GraphBuilder, site: Site, w: Winograd) -> str:
    """Bᵀ D B for each tile: (t², inputs, tiles·N)."""
    key = ("winograd input", site.output)
    if key not in g.known:
        _, _, forth = matrices(w.kernel)
        x = batch_last(g, site.inputs[0], (w.inputs, *w.windows.picture))
        tiles = _laid_out(g, x, w.input_table(), w.inputs, size(w.windows.picture))
        g.known[key] = g.reshape(_transformed(g, tiles, forth), w.side**2, w.inputs, -1)
    return g.known[key]


def _output_tiles(g: GraphBuilder, w: Winograd, dy: str) -> str:
    """A dY Aᵀ for each tile: (t², outputs, tiles·N)."""
    key = ("winograd output", dy)
    if key not in g.known:
        inverse, _, _ = matrices(w.kernel)
        y = batch_last(g, dy, (w.outputs, *w.windows.places))
        tiles = _laid_out(g, y, w.output_table(), w.outputs, size(w.windows.places))
        g.known[key] = g.reshape(_transformed(g, tiles, inverse.T), w.side**2, w.outputs, -1)
    return g.known[key]


def _transformed(g: GraphBuilder, tiles: str, matrix: Array) -> str:
    """M X Mᵀ of square tiles whose rows and columns are the first axes: (p, p, rest)."""
    after, before = matrix.shape
    m = g.constant(matrix)
    rows = g.op("MatMul", m, g.reshape(tiles, before, -1))
    return g.op("MatMul", m, g.reshape(rows, after, before, -1))


def _laid_out(g: GraphBuilder, x: str, table: Table, channels: int, elements: int) -> str:
    """(channels, elements, N) -> (a tile's elements, channels, tiles, N)."""
    beside = np.arange(channels)[None, :, None] * elements
    rows = np.where(table[:, None, :] == elements, channels * elements, table[:, None] + beside)
    flat = g.reshape(x, 1, channels * elements, -1)
    return pick(g, flat, rows, channels * elements)


def _put_places(g: GraphBuilder, tiles: str, w: Winograd) -> str:
    """(m, m, outputs·tiles·N) -> (outputs, places, N)."""
    table = w.output_table()
    places = size(w.windows.places)
    rows = _with_channels(where(table, places), w.outputs, table.shape[1], table.size)
    flat = g.reshape(tiles, 1, w.outputs * table.size, -1)
    picked = pick(g, flat, rows[:, 0], w.outputs * table.size)
    return g.reshape(picked, w.outputs, places, -1)


def _with_channels(visits: Table, channels: int, tiles: int, nowhere: int) -> Table:
    """(channels·elements, visits): rows of an array of (a tile's elements, channels, tiles)."""
    inside, tile = np.divmod(visits, tiles)
    beside = np.arange(channels)[:, None, None]
    rows = (inside[None] * channels + beside) * tiles + tile[None]
    rows = np.where(visits[None] == nowhere, nowhere * channels, rows)
    return rows.reshape(-1, visits.shape[1])
