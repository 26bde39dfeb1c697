"""Add, Sub, Mul, Div, with broadcasting.

Broadcasting repeats an operand; its gradient is the sum over the repetitions
(Baydin et al. 2018, "Automatic differentiation in machine learning: a survey", 3.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Shape, Site, gradient


def sum_to(g: GraphBuilder, dy: str, full: Shape, shape: Shape) -> str:
    """Sum a gradient of shape ``full`` over the axes that broadcasting has repeated."""
    lead = len(full) - len(shape)
    repeated = [
        lead + axis
        for axis, (have, want) in enumerate(zip(full[lead:], shape, strict=True))
        if want == 1 and have != 1
    ]
    if repeated:
        dy = g.sum(dy, *repeated, keepdims=True)
    return g.sum(dy, *range(lead)) if lead else dy


def _back(g: GraphBuilder, site: Site, *gradients: str | None) -> Sequence[str | None]:
    return [
        None if dx is None else sum_to(g, dx, site.output_shape, site.shape(i))
        for i, dx in enumerate(gradients)
    ]


@gradient("Add", "Sub")
def add(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = a ± b: da = dy, db = ±dy."""
    da, db = (sum_to(g, dy, site.output_shape, site.shape(i)) if site.needed[i] else None
              for i in (0, 1))  # fmt: skip
    if db is not None and site.node.op_type == "Sub":
        db = g.op("Neg", db)
    return (da, db)


@gradient("Mul")
def multiply(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = a b: da = dy b, db = dy a."""
    a, b = site.inputs
    return _back(
        g,
        site,
        g.op("Mul", dy, b) if site.needed[0] else None,
        g.op("Mul", dy, a) if site.needed[1] else None,
    )


@gradient("Div")
def divide(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """y = a / b: da = dy / b, db = -dy y / b."""
    b = site.inputs[1]
    da = g.op("Div", dy, b)
    db = g.op("Neg", g.op("Mul", da, site.output)) if site.needed[1] else None
    return _back(g, site, da if site.needed[0] else None, db)
