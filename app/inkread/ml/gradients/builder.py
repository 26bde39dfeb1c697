"""Writes nodes and constants of an ONNX graph, one call for each operator."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, TensorProto, helper, numpy_helper

Attribute = int | float | str | Sequence[int] | Sequence[float]


class GraphBuilder:
    """Nodes in the order they run, and the constants they use.

    Parameters
    ----------
    dtype : numpy dtype
        float32 or float64: the type of every constant that is not an index.
    block : int
        Channels in a block of onnxruntime's own layout; 0: keep to ONNX's operators.
    """

    def __init__(self, dtype: npt.DTypeLike = np.float32, block: int = 0) -> None:
        self.dtype = np.dtype(dtype)
        self.block = block
        self.nodes: list[NodeProto] = []
        self.known: dict[Hashable, str] = {}
        """What has been written already, for whoever would write the same again."""
        self._constants: dict[tuple[str, tuple[int, ...], bytes], TensorProto] = {}

    @property
    def element_type(self) -> int:
        """The graph's type in ONNX's numbering."""
        return int(helper.np_dtype_to_tensor_dtype(self.dtype))

    @property
    def constants(self) -> list[TensorProto]:
        """Every constant once, however often it was asked for."""
        return list(self._constants.values())

    def op(
        self,
        op_type: str,
        *inputs: str,
        name: str | None = None,
        domain: str = "",
        **attributes: Attribute,
    ) -> str:
        """Append a node of one output and return the output's name (``name``, or a new one)."""
        output = name or f"step/{len(self.nodes)}/{op_type}"
        node = helper.make_node(op_type, inputs, [output], domain=domain)
        node.attribute.extend(helper.make_attribute(k, v) for k, v in attributes.items())
        self.nodes.append(node)
        return output

    def constant(self, value: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> str:
        """Name of a constant of the graph's type, or of ``dtype``."""
        array = np.ascontiguousarray(value, dtype or self.dtype).reshape(np.shape(value))
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            name = f"constant/{len(self._constants)}"
            self._constants[key] = numpy_helper.from_array(array, name)
        return self._constants[key].name

    def integers(self, *values: int) -> str:
        """Name of a vector of int64: axes, shapes, pads."""
        return self.constant(values, np.int64)

    def reshape(self, x: str, *shape: int, name: str | None = None) -> str:
        """Reshape; 0 keeps a dimension, -1 takes what is left."""
        return self.op("Reshape", x, self.integers(*shape), name=name)

    def sum(self, x: str, *axes: int, keepdims: bool = False) -> str:
        """Sum over axes."""
        return self.op("ReduceSum", x, self.integers(*axes), keepdims=int(keepdims))

    def step(self, condition: str) -> str:
        """1 where a bool tensor is true, else 0, in the graph's type."""
        return self.op("Cast", condition, to=self.element_type)
