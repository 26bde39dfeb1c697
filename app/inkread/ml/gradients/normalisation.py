"""BatchNormalization and Dropout: operators that behave differently in training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Extras, Site, gradient, only_first, size, training_form


def _axes(site: Site) -> tuple[int, ...]:
    """All axes except the channels."""
    return (0, *range(2, len(site.output_shape)))


def _per_channel(g: GraphBuilder, site: Site, vector: str) -> str:
    return g.reshape(vector, 1, -1, *(1,) * (len(site.output_shape) - 2))


@training_form("BatchNormalization")
def batch_normalisation_form(g: GraphBuilder, site: Site) -> Extras:
    """y = γ x̂ + β, x̂ = (x - μ) / sqrt(σ² + ε), μ and σ² of this batch (Ioffe and Szegedy 2015).

    The running averages for inference are updated as r ← m r + (1 - m) b, b of this batch.
    """
    x, scale, bias, mean, variance = site.inputs[:5]
    axes = g.integers(*_axes(site))
    batch_mean = g.op("ReduceMean", x, axes)
    centred = g.op("Sub", x, batch_mean)
    batch_variance = g.op("ReduceMean", g.op("Mul", centred, centred), axes)
    deviation = g.op("Sqrt", g.op("Add", batch_variance, g.constant(site.number("epsilon", 1e-5))))
    inverse = g.op("Reciprocal", deviation, name=f"{site.output}/inverse")
    normal = g.op("Mul", centred, inverse, name=f"{site.output}/normal")
    scaled = g.op("Mul", normal, _per_channel(g, site, scale))
    g.op("Add", scaled, _per_channel(g, site, bias), name=site.output)
    momentum = site.number("momentum", 0.9)
    return Extras(
        updates={
            mean: _running(g, mean, batch_mean, momentum),
            variance: _running(g, variance, batch_variance, momentum),
        }
    )


def _running(g: GraphBuilder, old: str, new: str, momentum: float) -> str:
    kept = g.op("Mul", old, g.constant(momentum))
    return g.op("Add", kept, g.op("Mul", g.reshape(new, -1), g.constant(1 - momentum)))


@gradient("BatchNormalization")
def batch_normalisation(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """dγ = Σ dy x̂, dβ = Σ dy, dx = γ / sqrt(σ² + ε) (dy - dβ/n - x̂ dγ/n); n elements a channel.

    Ioffe and Szegedy 2015, section 3, with the three paths to x added up.
    """
    axes, shape = _axes(site), site.shape(0)
    normal, inverse = f"{site.output}/normal", f"{site.output}/inverse"
    dbias = g.sum(dy, *axes, keepdims=True)
    dscale = g.sum(g.op("Mul", dy, normal), *axes, keepdims=True)
    dx = None
    if site.needed[0]:
        batch = g.op("Cast", g.op("Shape", dy, start=0, end=1), to=g.element_type)
        count = g.op("Mul", batch, g.constant(float(size(site.fixed(shape, first=2)))))
        mean = g.op("Div", dbias, count)
        slope = g.op("Mul", normal, g.op("Div", dscale, count))
        scale = g.op("Mul", _per_channel(g, site, site.inputs[1]), inverse)
        dx = g.op("Mul", scale, g.op("Sub", g.op("Sub", dy, mean), slope))
    return (dx, g.reshape(dscale, -1), g.reshape(dbias, -1), None, None)


@training_form("Dropout")
def dropout_form(g: GraphBuilder, site: Site) -> Extras:
    """y = x [u >= p] / (1 - p), u uniform in [0, 1) (Srivastava et al. 2014, section 10).

    u is an input: whoever trains draws it, so the same seed gives the same weights anywhere.
    """
    given = site.constant(1)
    ratio = 0.5 if given is None else float(np.asarray(given))
    if not 0 <= ratio < 1:
        raise site.refusal(f"drops a share of {ratio:g}")
    uniform = f"{site.output}/uniform"
    kept = g.step(g.op("GreaterOrEqual", uniform, g.constant(ratio)))
    scale = g.op("Mul", kept, g.constant(1 / (1 - ratio)), name=f"{site.output}/scale")
    g.op("Mul", site.inputs[0], scale, name=site.output)
    return Extras(noise={uniform: site.fixed(site.output_shape)})


@gradient("Dropout")
def dropout(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """dx = dy where kept, scaled alike."""
    return only_first(g.op("Mul", dy, f"{site.output}/scale"))
