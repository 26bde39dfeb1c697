"""Conv, of any rank, stride, padding, dilation and number of groups.

y[o, p] = Σ_{i,k} w[o, i, k] x[i, p·stride + k·dilation - pad]: a product of w with the matrix
of all windows of x ("im2col", Chellapilla, Puri and Simard 2006). Hence

    dw[o, i, k] = Σ_{n,p} dy[n, o, p] window[n, i, k, p]
    dx          = windows of dy, seen from x, times w.

With stride 1 the latter is the convolution of dy with the kernel turned by 180 degrees
(Goodfellow et al. 2016, "Deep Learning", 9.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.ml.gradients.blocked import blocked_conv, blocked_weights, fits
from app.ml.gradients.builder import GraphBuilder
from app.ml.gradients.registry import Extras, Site, gradient, size, training_form
from app.ml.gradients.windows import Windows, batch_first, batch_last, pick, windows_of


@dataclass(frozen=True)
class _Shapes:
    """Sizes of one Conv; channels are counted in each group."""

    groups: int
    inputs: int
    outputs: int
    windows: Windows

    @property
    def kernel(self) -> int:
        return size(self.windows.kernel)

    @property
    def all_inputs(self) -> int:
        return self.groups * self.inputs

    @property
    def all_outputs(self) -> int:
        return self.groups * self.outputs


def _shapes(site: Site) -> _Shapes:
    outputs, inputs, *kernel = site.fixed(site.shape(1), first=0)
    groups = site.integer("group", 1)
    return _Shapes(groups, inputs, outputs // groups, windows_of(site, tuple(kernel)))


@training_form("Conv")
def conv_form(g: GraphBuilder, site: Site) -> Extras:
    """The convolution itself, over blocks of channels where that is faster."""
    s = _shapes(site)
    if not _is_blocked(g, s):
        g.nodes.append(site.node)
        return Extras()
    weight = blocked_weights(g, site.inputs[1], site.fixed(site.shape(1), first=0))
    blocked_conv(
        g,
        [site.inputs[0], weight, *site.inputs[2:]],
        s.outputs,
        site.output,
        pads=[*s.windows.before, *s.windows.after],
        strides=s.windows.strides,
        dilations=s.windows.dilations,
    )
    return Extras()


def _is_blocked(g: GraphBuilder, s: _Shapes) -> bool:
    flat = len(s.windows.kernel) == 2 and s.groups == 1 and min(s.windows.after) >= 0
    return flat and fits(g.block, s.inputs, s.outputs)


@gradient("Conv")
def conv(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """The three gradients of a convolution."""
    s = _shapes(site)
    spatial = range(2, len(site.output_shape))
    dx = _input_gradient(g, site, s, dy) if site.needed[0] else None
    dw = _weight_gradient(g, site, s, dy) if site.needed[1] else None
    db = g.sum(dy, 0, *spatial) if len(site.needed) > 2 and site.needed[2] else None
    return (dx, dw, db)


def _weight_gradient(g: GraphBuilder, site: Site, s: _Shapes, dy: str) -> str:
    """One large product for each group: (inputs·kernel, places·N) by (places·N, outputs)."""
    picture, places = site.fixed(site.shape(0)), site.fixed(site.output_shape)
    x = batch_last(g, site.inputs[0], picture)
    columns = pick(g, x, s.windows.table(), size(s.windows.picture))
    dy = batch_last(g, dy, places)
    if s.groups == 1:
        columns = g.reshape(columns, s.inputs * s.kernel, -1)
        dw = g.op("Gemm", columns, g.reshape(dy, s.outputs, -1), transB=1)
        # Three axes, lest onnxruntime merge Gemm and Transpose into a slower Gemm (15 for 12 ms).
        dw = g.op("Transpose", g.reshape(dw, s.inputs, s.kernel, s.outputs), perm=[2, 0, 1])
    else:
        columns = g.reshape(columns, s.groups, s.inputs * s.kernel, -1)
        dy = g.op("Transpose", g.reshape(dy, s.groups, s.outputs, -1), perm=[0, 2, 1])
        dw = g.op("Transpose", g.op("MatMul", columns, dy), perm=[0, 2, 1])
    return g.reshape(dw, s.all_outputs, s.inputs, *s.windows.kernel)


def _input_gradient(g: GraphBuilder, site: Site, s: _Shapes, dy: str) -> str:
    """Convolve with the turned kernel where that is all, look dy up by table where not."""
    reach = [(k - 1) * d for k, d in zip(s.windows.kernel, s.windows.dilations, strict=True)]
    before = [r - b for r, b in zip(reach, s.windows.before, strict=True)]
    after = [r - a for r, a in zip(reach, s.windows.after, strict=True)]
    if max(s.windows.strides) > 1 or min(before + after) < 0:
        return _looked_up(g, site, s, dy)
    settings: dict[str, Any] = {"pads": before + after, "dilations": s.windows.dilations}
    shape = site.fixed(site.shape(1), first=0)
    if _is_blocked(g, s):
        turned = blocked_weights(g, site.inputs[1], shape, turned=True)
        return blocked_conv(g, [dy, turned], s.inputs, **settings)
    w = g.reshape(site.inputs[1], s.groups, s.outputs, s.inputs, s.kernel)
    turned = g.op("Gather", w, g.constant(np.arange(s.kernel)[::-1], np.int64), axis=3)
    turned = g.op("Transpose", turned, perm=[0, 2, 1, 3])
    turned = g.reshape(turned, s.all_inputs, s.outputs, *s.windows.kernel)
    return g.op("Conv", dy, turned, group=s.groups, **settings)


def _looked_up(g: GraphBuilder, site: Site, s: _Shapes, dy: str) -> str:
    picture, places = site.fixed(site.shape(0)), site.fixed(site.output_shape)
    table = s.windows.gradient_table()
    columns = pick(g, batch_last(g, dy, places), table, size(s.windows.places))
    columns = g.reshape(columns, s.groups, s.outputs * s.kernel, -1)
    w = g.reshape(site.inputs[1], s.groups, s.outputs, s.inputs, s.kernel)
    w = g.op("Transpose", w, perm=[0, 2, 1, 3])
    w = g.reshape(w, s.groups, s.inputs, s.outputs * s.kernel)
    dx = g.reshape(g.op("MatMul", w, columns), s.all_inputs, size(s.windows.picture), -1)
    return batch_first(g, dx, picture)
