"""Operators that move elements without changing them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Shape, Site, gradient, only_first, size

_TO_END = 2**31 - 1
"""Slice end beyond any array: ONNX's "to the end"."""


def restore(g: GraphBuilder, x: str, like: str, shape: Shape) -> str:
    """Give x the shape of ``like``, for any batch size."""
    if shape.count(None) > 1:
        return g.op("Reshape", x, g.op("Shape", like))
    return g.reshape(x, *(-1 if d is None else d for d in shape))


@gradient("Identity")
def identity(_g: GraphBuilder, _site: Site, dy: str) -> Sequence[str | None]:
    """y = x: dx = dy."""
    return only_first(dy)


@gradient("Flatten", "Reshape", "Squeeze", "Unsqueeze")
def reshape(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """Same elements, other shape: dx = dy in the shape of x."""
    return only_first(restore(g, dy, site.inputs[0], site.shape(0)))


@gradient("Transpose")
def transpose(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """dx = dy, transposed back by the inverse permutation."""
    rank = len(site.shape(0))
    order = site.integers("perm", range(rank)[::-1])
    return only_first(g.op("Transpose", dy, perm=[int(i) for i in np.argsort(order)]))


@gradient("Concat")
def concat(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """The gradient of each input is its slice of dy."""
    axis = site.integer("axis", 0) % len(site.output_shape)
    start, parts = 0, list[str | None]()
    for i, needed in enumerate(site.needed):
        (length,) = site.fixed(site.shape(i)[axis : axis + 1], first=0)
        parts.append(_slice(g, dy, {axis: (start, start + length)}) if needed else None)
        start += length
    return parts


@gradient("Pad")
def pad(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """Constant padding: dx = dy without the padding."""
    pads = site.constant(1)
    if pads is None or site.text("mode", "constant") != "constant":
        raise site.refusal("pads with something else than a constant")
    if min(pads) < 0:
        raise site.refusal("pads by less than nothing")
    rank, given = len(site.shape(0)), site.constant(3)
    axes = range(rank) if given is None else [int(a) % rank for a in given]
    before, after = np.split(pads, 2)
    bounds = {
        axis: (int(b), -int(a) or _TO_END) for axis, b, a in zip(axes, before, after, strict=True)
    }
    return only_first(_slice(g, dy, bounds))


@gradient("Slice")
def slice_(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """dx is dy inside the slice and 0 elsewhere."""
    starts, ends = site.constant(1), site.constant(2)
    steps = site.constant(4)
    if starts is None or ends is None or (steps is not None and (steps != 1).any()):
        raise site.refusal("cuts by what is not fixed, or in steps")
    shape, given = site.shape(0), site.constant(3)
    axes = range(len(starts)) if given is None else [int(a) % len(shape) for a in given]
    pads = np.zeros((2, len(shape)), np.int64)
    for axis, start, end in zip(axes, starts, ends, strict=True):
        (length,) = site.fixed(shape[axis : axis + 1], first=0)
        first, last, _ = slice(int(start), int(end)).indices(length)
        pads[:, axis] = first, length - last
    return only_first(g.op("Pad", dy, g.constant(pads.ravel(), np.int64)))


@gradient("ReduceMean")
def mean(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = Σ x / n over some axes: dx = dy / n for each of the n."""
    axes = site.constant(1)
    if axes is None:
        raise site.refusal("averages over axes that are not fixed")
    shape = site.shape(0)
    over = [int(a) % len(shape) for a in axes]
    count = size(tuple(site.fixed(shape[a : a + 1], first=0)[0] for a in over))
    share = g.op("Mul", dy, g.constant(1 / count))
    if not site.integer("keepdims", 1):
        share = g.op("Unsqueeze", share, g.integers(*over))
    return only_first(g.op("Expand", share, g.op("Shape", site.inputs[0])))


def _slice(g: GraphBuilder, x: str, bounds: dict[int, tuple[int, int]]) -> str:
    starts, ends = zip(*bounds.values(), strict=True)
    return g.op("Slice", x, g.integers(*starts), g.integers(*ends), g.integers(*bounds))
