"""Store large weights in half precision, and compute in single precision as before."""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from inkread.ml.gradients.registry import Array
from inkread.ml.graph.surgery import without_initialisers

#: Elements above which an initialiser is stored as float16. *Chosen*: the node and the longer name
#: take 50 bytes (measured), 2.5 % of what 1,024 elements save.
_MAX_SINGLE = 1024
#: Largest error of float16, relative to the number: half a unit of the 11 bits of its fraction.
_ROUNDING = 2.0**-11


def with_half_weights(model: ModelProto) -> ModelProto:
    """Store each large float32 initialiser as float16 and a Cast to float32 at the graph's start.

    The cast has the name of the initialiser, so all other nodes stay. onnxruntime evaluates it as
    it opens the model: the weights are rounded, nothing else changes, neither types nor speed.

    Parameters
    ----------
    model : ModelProto
        Of operator set 6 or later.

    Returns
    -------
    ModelProto
        A copy, or the model itself if there is nothing to store so. An initialiser stays that
        overflows float16, that is so small throughout that float16 has fewer bits for it, or that
        is the default value of an input.
    """
    inputs = {each.name for each in model.graph.input}
    halves = {
        tensor.name: half
        for tensor in model.graph.initializer
        if tensor.name not in inputs and (half := _half(tensor)) is not None
    }
    if not halves:
        return model
    copy = without_initialisers(model)
    for tensor in model.graph.initializer:
        half = halves.get(tensor.name)
        new = tensor if half is None else numpy_helper.from_array(half, _stored(tensor.name))
        copy.graph.initializer.add().CopyFrom(new)
    casts = [
        helper.make_node("Cast", [_stored(name)], [name], to=TensorProto.FLOAT) for name in halves
    ]
    del copy.graph.node[:]
    copy.graph.node.extend([*casts, *model.graph.node])
    return copy


def _stored(name: str) -> str:
    return f"{name}/half"


def _half(tensor: TensorProto) -> Array | None:
    """The values as float16, None if they stay as they are.

    An error is measured against the largest value: a few that float16 rounds to 0 do no harm.
    """
    if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) <= _MAX_SINGLE:
        return None
    single = numpy_helper.to_array(tensor)
    with np.errstate(over="ignore", invalid="ignore"):
        half = single.astype(np.float16)
        error = np.abs(single - half).max()
    return half if error <= _ROUNDING * np.abs(single).max() else None
