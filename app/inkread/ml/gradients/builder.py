"""Build the nodes and constants of an ONNX graph, one call for each operator."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, TensorProto, helper, numpy_helper

Attribute = int | float | str | Sequence[int] | Sequence[float]


class GraphBuilder:
    """Nodes in execution order, and the constants that they use.

    Parameters
    ----------
    dtype : numpy dtype
        float32 or float64: the type of every constant that is not an index.
    block : int
        Channels in a block of onnxruntime's own layout; 0 for ONNX's operators alone.
    """

    def __init__(self, dtype: npt.DTypeLike = np.float32, block: int = 0) -> None:
        self.dtype = np.dtype(dtype)
        self.block = block
        self.nodes: list[NodeProto] = []
        self.cache: dict[Hashable, str] = {}
        """Key of a computation -> name of its result, to avoid emitting it twice."""
        self._constants: dict[tuple[str, tuple[int, ...], bytes], TensorProto] = {}

    @property
    def element_type(self) -> int:
        """The graph's type as an ONNX enum value."""
        return int(helper.np_dtype_to_tensor_dtype(self.dtype))

    @property
    def constants(self) -> list[TensorProto]:
        """All constants, without duplicates."""
        return list(self._constants.values())

    def op(
        self,
        op_type: str,
        *inputs: str,
        name: str | None = None,
        domain: str = "",
        **attributes: Attribute,
    ) -> str:
        """Append a node with one output and return the output's name (``name``, or a new one)."""
        output = name or f"step/{len(self.nodes)}/{op_type}"
        node = helper.make_node(op_type, inputs, [output], domain=domain)
        node.attribute.extend(helper.make_attribute(k, v) for k, v in attributes.items())
        self.nodes.append(node)
        return output

    def constant(self, value: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> str:
        """Add a constant of the graph's type, or of ``dtype``, and return its name."""
        array = np.ascontiguousarray(value, dtype or self.dtype).reshape(np.shape(value))
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            name = f"constant/{len(self._constants)}"
            self._constants[key] = numpy_helper.from_array(array, name)
        return self._constants[key].name

    def integers(self, *values: int) -> str:
        """Add an int64 vector (axes, shapes, pads) and return its name."""
        return self.constant(values, np.int64)

    def reshape(self, x: str, *shape: int, name: str | None = None) -> str:
        """Reshape; 0 keeps a dimension, -1 is inferred."""
        return self.op("Reshape", x, self.integers(*shape), name=name)

    def sum(self, x: str, *axes: int, keepdims: bool = False) -> str:
        """Sum over axes."""
        return self.op("ReduceSum", x, self.integers(*axes), keepdims=int(keepdims))

    def step(self, condition: str) -> str:
        """1 where a bool tensor is true, else 0, in the graph's type."""
        return self.op("Cast", condition, to=self.element_type)
