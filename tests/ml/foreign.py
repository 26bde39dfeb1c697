"""Foreign models for tests: good ones of each origin, and those that attack whoever opens them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import FunctionProto, GraphProto, NodeProto, TensorProto, helper, numpy_helper

from tests.ml import graphs

ONE = numpy_helper.from_array(np.ones(1, np.float32))
#: Makes ten scores, named "scores".
HEAD = (
    helper.make_node("Flatten", ["x"], ["flat"]),
    helper.make_node("Gemm", ["flat", "w", "b"], ["scores"]),
)
#: Adds the largest value of "c" to the scores.
TAIL = (
    helper.make_node("ReduceMax", ["c"], ["largest"], keepdims=0),
    helper.make_node("Add", ["scores", "largest"], ["y"]),
)
Weights = Mapping[str, NDArray[np.generic]]


def model(
    nodes: Sequence[NodeProto],
    weights: Weights | None = None,
    functions: Sequence[FunctionProto] = (),
    tensors: Sequence[TensorProto] = (),
    shape: graphs.Shape = ("n", 1, 28, 28),
) -> bytes:
    """An ONNX file that nobody has checked."""
    arrays = {**graphs.dense_weights(), **(weights or {})}
    graph = helper.make_graph(
        list(nodes),
        "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [shape[0], 10])],
        [numpy_helper.from_array(np.asarray(a), name) for name, a in arrays.items()] + [*tensors],
    )
    opsets = [
        helper.make_opsetid(domain, version)
        for domain, version in (("", 17), ("ai.onnx.ml", 3), ("ours", 1), ("theirs", 1))
    ]
    built = helper.make_model(graph, opset_imports=opsets, ir_version=9, functions=list(functions))
    return bytes(built.SerializeToString())


def after_head(*nodes: NodeProto, **weights: NDArray[np.generic]) -> bytes:
    """A model whose nodes lead from "scores" to "y"."""
    return model([*HEAD, *nodes], weights)


def around(*nodes: NodeProto, **weights: NDArray[np.generic]) -> bytes:
    """A model whose nodes make "c", which may be large."""
    return model([*HEAD, *nodes, *TAIL], weights)


def branch(name: str, *nodes: NodeProto) -> GraphProto:
    """A graph inside a node; it makes the tensor of that name."""
    output = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
    return helper.make_graph(list(nodes), name, [], [output])


def choice(condition: str, result: str, depth: int = 0) -> NodeProto:
    """An "If" with other ones inside it."""
    kept = branch(f"kept{depth}", helper.make_node("Identity", ["scores"], [f"kept{depth}"]))
    inner = f"turned{depth}"
    turned = helper.make_node("Neg", ["scores"], [inner])
    if depth:
        turned = choice(condition, inner, depth - 1)
    return helper.make_node(
        "If", [condition], [result], then_branch=kept, else_branch=branch(inner, turned)
    )


def if_on_shape() -> bytes:
    """As PyTorch exports ``squeeze``: what is done depends on the shape."""
    return after_head(
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Gather", ["shape", "one"], ["channels"]),
        helper.make_node("Equal", ["channels", "one"], ["condition"]),
        choice("condition", "y"),
        one=np.array(1),
    )


def if_on_picture() -> bytes:
    return after_head(
        helper.make_node("ReduceMax", ["x"], ["ink"], keepdims=0),
        helper.make_node("Greater", ["ink", "half"], ["condition"]),
        choice("condition", "y"),
        half=np.array(0.5, np.float32),
    )


def loop(count: int = 2**62, grows: bool = False) -> bytes:
    """Runs for centuries; or doubles its state each time."""
    step = helper.make_node("Add", ["state", "state"], ["next"])
    if grows:
        step = helper.make_node("Concat", ["state", "state"], ["next"], axis=0)
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["on"], ["still_on"]),
            step,
        ],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("state", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("still_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, None),
        ],
    )
    return around(
        helper.make_node("Loop", ["count", "yes", "scores"], ["c"], body=body),
        count=np.array(count),
        yes=np.array(True),
    )


def scan() -> bytes:
    body = helper.make_graph(
        [helper.make_node("Relu", ["one_row"], ["out_row"])],
        "body",
        [helper.make_tensor_value_info("one_row", TensorProto.FLOAT, [10])],
        [helper.make_tensor_value_info("out_row", TensorProto.FLOAT, [10])],
    )
    return after_head(helper.make_node("Scan", ["scores"], ["y"], body=body, num_scan_inputs=1))


def sequence_map() -> bytes:
    body = helper.make_graph(
        [helper.make_node("Relu", ["one"], ["out"])],
        "body",
        [helper.make_tensor_value_info("one", TensorProto.FLOAT, None)],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)],
    )
    return after_head(
        helper.make_node("SplitToSequence", ["scores"], ["list"]),
        helper.make_node("SequenceMap", ["list"], ["mapped"], body=body),
        helper.make_node("ConcatFromSequence", ["mapped"], ["y"], axis=0),
    )


def with_functions(functions: Sequence[FunctionProto], first: str) -> bytes:
    call = helper.make_node(first, ["scores"], ["y"], domain="ours")
    return model([*HEAD, call], functions=functions)


def function(name: str, *calls: str) -> FunctionProto:
    """A function that calls others of ours in a row; without any, it is an operator's."""
    names = ["a", *(f"t{i}" for i in range(1, len(calls))), "b"]
    nodes = [
        helper.make_node(call, [names[i]], [names[i + 1]], domain="ours")
        for i, call in enumerate(calls)
    ] or [helper.make_node("Relu", ["a"], ["b"])]
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ours", 1)]
    return helper.make_function("ours", name, ["a"], ["b"], nodes, opsets)


def layers_as_functions() -> bytes:
    """As PyTorch's newer exporter writes modules: functions that call functions."""
    return with_functions([function("Net", "Act", "Act"), function("Act")], "Net")


def doubling_functions(count: int = 30) -> bytes:
    doubling = [function(f"F{i}", f"F{i + 1}", f"F{i + 1}") for i in range(count)]
    return with_functions([*doubling, function(f"F{count}")], "F0")


def circular_functions() -> bytes:
    return with_functions([function("Ping", "Pong"), function("Pong", "Ping")], "Ping")


def chain(length: int) -> bytes:
    names = ["scores", *(f"t{i}" for i in range(1, length)), "y"]
    return after_head(
        *(helper.make_node("Identity", [names[i]], [names[i + 1]]) for i in range(length))
    )


def huge_claim() -> bytes:
    """A tensor of four bytes that claims a million million numbers."""
    claim = TensorProto(name="c", data_type=1, dims=[10**6, 10**6], raw_data=b"1234")
    return model([*HEAD, *TAIL], tensors=[claim])


def elsewhere() -> bytes:
    """Its weights are in another file."""
    moved = TensorProto(name="c", data_type=1, dims=[1], data_location=TensorProto.EXTERNAL)
    moved.external_data.add(key="location", value="weights.bin")
    return model([*HEAD, *TAIL], tensors=[moved])


def classic(operator: str, *after: NodeProto, output: str = "y", **attributes: Any) -> bytes:
    """A model of ONNX's operators for classic machine learning: one of them, on the pixels."""
    flat = helper.make_node("Flatten", ["x"], ["flat"])
    node = helper.make_node(operator, ["flat"], [output], domain="ai.onnx.ml", **attributes)
    return model([flat, node, *after])


def tree() -> bytes:
    """A decision tree, as scikit-learn's converter writes them."""
    return classic(
        "TreeEnsembleRegressor",
        n_targets=10,
        nodes_treeids=[0, 0, 0],
        nodes_nodeids=[0, 1, 2],
        nodes_featureids=[400, 0, 0],
        nodes_values=[0.5, 0.0, 0.0],
        nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"],
        nodes_truenodeids=[1, 0, 0],
        nodes_falsenodeids=[2, 0, 0],
        target_treeids=[0, 0],
        target_nodeids=[1, 2],
        target_ids=[0, 1],
        target_weights=[1.0, 1.0],
    )


def tree_of_branches(count: int, target: int = 0) -> bytes:
    """A tree whose branches form a chain of `count`; a high pixel leads from the last to `target`.

    0: to a leaf.
    """
    leaf, zeros = count, [0] * (count + 1)
    return classic(
        "TreeEnsembleRegressor",
        n_targets=10,
        nodes_treeids=zeros,
        nodes_nodeids=list(range(count + 1)),
        nodes_featureids=zeros,
        nodes_values=[0.5] * (count + 1),
        nodes_modes=["BRANCH_GT"] * count + ["LEAF"],
        nodes_truenodeids=[leaf] * (count - 1) + [target or leaf, 0],
        nodes_falsenodeids=[*range(1, count), leaf, 0],
        target_treeids=[0],
        target_nodeids=[leaf],
        target_ids=[0],
        target_weights=[1.0],
    )


def forest_by_place(*if_true: int) -> bytes:
    """Trees as of version 5 of their operator, the root first; each branch may lead to another."""
    zeros = [0] * len(if_true)
    return classic(
        "TreeEnsemble",
        n_targets=10,
        tree_roots=[0],
        nodes_featureids=zeros,
        nodes_splits=numpy_helper.from_array(np.zeros(len(if_true), np.float32)),
        nodes_modes=numpy_helper.from_array(np.zeros(len(if_true), np.uint8)),
        nodes_truenodeids=list(if_true),
        nodes_trueleafs=zeros,
        nodes_falsenodeids=zeros,
        nodes_falseleafs=[1] * len(if_true),
        leaf_targetids=[0],
        leaf_weights=ONE,
    )


def linear_classifier() -> bytes:
    """A linear model, as scikit-learn's converter writes them, with the scores as its output."""
    return classic(
        "LinearRegressor",
        helper.make_node("Softmax", ["raw"], ["y"]),
        output="raw",
        coefficients=graphs.dense_weights()["w"].T.ravel().tolist(),
        intercepts=[0.0] * 10,
        targets=10,
    )


def channels_last() -> bytes:
    """As Keras exports: the channel is last, the batch is read off the shape to flatten."""
    kernel = np.random.default_rng(0).normal(0, 1, (4, 1, 3, 3)).astype(np.float32)
    return model(
        [
            helper.make_node("Transpose", ["x"], ["nchw"], perm=[0, 3, 1, 2]),
            helper.make_node("Conv", ["nchw", "k"], ["conv"], pads=[1, 1, 1, 1]),
            helper.make_node("MaxPool", ["conv"], ["pool"], kernel_shape=[2, 2], strides=[2, 2]),
            helper.make_node("Shape", ["x"], ["shape"]),
            helper.make_node("Slice", ["shape", "zero", "one"], ["batch"]),
            helper.make_node("Concat", ["batch", "rest"], ["flat_shape"], axis=0),
            helper.make_node("Reshape", ["pool", "flat_shape"], ["flat"]),
            helper.make_node("Gemm", ["flat", "w", "b"], ["raw"]),
            helper.make_node("Softmax", ["raw"], ["y"]),
        ],
        {"k": kernel, "zero": np.array([0]), "one": np.array([1]), "rest": np.array([784])},
        shape=("n", 28, 28, 1),
    )


#: A good model of each origin.
ORIGINS: Mapping[str, bytes] = {
    "dense": graphs.dense(),
    "if on shape": if_on_shape(),
    "functions": layers_as_functions(),
    "channels last": channels_last(),
    "tree": tree(),
    "linear": linear_classifier(),
}


def _filled(name: str, size: str) -> NodeProto:
    return helper.make_node("ConstantOfShape", [size], [name], value=ONE)


#: 2.5 GB, made while a session is opened or run.
LARGE = {
    "a constant": around(_filled("c", "size"), size=np.array([25_000, 25_000])),
    "Expand": around(
        helper.make_node("ReduceMax", ["scores"], ["top"], keepdims=0),
        helper.make_node("Expand", ["top", "size"], ["c"]),
        size=np.array([25_000, 25_000]),
    ),
    "Tile": around(
        helper.make_node("Tile", ["scores", "times"], ["c"]), times=np.array([10_000, 10_000])
    ),
    "Pad": around(
        helper.make_node("Pad", ["scores", "pads"], ["c"]), pads=np.array([25_000, 0, 0, 25_000])
    ),
    "Resize": around(
        helper.make_node("Resize", ["x", "", "scales"], ["c"], mode="nearest"),
        scales=np.array([1, 1, 1000, 1000], np.float32),
    ),
    "ConvTranspose": around(
        helper.make_node("ConvTranspose", ["x", "k"], ["c"], strides=[1000, 1000]),
        k=np.ones((1, 1, 3, 3), np.float32),
    ),
}


def endless_folding(side: int = 3000, count: int = 20) -> bytes:
    """Products of constants, which onnxruntime computes while it opens the file: 15 s.

    Large ones: the more work for each byte, the surer time is up before the memory is full.
    """
    return around(
        _filled("a0", "size"),
        *(helper.make_node("MatMul", [f"a{i}", f"a{i}"], [f"a{i + 1}"]) for i in range(count - 1)),
        helper.make_node("MatMul", [f"a{count - 1}", f"a{count - 1}"], ["c"]),
        size=np.array([side, side]),
    )


def doubling_rows(count: int) -> bytes:
    """Concatenations: each picture takes 80 * 2**count bytes for a while."""
    names = ["scores", *(f"d{i}" for i in range(1, count)), "long"]
    return after_head(
        *(helper.make_node("Concat", [names[i]] * 2, [names[i + 1]], axis=1) for i in range(count)),
        helper.make_node("ReduceMax", ["long"], ["largest"], axes=[1], keepdims=1),
        helper.make_node("Add", ["scores", "largest"], ["y"]),
    )


def of_pixels(operator: str) -> bytes:
    """A model in which a size is computed from the picture."""
    node = onnx.helper.make_node
    total = node("ReduceSum", ["x"], ["ink"], keepdims=0)
    number = node("Cast", ["ink"], ["count"], to=TensorProto.INT64)
    size = node("Reshape", ["count", "flat_one"], ["size"])
    rest: Mapping[str, list[NodeProto]] = {
        "NonZero": [node("NonZero", ["x"], ["found"]), node("Cast", ["found"], ["c"], to=1)],
        "Expand": [total, number, size, node("Expand", ["ink", "size"], ["c"])],
        "ConstantOfShape": [total, number, size, _filled("c", "size")],
        "Range": [total, node("Range", ["zero", "ink", "one"], ["c"])],
        "Tile": [total, number, size, node("Tile", ["flat_one_float", "size"], ["c"])],
        "RoiAlign": [
            node("Reshape", ["scores", "rois"], ["regions"]),
            node("RoiAlign", ["x", "regions", "of"], ["c"]),
        ],
    }
    return around(
        *rest[operator],
        flat_one=np.array([1]),
        flat_one_float=np.ones(1, np.float32),
        zero=np.array(0, np.float32),
        one=np.array(1, np.float32),
        rois=np.array([-1, 5]),
        of=np.array([0, 0]),
    )
