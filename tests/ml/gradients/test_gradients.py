"""Each rule against central finite differences, over odd shapes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from onnx import helper

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import GRADIENTS, NotDifferentiable, Site, rule_of
from tests.ml.gradients.finite_differences import (
    central_differences,
    check_linear_rule,
    check_rule,
    distinct,
    evaluator,
    normal,
    run,
)


@pytest.mark.parametrize("op_type", ["Add", "Sub", "Mul", "Div"])
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((3, 5), (3, 5)),
        ((3, 5), (5,)),
        ((3, 5), (1, 5)),
        ((3, 2, 4), (2, 1)),
        ((3, 1, 4), (3, 7, 1)),
        ((3, 5), ()),
    ],
)
def test_arithmetic_broadcasts(op_type: str, a: tuple[int, ...], b: tuple[int, ...]) -> None:
    batched = (0, 1) if len(b) == len(a) and b[0] == a[0] else (0,)
    divisor = np.asarray(1 + abs(normal(*b, seed=1)))
    check_rule(op_type, [normal(*a), divisor], wanted=(0, 1), batched=batched)


def test_arithmetic_broadcasts_the_left_operand_too() -> None:
    check_rule("Sub", [normal(4), normal(3, 4)], wanted=(0, 1), batched=(1,))
    check_rule("Div", [normal(1, 4), 1 + abs(normal(3, 4))], wanted=(0, 1), batched=(1,))


@pytest.mark.parametrize("op_type", ["Relu", "Sigmoid", "Tanh", "Identity", "LeakyRelu"])
def test_activations(op_type: str) -> None:
    check_rule(op_type, [distinct(3, 7) / 2])


@pytest.mark.parametrize("op_type", ["Exp", "Sqrt", "Neg"])
def test_functions(op_type: str) -> None:
    check_rule(op_type, [abs(distinct(3, 7))])


def test_activations_with_settings() -> None:
    check_rule("LeakyRelu", [distinct(3, 7)], alpha=0.3)
    check_rule("Gelu", [distinct(3, 7) / 2], approximate="tanh")


def test_exact_gelu() -> None:
    # The reference evaluator's Erf is good to 2e-8 only, too rough for differences.
    def forward(x: Any) -> float:
        return float(sum(v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x.ravel()))

    x = distinct(3, 7) / 2
    found = _gradient(helper.make_node("Gelu", ["x"], ["y"]), {"x": x})
    np.testing.assert_allclose(found, central_differences(forward, x), atol=1e-6)


def test_erf() -> None:
    x = distinct(3, 7) / 2
    found = _gradient(helper.make_node("Erf", ["x"], ["y"]), {"x": x})
    expected = central_differences(lambda x: sum(math.erf(v) for v in x.ravel()), x)
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_relu_passes_nothing_at_zero() -> None:
    # One-sided: differences across 0 would give 1/2; forward and rule must agree on 0.
    x = np.array([[0.0, -1.0, 2.0]])
    node = helper.make_node("Relu", ["x"], ["y"])
    assert _gradient(node, {"x": x}).tolist() == [[0, 0, 1]]


@pytest.mark.parametrize(
    "bounds", [[-1.0, 1.0], [-0.4], [-np.inf, 0.6]], ids=["both", "low only", "high only"]
)
def test_clip(bounds: list[float]) -> None:
    check_rule("Clip", [distinct(3, 7), *(np.array(b) for b in bounds)])


@pytest.mark.parametrize("op_type", ["Softmax", "LogSoftmax"])
@pytest.mark.parametrize("axis", [-1, 1])
def test_softmax(op_type: str, axis: int) -> None:
    check_rule(op_type, [normal(3, 5, 2)], axis=axis)


@pytest.mark.parametrize("trans_a", [0, 1])
@pytest.mark.parametrize("trans_b", [0, 1])
def test_gemm(trans_a: int, trans_b: int) -> None:
    a, b = normal(3, 5), normal(5, 2, seed=1)
    arrays = [a.T.copy() if trans_a else a, b.T.copy() if trans_b else b, normal(2, seed=2)]
    check_rule(
        "Gemm",
        arrays,
        wanted=(0, 1, 2),
        batched=() if trans_a else (0,),
        transA=trans_a,
        transB=trans_b,
        alpha=0.7,
        beta=1.3,
    )


def test_gemm_broadcasts_its_bias_and_goes_without() -> None:
    check_rule("Gemm", [normal(3, 5), normal(5, 2), normal(1, 2)], wanted=(0, 1, 2))
    check_rule("Gemm", [normal(3, 5), normal(5, 2), normal(1)], wanted=(0, 1, 2))
    check_rule("Gemm", [normal(3, 5), normal(5, 2)], wanted=(0, 1))


@pytest.mark.parametrize(
    ("a", "b", "batched"),
    [
        ((3, 5), (5, 2), (0,)),
        ((3, 4, 5), (5, 2), (0,)),
        ((3, 4, 5), (3, 5, 2), (0, 1)),
        ((3, 2, 4, 5), (2, 5, 3), (0,)),
        ((3, 1, 4, 5), (1, 2, 5, 3), (0,)),
    ],
)
def test_matmul(a: tuple[int, ...], b: tuple[int, ...], batched: tuple[int, ...]) -> None:
    check_rule("MatMul", [normal(*a), normal(*b, seed=1)], wanted=(0, 1), batched=batched)


def test_matmul_by_a_vector_is_refused() -> None:
    with pytest.raises(NotDifferentiable, match=r"MatMul .* vector"):
        check_rule("MatMul", [normal(3, 5), normal(5)], wanted=(0, 1))


CONVOLUTIONS: list[tuple[str, tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ("plain", (2, 3, 5, 6), (4, 3, 3, 2), {}),
    ("one by one", (2, 3, 4, 5), (2, 3, 1, 1), {}),
    ("padded", (2, 2, 5, 4), (3, 2, 3, 3), {"pads": [1, 1, 1, 1]}),
    ("unevenly padded", (2, 2, 5, 4), (3, 2, 3, 2), {"pads": [2, 0, 1, 1]}),
    ("padded beyond the kernel", (2, 1, 3, 3), (2, 1, 2, 2), {"pads": [2, 3, 2, 3]}),
    ("strided", (2, 2, 7, 6), (3, 2, 3, 3), {"strides": [2, 3]}),
    ("strided and padded", (2, 2, 7, 6), (3, 2, 3, 3), {"strides": [2, 2], "pads": [1, 0, 0, 1]}),
    ("dilated", (2, 2, 7, 7), (3, 2, 3, 2), {"dilations": [2, 3]}),
    ("dilated, strided", (2, 2, 8, 7), (2, 2, 3, 3), {"dilations": [2, 1], "strides": [1, 2]}),
    ("stride leaves a rest", (2, 1, 6, 6), (2, 1, 2, 2), {"strides": [4, 4]}),
    ("same upper", (2, 2, 5, 6), (3, 2, 4, 2), {"auto_pad": "SAME_UPPER"}),
    ("same lower", (2, 2, 5, 6), (3, 2, 4, 2), {"auto_pad": "SAME_LOWER"}),
    ("same lower, without a rim", (2, 2, 6, 6), (3, 2, 2, 1),
     {"auto_pad": "SAME_LOWER", "strides": [2, 3]}),
    ("same, strided", (2, 2, 7, 6), (3, 2, 3, 3), {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    ("valid", (2, 2, 5, 6), (3, 2, 3, 2), {"auto_pad": "VALID"}),
    ("one dimension", (2, 3, 9), (4, 3, 4), {"strides": [2], "pads": [1, 2]}),
    ("two rows to one", (2, 3, 2, 6), (4, 3, 2, 3), {"pads": [0, 1, 0, 1]}),
    ("one row", (2, 3, 1, 7), (3, 3, 1, 3), {"pads": [0, 1, 0, 1]}),
    ("one row, dilated", (2, 3, 1, 7), (3, 3, 1, 3), {"pads": [0, 2, 0, 2], "dilations": [1, 2]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("x", "w", "attributes"), [c[1:] for c in CONVOLUTIONS], ids=[c[0] for c in CONVOLUTIONS]
)
def test_convolution(x: tuple[int, ...], w: tuple[int, ...], attributes: dict[str, Any]) -> None:
    arrays = [normal(*x), normal(*w, seed=1), normal(w[0], seed=2)]
    check_rule("Conv", arrays, wanted=(0, 1, 2), tolerance=1e-6, **attributes)
    check_rule("Conv", arrays[:2], wanted=(1,), tolerance=1e-6, **attributes)


# The reference evaluator's ConvTranspose knows no groups.
@pytest.mark.parametrize(
    ("x", "w", "attributes"),
    [
        ((2, 4, 5, 4), (6, 2, 3, 3), {"group": 2, "pads": [1, 1, 1, 1]}),
        ((2, 4, 5, 6), (6, 2, 3, 3), {"group": 2, "strides": [2, 2]}),
        ((2, 3, 5, 4), (3, 1, 3, 3), {"group": 3, "pads": [1, 1, 1, 1]}),
        ((2, 4, 9, 8), (4, 2, 3, 2), {"group": 2, "strides": [3, 2], "dilations": [1, 2]}),
    ],
    ids=["grouped", "strided", "depthwise", "leaving a rest"],
)
def test_grouped_convolution(
    x: tuple[int, ...], w: tuple[int, ...], attributes: dict[str, Any]
) -> None:
    arrays = [normal(*x), normal(*w, seed=1), normal(w[0], seed=2)]
    check_linear_rule("Conv", arrays, (0, 1, 2), **attributes)


POOLS: list[tuple[str, tuple[int, ...], dict[str, Any]]] = [
    ("even", (2, 3, 4, 6), {"kernel_shape": [2, 2], "strides": [2, 2]}),
    ("with a rest", (2, 2, 5, 7), {"kernel_shape": [2, 2], "strides": [2, 2]}),
    ("overlapping", (2, 2, 5, 7), {"kernel_shape": [3, 3], "strides": [2, 2]}),
    ("stride one", (2, 1, 4, 4), {"kernel_shape": [2, 3]}),
    ("gaps", (2, 1, 7, 7), {"kernel_shape": [2, 2], "strides": [3, 3]}),
    ("padded", (2, 2, 5, 4), {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    ("ceiling", (2, 2, 6, 5), {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
    ("same", (2, 2, 5, 4), {"kernel_shape": [3, 2], "auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    ("whole", (2, 3, 3, 5), {"kernel_shape": [3, 5]}),
    ("one dimension", (2, 3, 9), {"kernel_shape": [3], "strides": [2]}),
    ("two rows to one", (2, 3, 4, 5), {"kernel_shape": [2, 1], "strides": [2, 1]}),
]


@pytest.mark.parametrize(("x", "attributes"), [p[1:] for p in POOLS], ids=[p[0] for p in POOLS])
@pytest.mark.parametrize("op_type", ["MaxPool", "AveragePool"])
def test_pools(op_type: str, x: tuple[int, ...], attributes: dict[str, Any]) -> None:
    check_rule(op_type, [distinct(*x)], **attributes)


@pytest.mark.parametrize(
    "attributes",
    [
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]},
        {"kernel_shape": [3, 2], "pads": [0, 1, 2, 0]},
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1},
        {"kernel_shape": [3, 2], "auto_pad": "SAME_UPPER"},
        {"kernel_shape": [2, 4], "strides": [1, 2], "auto_pad": "SAME_LOWER"},
    ],
)
def test_average_pool_may_count_its_padding(attributes: dict[str, Any]) -> None:
    check_rule("AveragePool", [normal(2, 2, 6, 5)], count_include_pad=1, **attributes)


def test_dilated_max_pool() -> None:
    check_rule("MaxPool", [distinct(2, 2, 6, 7)], kernel_shape=[2, 2], dilations=[2, 3])


def test_max_pool_gives_a_tie_to_the_first_alone() -> None:
    x = np.zeros((1, 1, 2, 4))
    x[0, 0, 1, 2:] = 3
    node = helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2, 2], strides=[2, 2])
    assert _gradient(node, {"x": x}).tolist() == [[[[1, 0, 0, 0], [0, 0, 1, 0]]]]


@pytest.mark.parametrize("shape", [(3, 2, 3, 5), (2, 3, 4)])
def test_global_average_pool(shape: tuple[int, ...]) -> None:
    check_rule("GlobalAveragePool", [normal(*shape)])


def test_moves() -> None:
    x = normal(3, 2, 4, 5)
    check_rule("Flatten", [x])
    check_rule("Reshape", [x, np.array([-1, 8, 5])])
    check_rule("Reshape", [x, np.array([0, 40])])
    check_rule("Unsqueeze", [x, np.array([2])])
    check_rule("Squeeze", [normal(3, 1, 4, 1), np.array([1, 3])])
    check_rule("Transpose", [x], perm=[0, 3, 1, 2])
    check_rule("Transpose", [normal(2, 3)], batched=())


def test_slice() -> None:
    x = normal(3, 5, 4)
    check_rule("Slice", [x, np.array([1]), np.array([-1]), np.array([1])])
    check_rule("Slice", [x, np.array([-3, 0]), np.array([99, 2]), np.array([1, -1])])
    check_rule("Slice", [x, np.array([0]), np.array([2]), np.array([2]), np.array([1])])
    with pytest.raises(NotDifferentiable, match=r"Slice .* in steps"):
        check_rule("Slice", [x, np.array([0]), np.array([4]), np.array([1]), np.array([2])])


@pytest.mark.parametrize("keepdims", [0, 1])
@pytest.mark.parametrize("axes", [[1], [2, 3], [-1, 1]])
def test_mean(axes: list[int], keepdims: int) -> None:
    check_rule("ReduceMean", [normal(3, 2, 4, 5), np.array(axes)], keepdims=keepdims)


def test_concat_hands_back_the_parts() -> None:
    parts = [normal(3, 2, 4), normal(3, 1, 4, seed=1), normal(3, 3, 4, seed=2)]
    check_rule("Concat", parts, wanted=(0, 1, 2), batched=(0, 1, 2), axis=1)
    check_rule("Concat", [p.swapaxes(1, 2).copy() for p in parts], wanted=(0, 2),
               batched=(0, 1, 2), axis=-1)  # fmt: skip


def test_pad() -> None:
    x = normal(3, 2, 4)
    check_rule("Pad", [x, np.array([0, 1, 2, 0, 0, 1]), np.array(5.0)])
    check_rule("Pad", [x, np.array([0, 0, 2, 0, 1, 0])])
    check_rule("Pad", [x, np.array([1, 2]), np.array(0.0), np.array([-1])])


def test_pads_of_other_kinds_are_refused() -> None:
    with pytest.raises(NotDifferentiable, match=r"Pad .* constant"):
        check_rule("Pad", [normal(3, 4), np.array([0, 1, 0, 1])], mode="reflect")
    node = helper.make_node("Pad", ["x", "pads"], ["y"])
    site = Site(node, (True, False), {"x": (3, 4)}, {"pads": np.array([0, -1, 0, 0])})
    with pytest.raises(NotDifferentiable, match="less than nothing"):
        rule_of(site)(GraphBuilder(), site, "dy")


def test_an_operator_without_rule_is_named_with_its_node() -> None:
    node = helper.make_node("Einsum", ["x"], ["y"], name="head", equation="ij->j")
    with pytest.raises(NotDifferentiable, match=r"Einsum \(node head\) has no gradient rule"):
        rule_of(Site(node, (True,), {}, {}))


def test_an_operator_of_another_domain_has_no_rule() -> None:
    node = helper.make_node("Relu", ["x"], ["y"], domain="org.example")
    with pytest.raises(NotDifferentiable, match="node y"):
        rule_of(Site(node, (True,), {}, {}))


def test_every_promised_operator_has_a_rule() -> None:
    promised = (
        "Conv Gemm MatMul Add Sub Mul Div Relu LeakyRelu Sigmoid Tanh Gelu Softmax LogSoftmax "
        "MaxPool AveragePool GlobalAveragePool BatchNormalization Dropout Flatten Reshape "
        "Transpose Concat Pad Identity Clip"
    )
    assert set(promised.split()) <= set(GRADIENTS)


def _gradient(node: Any, feed: dict[str, Any]) -> Any:
    """The gradient of the sum of a node's outputs."""
    y = run(evaluator([node], feed, ["y"]), feed)[0]
    g = GraphBuilder(np.float64)
    site = Site(node, (True,), {"x": feed["x"].shape, "y": y.shape}, {})
    dx = rule_of(site)(g, site, "dy")[0]
    assert dx is not None
    fed = {**feed, "dy": np.ones_like(y)}
    return run(evaluator([node, *g.nodes], fed, [dx], g.constants), fed)[0]
