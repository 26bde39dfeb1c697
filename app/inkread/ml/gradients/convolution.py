"""Conv, of any rank, stride, padding, dilation and group count.

y[o, p] = Σ_{i,k} w[o, i, k] x[i, p·stride + k·dilation - pad]: a product of w with the matrix
of all windows of x ("im2col", Chellapilla, Puri and Simard 2006). Hence

    dw[o, i, k] = Σ_{n,p} dy[n, o, p] window[n, i, k, p]
    dx[n, i, q] = Σ_{o,k} w[o, i, k] dy[n, o, p], where p·stride + k·dilation - pad = q.

The latter is what ONNX calls ConvTranspose; with stride 1 it is also the convolution of dy
with the kernel rotated by 180 degrees (Goodfellow et al. 2016, "Deep Learning", 9.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inkread.ml.gradients.blocked import blocked_conv, blocked_weights, is_divisible
from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Extras, Site, gradient, size, training_form
from inkread.ml.gradients.windows import Windows, batch_first, batch_last, gather, windows_of
from inkread.ml.gradients.winograd import (
    Winograd,
    input_gradient,
    weight_gradient,
    winograd_of,
    write_forward,
)

_MAX_ROW_LENGTH = 256
"""Maximum window size for which the forward pass is a product with the gathered windows."""


@dataclass(frozen=True)
class _Shapes:
    """Sizes of one Conv; channel counts are per group."""

    groups: int
    inputs: int
    outputs: int
    windows: Windows

    @property
    def winograd(self) -> Winograd | None:
        return winograd_of(self.windows, self.groups, self.inputs, self.outputs)

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
    """The convolution in the form that is fastest together with its gradient."""
    s = _shapes(site)
    if s.winograd:
        write_forward(g, site, s.winograd)
    elif _is_blocked(g, s):
        _write_blocked(g, site, s)
    elif s.groups == 1 and s.inputs * s.kernel <= _MAX_ROW_LENGTH:
        _write_product(g, site, s)
    else:
        g.nodes.append(site.node)
    return Extras()


def _write_product(g: GraphBuilder, site: Site, s: _Shapes) -> None:
    """Emit one product with the gathered windows, which the weight's gradient needs anyway."""
    weight = g.reshape(site.inputs[1], s.outputs, s.inputs * s.kernel)
    bias = [g.reshape(site.inputs[2], s.outputs, 1)] if site.has_input(2) else []
    y = g.op("Gemm", weight, _columns(g, site, s), *bias)
    y = g.reshape(y, s.outputs, size(s.windows.positions), -1)
    batch_first(g, y, site.fixed(site.output_shape), name=site.output)


def _columns(g: GraphBuilder, site: Site, s: _Shapes) -> str:
    """All windows: (inputs·kernel, positions·N)."""
    x = batch_last(g, site.inputs[0], site.fixed(site.shape(0)))
    columns = gather(g, x, s.windows.table(), size(s.windows.picture))
    return g.reshape(columns, s.all_inputs * s.kernel, -1)


def _write_blocked(g: GraphBuilder, site: Site, s: _Shapes) -> None:
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


def _is_blocked(g: GraphBuilder, s: _Shapes) -> bool:
    flat = len(s.windows.kernel) == 2 and s.groups == 1 and min(s.windows.after) >= 0
    return flat and is_divisible(g.block, s.inputs, s.outputs)


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
    """One product for each group: (inputs·kernel, positions·N) by (positions·N, outputs)."""
    if s.winograd:
        return weight_gradient(g, site, s.winograd, dy)
    columns = _columns(g, site, s)
    dy = batch_last(g, dy, site.fixed(site.output_shape))
    if s.groups == 1:
        dw = g.op("Gemm", columns, g.reshape(dy, s.outputs, -1), transB=1)
        # Three axes keep onnxruntime from fusing Gemm and Transpose (15 ms instead of 12 ms).
        dw = g.op("Transpose", g.reshape(dw, s.inputs, s.kernel, s.outputs), perm=[2, 0, 1])
    else:
        columns = g.reshape(columns, s.groups, s.inputs * s.kernel, -1)
        dy = g.op("Transpose", g.reshape(dy, s.groups, s.outputs, -1), perm=[0, 2, 1])
        dw = g.op("Transpose", g.op("MatMul", columns, dy), perm=[0, 2, 1])
    return g.reshape(dw, s.all_outputs, s.inputs, *s.windows.kernel)


def _input_gradient(g: GraphBuilder, site: Site, s: _Shapes, dy: str) -> str:
    """Blocked convolution with the rotated kernel if possible, else ONNX's ConvTranspose."""
    if s.winograd:
        return input_gradient(g, site, s.winograd, dy)
    w = s.windows
    extent = [(k - 1) * d for k, d in zip(w.kernel, w.dilations, strict=True)]
    before = [r - b for r, b in zip(extent, w.before, strict=True)]
    after = [r - a for r, a in zip(extent, w.after, strict=True)]
    if _is_blocked(g, s) and max(w.strides) == 1 and min(before + after) >= 0:
        shape = site.fixed(site.shape(1), first=0)
        rotated = blocked_weights(g, site.inputs[1], shape, rotated=True)
        return blocked_conv(g, [dy, rotated], s.inputs, pads=before + after, dilations=w.dilations)
    return g.op(
        "ConvTranspose",
        dy,
        site.inputs[1],
        group=s.groups,
        strides=w.strides,
        dilations=w.dilations,
        pads=[*w.before, *(max(0, a) for a in w.after)],
        output_padding=[max(0, -a) for a in w.after],
    )
