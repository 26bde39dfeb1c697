"""Analysis of a forward model before training."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import NodeProto, helper, numpy_helper

from inkread.ml.graph.forward import read_forward
from inkread.ml.graph.surgery import OPSET, NotTrainable
from tests.ml.networks import convolutional, evaluate, model

RNG = np.random.default_rng(0)
node = helper.make_node


def _values(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {name: RNG.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def test_parameters_shapes_and_constants() -> None:
    forward = read_forward(convolutional())
    assert set(forward.parameters) == {"w1", "b1", "scale", "shift", "w2", "b2", "w3", "b3"}
    assert set(forward.constants) == {"mean", "variance", "ratio"}
    assert (forward.input, forward.output, forward.classes) == ("x", "y", 3)
    assert forward.shapes["c2"] == (None, 5, 2, 2)
    assert forward.shapes["y"] == (None, 3)
    assert forward.dtype == np.float64


def test_a_fixed_batch_is_freed_in_reshapes_too() -> None:
    # As the model zoo's MNIST network: batch of 1, and a weight that is reshaped.
    nodes = [
        node("Conv", ["x", "w1"], ["c"]),
        node("Reshape", ["c", "flat"], ["f"]),
        node("Reshape", ["w2", "matrix"], ["m"]),
        node("MatMul", ["f", "m"], ["p"]),
        node("Add", ["p", "b"], ["y"]),
    ]
    values = _values(w1=(2, 1, 3, 3), w2=(2, 2, 2, 3), b=(1, 3))
    values |= {"flat": np.array([1, 8]), "matrix": np.array([8, 3])}
    forward = read_forward(model(nodes, values, [1, 1, 4, 4], opset=12))
    assert forward.parameters == ("w1", "w2", "b")
    assert forward.shapes["f"] == (None, 8)
    assert forward.shapes["m"] == (8, 3)
    assert forward.model.opset_import[0].version == OPSET
    x = RNG.normal(size=(5, 1, 4, 4)).astype(np.float32)
    assert evaluate(forward.model, {"x": x})[0].shape == (5, 3)


def test_what_scales_the_pixels_is_no_parameter() -> None:
    nodes = [
        node("Div", ["x", "most"], ["s"]),
        node("Sub", ["s", "means"], ["d"]),
        node("MatMul", ["d", "w"], ["m"]),
        node("Mul", ["m", "gain"], ["g"]),
        node("Add", ["g", "b"], ["y"]),
    ]
    values = _values(most=(), means=(1, 4), w=(4, 3), gain=(), b=(3,))
    assert read_forward(model(nodes, values, ["N", 4])).parameters == ("w", "b")


def test_a_layer_of_one_unit_is_trained_like_any_other() -> None:
    nodes = [node("Gemm", ["x", "v", "c"], ["h"]), node("Gemm", ["h", "w", "b"], ["y"])]
    values = _values(v=(4, 1), c=(1,), w=(1, 3), b=(3,))
    assert read_forward(model(nodes, values, ["N", 4])).parameters == ("v", "c", "w", "b")


def test_frozen_initialisers_stay() -> None:
    forward = read_forward(convolutional(), frozen={"w1", "b1"})
    assert {"w1", "b1"}.isdisjoint(forward.parameters)
    assert {"w1", "b1"} <= set(forward.constants)


def test_constant_nodes_count_as_known_values() -> None:
    nodes = [
        node("Constant", [], ["shape"], value_ints=[-1, 8]),
        node("Constant", [], ["low"], value=numpy_helper.from_array(np.array(-1, np.float32))),
        node("Reshape", ["x", "shape"], ["f"]),
        node("Gemm", ["f", "w"], ["g"]),
        node("Clip", ["g", "low"], ["y"]),
    ]
    forward = read_forward(model(nodes, _values(w=(8, 3)), ["N", 2, 4]))
    assert forward.parameters == ("w",)
    assert forward.constants["shape"].tolist() == [-1, 8]
    assert forward.shapes["f"] == (None, 8)


@pytest.mark.parametrize("first", [1, 2, "N"])
def test_shapes_that_are_calculated_from_constants_are_known(first: int | str) -> None:
    """As PyTorch writes x.view(x.size(0), -1) for a fixed batch."""
    nodes = [
        node("Constant", [], ["n"], value_int=first if isinstance(first, int) else -1),
        node("Constant", [], ["rest"], value_int=-1 if isinstance(first, int) else 8),
        node("Constant", [], ["axes"], value_ints=[0]),
        node("Unsqueeze", ["n", "axes"], ["n1"]),
        node("Unsqueeze", ["rest", "axes"], ["rest1"]),
        node("Concat", ["n1", "rest1"], ["shape"], axis=0),
        node("Reshape", ["x", "shape"], ["f"]),
        node("Gemm", ["f", "w"], ["y"]),
    ]
    forward = read_forward(model(nodes, _values(w=(8, 3)), [first, 2, 4]))
    assert forward.parameters == ("w",)
    assert forward.shapes["y"] == (None, 3)
    assert [n.op_type for n in forward.nodes] == ["Reshape", "Gemm"]


@pytest.mark.parametrize("by_identity", [True, False])
def test_running_averages_that_are_written_once_with_the_scale_become_their_own(
    by_identity: bool,
) -> None:
    """As PyTorch writes a normalisation that has not been trained yet."""
    mean, variance = ("m", "v") if by_identity else ("t", "s")
    nodes = [node("Identity", ["t"], ["m"]), node("Identity", ["s"], ["v"])] * by_identity
    nodes += [
        node("Gemm", ["x", "w"], ["g"]),
        node("BatchNormalization", ["g", "s", "t", mean, variance], ["y"]),
    ]
    forward = read_forward(model(nodes, _values(w=(4, 3), s=(3,), t=(3,)), ["N", 4]))
    assert forward.parameters == ("w", "s", "t")
    (norm,) = (n for n in forward.nodes if n.op_type == "BatchNormalization")
    assert len(set(norm.input)) == 5
    for own, shared in zip(norm.input[3:], ("t", "s"), strict=True):
        np.testing.assert_array_equal(forward.values[own], forward.values[shared])


def test_the_given_model_is_left_alone() -> None:
    given = model([node("Gemm", ["x", "w"], ["y"])], _values(w=(4, 3)), [1, 4])
    before = given.SerializeToString(deterministic=True)
    read_forward(given)
    assert given.SerializeToString(deterministic=True) == before


def test_other_values_make_another_model_with_the_same_metadata() -> None:
    given = convolutional(np.float32)
    helper.set_model_props(given, {"labels": "abc"})
    forward = read_forward(given)
    changed = forward.with_values({"b3": np.zeros(3, np.float32)})
    kept = {t.name: numpy_helper.to_array(t) for t in changed.graph.initializer}
    assert kept["b3"].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(kept["w1"], forward.values["w1"])
    assert changed.metadata_props[0].value == "abc"


@pytest.mark.parametrize(
    ("nodes", "shape", "reason"),
    [
        ([node("Softmax", ["x"], ["y"])], ["N", 3], "no weights"),
        ([node("Conv", ["x", "w"], ["y"])], ["N", 1, 5, 5], "one row of classes"),
    ],
)
def test_what_is_no_classifier_is_refused(
    nodes: list[NodeProto], shape: list[int | str], reason: str
) -> None:
    values = {"w": np.ones((3, 1, 3, 3), np.float32)}
    if "no weights" in reason:
        values = {"w": np.ones((), np.float32)}
    with pytest.raises(NotTrainable, match=reason):
        read_forward(model(nodes, values, shape))


def test_two_inputs_are_refused() -> None:
    given = model([node("Gemm", ["x", "w"], ["y"])], _values(w=(4, 3)), ["N", 4])
    given.graph.input.append(helper.make_tensor_value_info("z", 1, ["N", 4]))
    with pytest.raises(NotTrainable, match="2 inputs"):
        read_forward(given)
