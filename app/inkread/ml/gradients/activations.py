"""Elementwise functions and softmax. x: input, y: output, d·: gradient of ·."""

from __future__ import annotations

import math
from collections.abc import Sequence

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Site, gradient, only_first


@gradient("Relu")
def relu(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = max(x, 0): dx = dy [y > 0]; at 0 the subgradient 0 is taken (Glorot et al. 2011).

    Written with y, so that onnxruntime may still fuse the Relu with the Conv before it.
    """
    return only_first(g.op("Mul", g.step(g.op("Greater", site.output, g.constant(0))), dy))


@gradient("LeakyRelu")
def leaky_relu(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = x for x >= 0, else αx: dx = dy or α dy (Maas et al. 2013)."""
    slope = g.constant(site.number("alpha", 0.01))
    positive = g.op("GreaterOrEqual", site.inputs[0], g.constant(0))
    return only_first(g.op("Where", positive, dy, g.op("Mul", dy, slope)))


@gradient("Clip")
def clip(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = min(max(x, low), high): dx = dy [low <= x <= high]."""
    x = site.inputs[0]
    if site.has_input(1):
        dy = g.op("Mul", dy, g.step(g.op("GreaterOrEqual", x, site.inputs[1])))
    if site.has_input(2):
        dy = g.op("Mul", dy, g.step(g.op("LessOrEqual", x, site.inputs[2])))
    return only_first(dy)


@gradient("Sigmoid")
def sigmoid(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = 1 / (1 + e^-x): dx = dy y (1 - y)."""
    slope = g.op("Mul", site.output, g.op("Sub", g.constant(1), site.output))
    return only_first(g.op("Mul", dy, slope))


@gradient("Tanh")
def tanh(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = tanh x: dx = dy (1 - y²)."""
    slope = g.op("Sub", g.constant(1), g.op("Mul", site.output, site.output))
    return only_first(g.op("Mul", dy, slope))


@gradient("Erf")
def erf(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = erf x: dx = dy 2/√π e^-x². Exporters write Gelu with it."""
    x = site.inputs[0]
    bell = g.op("Exp", g.op("Neg", g.op("Mul", x, x)))
    return only_first(g.op("Mul", dy, g.op("Mul", bell, g.constant(2 / math.sqrt(math.pi)))))


@gradient("Exp")
def exp(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = e^x: dx = dy y."""
    return only_first(g.op("Mul", dy, site.output))


@gradient("Sqrt")
def sqrt(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = √x: dx = dy / 2y."""
    return only_first(g.op("Div", g.op("Mul", dy, g.constant(0.5)), site.output))


@gradient("Neg")
def neg(g: GraphBuilder, _site: Site, dy: str) -> Sequence[str | None]:
    """y = -x: dx = -dy."""
    return only_first(g.op("Neg", dy))


@gradient("Gelu")
def gelu(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = x Φ(x): dx = dy (Φ(x) + x φ(x)), or of its approximation by tanh.

    Hendrycks and Gimpel 2016, "Gaussian error linear units", section 2.
    """
    approximate = site.text("approximate", "none") == "tanh"
    slope = _gelu_tanh_slope if approximate else _gelu_slope
    return only_first(g.op("Mul", dy, slope(g, site.inputs[0])))


def _gelu_slope(g: GraphBuilder, x: str) -> str:
    half, scale = g.constant(0.5), g.constant(math.sqrt(0.5))
    cumulative = g.op("Mul", half, g.op("Add", g.constant(1), g.op("Erf", g.op("Mul", x, scale))))
    bell = g.op("Exp", g.op("Mul", g.op("Mul", x, x), g.constant(-0.5)))
    density = g.op("Mul", bell, g.constant(1 / math.sqrt(2 * math.pi)))
    return g.op("Add", cumulative, g.op("Mul", x, density))


def _gelu_tanh_slope(g: GraphBuilder, x: str) -> str:
    """y = x/2 (1 + t), t = tanh(c (x + k x³)): y' = (1 + t)/2 + x/2 (1 - t²) c (1 + 3k x²)."""
    c, k = math.sqrt(2 / math.pi), 0.044715
    one, half, square = g.constant(1), g.constant(0.5), g.op("Mul", x, x)
    inner = g.op("Mul", x, g.op("Add", g.constant(c), g.op("Mul", square, g.constant(c * k))))
    t = g.op("Tanh", inner)
    inner_slope = g.op("Add", g.constant(c), g.op("Mul", square, g.constant(3 * c * k)))
    t_slope = g.op("Mul", g.op("Sub", one, g.op("Mul", t, t)), inner_slope)
    whole = g.op("Add", g.op("Add", one, t), g.op("Mul", x, t_slope))
    return g.op("Mul", half, whole)


@gradient("Softmax")
def softmax(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = e^x / Σ e^x: dx = y (dy - Σ dy y) (Bridle 1990)."""
    axis = site.integer("axis", -1)
    weighted = g.op("Mul", dy, site.output)
    total = g.sum(weighted, axis, keepdims=True)
    return only_first(g.op("Sub", weighted, g.op("Mul", site.output, total)))


@gradient("LogSoftmax")
def log_softmax(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = x - log Σ e^x: dx = dy - e^y Σ dy."""
    total = g.sum(dy, site.integer("axis", -1), keepdims=True)
    return only_first(g.op("Sub", dy, g.op("Mul", g.op("Exp", site.output), total)))
