from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from onnx import helper

from inkread.data.paths import bundled
from inkread.ml.inference.static_check import (
    MAX_DEPTH,
    MAX_NODES,
    MAX_TREE_STEPS,
    check_model,
)
from tests.ml import foreign


def of_runtime(operator: str) -> bytes:
    """A model with one of onnxruntime's own operators."""
    return foreign.after_head(helper.make_node(operator, ["scores"], ["y"], domain="com.microsoft"))


@pytest.mark.parametrize(
    "data",
    [
        *foreign.ORIGINS.values(),
        foreign.chain(MAX_NODES - len(foreign.HEAD)),
        foreign.tree_of_branches(MAX_TREE_STEPS - 1),
    ],
    ids=[*foreign.ORIGINS, "chain", "deep"],
)
def test_models_of_any_origin_pass(data: bytes) -> None:
    check_model(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (foreign.loop(), "operator 'Loop' may run without end"),
        (foreign.scan(), "operator 'Scan' may run without end"),
        (foreign.sequence_map(), "operator 'SequenceMap' may run without end"),
        (foreign.if_on_picture(), "what it computes depends on what is written"),
        (foreign.circular_functions(), "its functions call themselves"),
        (foreign.doubling_functions(), f"more than {MAX_NODES} operators"),
        (foreign.chain(MAX_NODES), f"more than {MAX_NODES} operators"),
        (foreign.huge_claim(), "claims more numbers than it holds"),
        (foreign.tree_of_branches(3, target=1), "lead back to where they began"),
        (foreign.forest_by_place(1, 2, 1), "lead back to where they began"),
        (foreign.tree_of_branches(MAX_TREE_STEPS), f"more than {MAX_TREE_STEPS} steps"),
        (foreign.elsewhere(), "in another file"),
        (b"no model", "no ONNX model that runs"),
        (
            foreign.after_head(helper.make_node("Odd", ["scores"], ["y"], domain="theirs")),
            "not part of ONNX, of 'theirs'",
        ),
        (of_runtime("EPContext"), "operator 'EPContext' is not one of those for pictures"),
        (of_runtime("BeamSearch"), "operator 'BeamSearch' is not one of those for pictures"),
        (of_runtime("InventedTomorrow"), "'InventedTomorrow' is not one of those for pictures"),
    ],
)
def test_what_may_run_or_grow_without_end_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_model(data)


@pytest.mark.parametrize(
    "operator", ["NonZero", "Expand", "ConstantOfShape", "Range", "Tile", "RoiAlign"]
)
def test_a_size_that_depends_on_the_picture_is_refused(operator: str) -> None:
    with pytest.raises(ValueError, match=r"its operator \w+ makes depends on what is written"):
        check_model(foreign.of_pixels(operator))


def test_a_size_of_chance_is_refused() -> None:
    data = foreign.around(
        helper.make_node("RandomUniform", [], ["chance"], shape=[1], high=1e9),
        helper.make_node("Cast", ["chance"], ["size"], to=7),
        helper.make_node("Expand", ["one", "size"], ["c"]),
        one=np.ones(1, np.float32),
    )
    with pytest.raises(ValueError, match="Expand"):
        check_model(data)


def test_the_order_of_the_operators_does_not_hide_a_size() -> None:
    nodes = [
        helper.make_node("Expand", ["ink", "size"], ["c"]),
        helper.make_node("Cast", ["pixels"], ["size"], to=7),
        helper.make_node("Reshape", ["ink", "one"], ["pixels"]),
        helper.make_node("ReduceSum", ["x"], ["ink"], keepdims=0),
    ]
    with pytest.raises(ValueError, match="Expand"):
        check_model(foreign.around(*nodes, one=np.array([1])))


def test_a_size_is_found_inside_the_branches_of_a_choice() -> None:
    hidden = foreign.branch(
        "kept",
        helper.make_node("ReduceSum", ["x"], ["ink"], keepdims=0),
        helper.make_node("Cast", ["ink"], ["number"], to=7),
        helper.make_node("Reshape", ["number", "flat"], ["size"]),
        helper.make_node("Expand", ["ink", "size"], ["kept"]),
    )
    node = helper.make_node("If", ["yes"], ["c"], then_branch=hidden, else_branch=hidden)
    with pytest.raises(ValueError, match="depends on what is written"):
        check_model(foreign.around(node, yes=np.array(True), flat=np.array([1])))


def test_a_condition_that_another_choice_makes_of_the_picture_is_refused() -> None:
    made = foreign.branch("ink", helper.make_node("ReduceMax", ["x"], ["ink"], keepdims=0))
    first = helper.make_node("If", ["yes"], ["darkest"], then_branch=made, else_branch=made)
    condition = helper.make_node("Cast", ["darkest"], ["condition"], to=9)
    data = foreign.after_head(
        first, condition, foreign.choice("condition", "y"), yes=np.array(True)
    )
    with pytest.raises(ValueError, match="what it computes depends on what is written"):
        check_model(data)


@pytest.mark.parametrize(("depth", "accepted"), [(MAX_DEPTH - 1, True), (MAX_DEPTH, False)])
def test_choices_are_nested_to_a_limit(depth: int, accepted: bool) -> None:
    data = foreign.after_head(foreign.choice("yes", "y", depth), yes=np.array(True))
    if accepted:
        check_model(data)
    else:
        with pytest.raises(ValueError, match="nested too deeply"):
            check_model(data)


def test_a_loop_inside_a_function_is_found() -> None:
    body = helper.make_graph(
        [helper.make_node("Identity", ["on"], ["still_on"])],
        "body",
        [
            helper.make_tensor_value_info("i", 7, []),
            helper.make_tensor_value_info("on", 9, []),
        ],
        [helper.make_tensor_value_info("still_on", 9, [])],
    )
    nodes = [
        helper.make_node("Loop", ["", ""], [], body=body),
        helper.make_node("Relu", ["a"], ["b"]),
    ]
    opsets = [helper.make_opsetid("", 17)]
    hidden = helper.make_function("ours", "Hidden", ["a"], ["b"], nodes, opsets)
    with pytest.raises(ValueError, match="'Loop' may run without end"):
        check_model(foreign.with_functions([hidden], "Hidden"))


@pytest.mark.parametrize("level", ["ORT_ENABLE_BASIC", "ORT_ENABLE_EXTENDED"])
def test_what_onnxruntime_has_optimised_passes(level: str, tmp_path: Path) -> None:
    settings = onnxruntime.SessionOptions()
    settings.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    settings.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    model = bundled("models/digits.onnx").read_bytes()
    onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
    check_model((tmp_path / "optimised.onnx").read_bytes())
