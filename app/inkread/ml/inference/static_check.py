"""Check the graph of a model before it is opened.

What passes costs the same for every picture, so that trying it on some tells the cost for all:

* no loops: a graph inside a node is accepted in an ``If`` alone. PyTorch exports one for
  ``squeeze``; its condition may depend on shapes only, never on what is written.
* functions of the file, as PyTorch's newer exporter writes them, are inlined and checked like the
  rest; they must not call themselves, nor grow beyond `MAX_NODES`.
* decision trees are trees, of a bounded depth: onnxruntime follows a branch that leads back for
  ever, and which branches are taken depends on the picture.
* onnxruntime's own operators are those of a list; ONNX's are all but the ones named here.
* no size is computed from the values of the picture: not the shape of ``Expand``, not the limits of
  ``Range``, and no operator whose output has as many rows as it finds, such as ``NonZero``.

Imported by the process of a trial only: onnx takes 0.3 s to import, and its parser meets bytes of
unknown origin here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import NamedTuple

from onnx import AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto, TensorProto
from onnx.inliner import inline_local_functions

NO_MODEL = "it is no ONNX model that runs"
OUTSIDE = "part of it is in another file"
#: Operators of all graphs together, functions inlined. Chosen: 20 times those of a ResNet-50.
MAX_NODES = 10_000
#: Graphs inside graphs. Chosen: exporters nest two.
MAX_DEPTH = 4
#: Steps from root to leaf, the longest of each decision tree, all trees together. Chosen: a
#: thousand trees of scikit-learn, fully grown, have half as many; they take 1 ms a picture.
MAX_TREE_STEPS = 100_000
_DOMAINS = {"", "ai.onnx", "ai.onnx.ml"}
#: Of onnxruntime's own operators, those that its optimiser and its quantisation write into networks
#: that classify pictures. *Chosen*: each costs the same for every picture and has a size that its
#: inputs' sizes determine; others read files (EPContext), search (BeamSearch), or see no pictures.
_RUNTIME_DOMAIN = "com.microsoft"
_RUNTIME_OPERATORS = {
    *("Attention", "MultiHeadAttention", "QAttention", "RelativePositionBias"),
    *("BiasAdd", "BiasGelu", "BiasSoftmax", "BiasSplitGelu", "FastGelu", "Gelu", "QuickGelu"),
    *("FusedConv", "FusedGemm", "FusedMatMul", "FusedMatMulActivation", "GemmFastGelu"),
    *("TransposeMatMul", "MatMulBnb4", "MatMulInteger16", "MatMulNBits"),
    *("DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QGemm", "MulInteger"),
    *("DequantizeLinear", "QuantizeLinear", "QLinearAdd", "QLinearAveragePool", "QLinearConcat"),
    *("QLinearConv", "QLinearGlobalAveragePool", "QLinearLeakyRelu", "QLinearMul"),
    *("QLinearReduceMean", "QLinearSigmoid", "QLinearSoftmax", "QLinearWhere", "ReduceSumInteger"),
    *("NhwcConv", "NhwcFusedConv", "NhwcMaxPool", "GroupNorm", "SkipGroupNorm"),
    *("SkipLayerNormalization", "SkipSimplifiedLayerNormalization", "Pad", "Trilu", "GridSample"),
}
_ALL = tuple(range(8))
#: Operator -> the inputs whose values determine the size of its output.
_SIZES: dict[str, tuple[int, ...]] = {
    "AffineGrid": (1,),
    "BlackmanWindow": (0,),
    "CenterCropPad": (1,),
    "Col2Im": (1, 2),
    "Compress": (1,),
    "ConstantOfShape": (0,),
    "DFT": (1,),
    "Expand": (1,),
    "HammingWindow": (0,),
    "HannWindow": (0,),
    "ImageDecoder": (0,),
    "MaxUnpool": (2,),
    "MaxRoiPool": (1,),
    "MelWeightMatrix": _ALL,
    "MultiHeadAttention": (8,),
    "NonMaxSuppression": _ALL,
    "NonZero": (0,),
    "OneHot": (1,),
    "Pad": (1, 3),
    "Range": _ALL,
    "Reshape": (1,),
    "Resize": (1, 2, 3),
    "RoiAlign": (1,),
    "STFT": (1, 3),
    "Slice": (1, 2, 3, 4),
    "Split": (1,),
    "SplitToSequence": (1,),
    "StringConcat": _ALL,
    "StringSplit": _ALL,
    "Tile": (1, 2),
    "TopK": (1,),
    "Unique": (0,),
    "Upsample": (1,),
}
#: Their outputs depend on shapes alone.
_OF_SHAPES = {"Shape", "Size"}
#: Their outputs are unlike those of the trial even for the same picture.
_RANDOM = ("Random", "Multinomial", "Bernoulli", "Dropout")

#: Domain, name and overload.
_Key = tuple[str, str, str]
#: A node of a decision tree: its tree, and its number there.
_Place = tuple[int, int]


class _Call(NamedTuple):
    """An operator: what it reads, what it makes, and the graphs inside it."""

    node: NodeProto
    depth: int


def check_model(data: bytes) -> None:
    """Check the bytes of an ONNX file.

    Raises
    ------
    ValueError
        If it is not acceptable; the reason in words.
    """
    try:
        model = ModelProto.FromString(data)
    except Exception as error:  # protobuf's errors come without types
        raise ValueError(NO_MODEL) from error
    if model.functions:
        _check_functions(model)
        model = inline_local_functions(model)
    calls = list(_calls(model.graph))
    _check_count(len(calls))
    for call in calls:
        _check_call(call)
    _check_trees([node for node, _ in calls if node.op_type.startswith("TreeEnsemble")])
    _check_tensors(calls, model.graph)
    _check_sizes(calls, _written(calls, model.graph))


def _check_count(count: int) -> None:
    if count > MAX_NODES:
        raise ValueError(f"it has more than {MAX_NODES} operators")


def _check_functions(model: ModelProto) -> None:
    """Count what inlining would make before it is done: each may call another twice."""
    functions = {_key(one): one for one in model.functions}
    called = {key: _called(one.node) for key, one in functions.items()}
    graph = {key: [one for one in calls if one in functions] for key, calls in called.items()}
    sizes: dict[_Key, int] = {}
    try:
        for key in TopologicalSorter(graph).static_order():
            sizes[key] = min(MAX_NODES + 1, sum(sizes.get(one, 1) for one in called[key]))
    except CycleError as error:
        raise ValueError("its functions call themselves") from error
    _check_count(sum(sizes.get(one, 1) for one in _called(model.graph.node)))


def _key(function: FunctionProto) -> _Key:
    return function.domain, function.name, function.overload


def _called(nodes: Iterable[NodeProto]) -> list[_Key]:
    """The operators and functions in a list of nodes, in the graphs inside them too."""
    found = []
    for node in nodes:
        found.append((node.domain, node.op_type, node.overload))
        for graph in _graphs(node):
            found += [(one.domain, one.op_type, one.overload) for one, _ in _calls(graph)]
    return found


def _graphs(node: NodeProto) -> list[GraphProto]:
    graphs = [attribute.g for attribute in node.attribute if attribute.HasField("g")]
    return graphs + [graph for attribute in node.attribute for graph in attribute.graphs]


def _calls(graph: GraphProto) -> Iterator[_Call]:
    """All operators of a graph and of those inside it."""
    graphs = [(graph, 0)]
    while graphs:
        graph, depth = graphs.pop()
        if depth > MAX_DEPTH:
            raise ValueError("its graphs are nested too deeply")
        for node in graph.node:
            yield _Call(node, depth)
            graphs += [(inner, depth + 1) for inner in _graphs(node)]


def _check_call(call: _Call) -> None:
    node = call.node
    if node.domain == _RUNTIME_DOMAIN:
        if node.op_type not in _RUNTIME_OPERATORS:
            raise ValueError(f"its operator {node.op_type!r:.100} is not one of those for pictures")
    elif node.domain not in _DOMAINS:
        raise ValueError(f"it needs operators that are not part of ONNX, of {node.domain!r:.100}")
    if _graphs(node) and not _is_if(node):
        raise ValueError(f"its operator {node.op_type!r:.100} may run without end")


def _is_if(node: NodeProto) -> bool:
    return node.op_type == "If" and node.domain in ("", "ai.onnx")


def _check_trees(nodes: Iterable[NodeProto]) -> None:
    """Bound the longest paths through decision trees."""
    try:
        steps = sum(map(_longest_paths, nodes))
    except CycleError as error:
        raise ValueError("its decision trees lead back to where they began") from error
    if steps > MAX_TREE_STEPS:
        raise ValueError(f"its decision trees take more than {MAX_TREE_STEPS} steps")


def _longest_paths(node: NodeProto) -> int:
    """Steps of the longest path through each tree of an operator, added up."""
    found = {each.name: each for each in node.attribute}
    branches = _branches_by_place(found) if "tree_roots" in found else _branches_by_id(found)
    steps: dict[_Place, int] = {}
    longest: dict[int, int] = defaultdict(int)
    for place in TopologicalSorter(branches).static_order():
        tree, _ = place
        steps[place] = 1 + max((steps[next_] for next_ in branches.get(place, ())), default=0)
        longest[tree] = max(longest[tree], steps[place])
    roots = found["tree_roots"].ints if "tree_roots" in found else ()
    return sum(steps.get((0, root), 0) for root in roots) if roots else sum(longest.values())


def _branches_by_id(found: Mapping[str, AttributeProto]) -> dict[_Place, list[_Place]]:
    """Nodes that each branch leads to; the numbers of their tree and their own name them."""
    names = ("nodes_treeids", "nodes_nodeids", "nodes_truenodeids", "nodes_falsenodeids")
    columns = [found[name].ints if name in found else () for name in names]
    modes = found["nodes_modes"].strings if "nodes_modes" in found else ()
    branches: dict[_Place, list[_Place]] = defaultdict(list)
    for tree, one, if_true, if_false, mode in zip(*columns, modes, strict=False):
        if mode != b"LEAF":
            branches[tree, one] += (tree, if_true), (tree, if_false)
    return branches


def _branches_by_place(found: Mapping[str, AttributeProto]) -> dict[_Place, list[_Place]]:
    """Nodes that each branch leads to, of all trees in one list; leaves are in another list."""
    branches: dict[_Place, list[_Place]] = defaultdict(list)
    for way in ("true", "false"):
        columns = [found.get(name) for name in (f"nodes_{way}nodeids", f"nodes_{way}leafs")]
        numbers, leaves = (() if each is None else each.ints for each in columns)
        for place, (number, is_leaf) in enumerate(zip(numbers, leaves, strict=False)):
            if not is_leaf:
                branches[0, place].append((0, number))
    return branches


def _check_tensors(calls: list[_Call], graph: GraphProto) -> None:
    graphs = [graph, *(inner for call in calls for inner in _graphs(call.node))]
    attributes = (attribute for call in calls for attribute in call.node.attribute)
    for tensor in chain(_initialisers(graphs), _tensors(attributes)):
        if tensor.data_location == TensorProto.EXTERNAL:
            raise ValueError(OUTSIDE)
        # Two numbers of four bits stand in a byte.
        if not -1 < math.prod(tensor.dims) <= 2 * tensor.ByteSize():
            raise ValueError("it claims more numbers than it holds")


def _initialisers(graphs: Iterable[GraphProto]) -> Iterator[TensorProto]:
    for graph in graphs:
        yield from graph.initializer
        for sparse in graph.sparse_initializer:
            yield from (sparse.values, sparse.indices)


def _tensors(attributes: Iterable[AttributeProto]) -> Iterator[TensorProto]:
    for attribute in attributes:
        if attribute.HasField("t"):
            yield attribute.t
        yield from attribute.tensors


def _written(calls: list[_Call], graph: GraphProto) -> set[str]:
    """The names of all tensors whose values depend on what is written, or on chance.

    Names are unique in all graphs of a model; where they are not, more is found, not less. The
    order of the operators does not matter.
    """
    given = {tensor.name for tensor in graph.initializer}
    makes: dict[str, set[str]] = defaultdict(set)
    waiting = [one.name for one in graph.input if one.name not in given]
    for node, _ in calls:
        if node.op_type in _OF_SHAPES:
            continue
        results = [output.name for inner in _graphs(node) for output in inner.output]
        for name in [*node.input, *results]:
            makes[name].update(node.output)
        if any(word in node.op_type for word in _RANDOM):
            waiting += node.output
    written: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name and name not in written:
            written.add(name)
            waiting += makes[name]
    return written


def _check_sizes(calls: list[_Call], written: set[str]) -> None:
    for node, _ in calls:
        if _is_if(node) and not written.isdisjoint(node.input):
            raise ValueError("what it computes depends on what is written")
        for index in _SIZES.get(node.op_type, ()):
            if index < len(node.input) and node.input[index] in written:
                raise ValueError(
                    f"the size of what its operator {node.op_type} makes depends on what is written"
                )
