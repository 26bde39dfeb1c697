"""MaxPool, AveragePool, GlobalAveragePool."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import (
    Array,
    Extras,
    Site,
    gradient,
    only_first,
    size,
    training_form,
)
from inkread.ml.gradients.windows import (
    Windows,
    batch_first,
    batch_last,
    gather,
    gather_sum,
    scatter_add,
    windows_of,
)


@training_form("MaxPool")
def max_pool_form(g: GraphBuilder, site: Site) -> Extras:
    """Maximum over gathered elements, which the gradient uses again."""
    windows = windows_of(site, site.integers("kernel_shape", ()))
    y = g.op("Max", *_elements(g, site, windows))
    batch_first(g, y, site.fixed(site.output_shape), name=site.output)
    return Extras()


@gradient("MaxPool")
def max_pool(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """The gradient of a window goes to its largest element, or to the first of equal ones.

    In window order, each element that equals the maximum takes the remaining gradient: the first
    takes all. (onnxruntime's own indices would cost a MaxPool 17 times
    slower: 7.2 ms against 0.43 ms for 64x32x28x28.)
    """
    picture, positions = site.fixed(site.shape(0)), site.fixed(site.output_shape)
    windows = windows_of(site, site.integers("kernel_shape", ()))
    y = batch_last(g, site.output, positions)
    left = batch_last(g, dy, positions)
    parts = []
    *elements, _ = _elements(g, site, windows)
    for element in elements:
        part = g.op("Mul", left, g.step(g.op("Equal", element, y)))
        left = g.op("Sub", left, part)
        parts.append(part)
    picked = g.op("Concat", *parts, left, axis=1)
    return only_first(batch_first(g, scatter_add(g, picked, windows), picture))


def _elements(g: GraphBuilder, site: Site, windows: Windows) -> list[str]:
    """(C, positions, N) for each offset in the kernel."""
    x = batch_last(g, site.inputs[0], site.fixed(site.shape(0)))
    inside = size(windows.picture)
    return [gather(g, x, row, inside, fill=-math.inf) for row in windows.table()]


@gradient("AveragePool")
def average_pool(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y[p] = Σ_k x[window] / n[p]: each element gets the sum of dy / n over its windows."""
    picture, positions = site.fixed(site.shape(0)), site.fixed(site.output_shape)
    windows = windows_of(site, site.integers("kernel_shape", ()))
    share = 1 / _counts(site, windows)
    dy = g.op("Mul", batch_last(g, dy, positions), g.constant(share[:, None]))
    count = size(windows.positions)
    table = windows.adjoint_table()
    table = np.where(table == windows.table().size, count, table % count)
    return only_first(batch_first(g, gather_sum(g, dy, table, count), picture))


def _counts(site: Site, windows: Windows) -> Array:
    """Count of the elements that each window averages over."""
    if site.integer("count_include_pad", 0):
        rank = len(windows.picture)
        behind = site.integers("pads", (0,) * 2 * rank)[rank:]
        if site.text("auto_pad", "NOTSET") != "NOTSET":
            behind = tuple(max(0, a) for a in windows.after)
        padded = zip(windows.picture, windows.before, behind, strict=True)
        windows = replace(windows, picture=tuple(map(sum, padded)), before=(0,) * rank)
    counts: Array = (windows.table() != size(windows.picture)).sum(axis=0)
    return counts


@gradient("GlobalAveragePool")
def global_average_pool(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = Σ x / n: dx = dy / n everywhere (Lin, Chen and Yan 2013)."""
    n = size(site.fixed(site.shape(0), first=2))
    share = g.op("Mul", dy, g.constant(1 / n))
    return only_first(g.op("Expand", share, g.op("Shape", site.inputs[0])))
