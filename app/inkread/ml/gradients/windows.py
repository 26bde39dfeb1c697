"""Sliding windows as lookup tables: what convolution and pooling have in common.

A table says, for each offset in the kernel and each place of the window, which element of
the (flattened) picture lies there. With the batch as the last axis, picking elements by a
table copies whole rows of the batch at once. Measured for 32 channels of 14x14 and a 5x5
kernel, batch 64: Gather 2.6 ms, Slice and Concat 7.7 ms. The table serves any rank, stride,
padding and dilation, and any size of the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Site, size

Table = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Windows:
    """How a kernel slides over a picture."""

    picture: tuple[int, ...]
    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    before: tuple[int, ...]
    """Padding in front of each axis."""
    places: tuple[int, ...]
    """Windows along each axis."""

    @property
    def after(self) -> tuple[int, ...]:
        """Padding behind each axis, as far as windows reach."""
        return tuple(
            (p - 1) * s + (k - 1) * d + 1 - n - b
            for p, s, k, d, n, b in zip(
                self.places, self.strides, self.kernel, self.dilations, self.picture, self.before,
                strict=True,
            )
        )  # fmt: skip

    def table(self) -> Table:
        """(offsets, places) -> index into the flattened picture; its size stands for padding."""
        axes = [
            np.arange(k)[:, None] * d + np.arange(p)[None, :] * s - b
            for k, d, p, s, b in zip(
                self.kernel, self.dilations, self.places, self.strides, self.before, strict=True
            )
        ]
        flat = np.zeros((1, 1), np.int64)
        inside = np.ones((1, 1), bool)
        for axis, n in zip(axes, self.picture, strict=True):
            flat = (flat[:, None, :, None] * n + axis[None, :, None, :]).reshape(
                len(flat) * len(axis), -1
            )
            fits = (axis >= 0) & (axis < n)
            inside = (inside[:, None, :, None] & fits[None, :, None, :]).reshape(flat.shape)
        return np.where(inside, flat, size(self.picture))

    def back_table(self) -> Table:
        """(elements of the picture, most visits) -> index into the flattened table.

        The adjoint of ``table``: where each element was looked up. The table's size stands
        for "nowhere".
        """
        return where(self.table(), size(self.picture))


def where(table: Table, elements: int) -> Table:
    """(elements, most visits): where in the flattened table each element stands.

    The table's size stands for "nowhere".
    """
    flat = table.ravel()
    visits = np.bincount(flat, minlength=elements + 1)[:elements]
    back = np.full((elements, max(1, int(visits.max()))), flat.size, np.int64)
    order, ends = np.argsort(flat, kind="stable"), np.cumsum(visits)
    for element, (end, count) in enumerate(zip(ends, visits, strict=True)):
        back[element, :count] = order[end - count : end]
    return back


def windows_of(site: Site, kernel: tuple[int, ...]) -> Windows:
    """The windows of a Conv, MaxPool or AveragePool."""
    picture = site.fixed(site.shape(0), first=2)
    places = site.fixed(site.output_shape, first=2)
    rank = len(picture)
    ones, zeros = (1,) * rank, (0,) * 2 * rank
    strides = site.integers("strides", ones)
    dilations = site.integers("dilations", ones)
    before = site.integers("pads", zeros)[:rank]
    auto = site.text("auto_pad", "NOTSET")
    if auto.startswith("SAME"):
        total = [
            max(0, (p - 1) * s + (k - 1) * d + 1 - n)
            for p, s, k, d, n in zip(places, strides, kernel, dilations, picture, strict=True)
        ]
        before = tuple((t + (auto == "SAME_LOWER")) // 2 for t in total)
    elif auto == "VALID":
        before = (0,) * rank
    return Windows(picture, kernel, strides, dilations, before, places)


def batch_last(g: GraphBuilder, x: str, shape: tuple[int, ...]) -> str:
    """(N, C, ...) -> (C, elements, N); ``shape`` is (C, ...)."""
    key = ("batch last", x)
    if key not in g.known:
        flat = g.op("Transpose", g.reshape(x, -1, size(shape)), perm=[1, 0])
        g.known[key] = g.reshape(flat, shape[0], size(shape[1:]), -1)
    return g.known[key]


def batch_first(g: GraphBuilder, x: str, shape: tuple[int, ...], name: str | None = None) -> str:
    """(C, elements, N) -> (N, C, ...)."""
    flat = g.op("Transpose", g.reshape(x, size(shape), -1), perm=[1, 0])
    first = g.reshape(flat, -1, *shape, name=name)
    g.known["batch last", first] = x
    return first


def pick(g: GraphBuilder, x: str, table: Table, elements: int, fill: float = 0) -> str:
    """(C, elements, N) -> (C, *table.shape, N); an index of ``elements`` gives ``fill``."""
    if (table == elements).any():
        x = _with_rim(g, x, fill)
    indices = g.constant(table, np.int32)
    key = ("picked", x, indices)
    if key not in g.known:
        g.known[key] = g.op("Gather", x, indices, axis=1)
    return g.known[key]


def _with_rim(g: GraphBuilder, x: str, fill: float) -> str:
    """One element more."""
    key = ("with rim", x, fill)
    if key not in g.known:
        g.known[key] = g.op("Pad", x, g.integers(0, 0, 0, 0, 1, 0), g.constant(fill))
    return g.known[key]


def put_back(g: GraphBuilder, picked: str, windows: Windows) -> str:
    """The adjoint of ``pick``: (C, offsets * places, N) -> (C, elements, N), summing visits."""
    table = windows.back_table()
    offsets = size(windows.kernel) * size(windows.places)
    if table.shape[1] == 1:
        return pick(g, picked, table[:, 0], offsets)
    return g.sum(pick(g, picked, table, offsets), 2)
