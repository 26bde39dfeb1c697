"""Gemm and MatMul. For Y = A B: dA = dY Bᵀ, dB = Aᵀ dY (Giles 2008, 2.2.1)."""

from __future__ import annotations

from collections.abc import Sequence

from inkread.ml.gradients.arithmetic import sum_to
from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Site, gradient


@gradient("Gemm")
def gemm(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """Y = α A' B' + β C, where ' may transpose."""
    a, b = site.inputs[:2]
    alpha, beta = site.number("alpha", 1), site.number("beta", 1)
    ta, tb = site.integer("transA", 0), site.integer("transB", 0)
    da = db = dc = None
    if site.needed[0]:
        da = (
            g.op("Gemm", b, dy, transA=tb, transB=1, alpha=alpha)
            if ta
            else g.op("Gemm", dy, b, transB=1 - tb, alpha=alpha)
        )
    if site.needed[1]:
        db = (
            g.op("Gemm", dy, a, transA=1, transB=ta, alpha=alpha)
            if tb
            else g.op("Gemm", a, dy, transA=1 - ta, alpha=alpha)
        )
    if len(site.needed) > 2 and site.needed[2]:
        dc = sum_to(g, dy, site.output_shape, site.shape(2))
        dc = dc if beta == 1 else g.op("Mul", dc, g.constant(beta))
    return (da, db, dc)


@gradient("MatMul")
def matmul(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """Y = A B over stacks of matrices; broadcast stack axes are summed."""
    if min(len(site.shape(0)), len(site.shape(1))) < 2:
        raise site.refusal("multiplies by a vector")
    if len(site.shape(1)) == 2:
        return _times_matrix(g, site, dy)
    a, b = site.inputs
    da = db = None
    if site.needed[0]:
        da = g.op("MatMul", dy, _transposed(g, b, len(site.shape(1))))
        da = sum_to(g, da, site.output_shape[:-2] + site.shape(0)[-2:], site.shape(0))
    if site.needed[1]:
        db = g.op("MatMul", _transposed(g, a, len(site.shape(0))), dy)
        db = sum_to(g, db, site.output_shape[:-2] + site.shape(1)[-2:], site.shape(1))
    return (da, db)


def _times_matrix(g: GraphBuilder, site: Site, dy: str) -> Sequence[str | None]:
    """Gradients if B is one matrix for the whole stack: the rows of A are stacked into one Gemm."""
    a, b = site.inputs
    flat = len(site.shape(0)) == 2
    rows, columns = site.fixed(site.shape(1), first=0)
    da = db = None
    if site.needed[0]:
        da = g.op("Gemm", dy, b, transB=1) if flat else g.op("MatMul", dy, _transposed(g, b, 2))
    if site.needed[1]:
        a, dy = (a, dy) if flat else (g.reshape(a, -1, rows), g.reshape(dy, -1, columns))
        db = g.op("Gemm", a, dy, transA=1)
    return (da, db)


def _transposed(g: GraphBuilder, x: str, rank: int) -> str:
    return g.op("Transpose", x, perm=[*range(rank - 2), rank - 1, rank - 2])
