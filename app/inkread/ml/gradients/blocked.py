"""Convolutions over blocks of channels, a private layout of onnxruntime.

onnxruntime stores 8 or 16 channels of a pixel side by side ("NCHWc", after Georganas et al.
2018), which is faster, most of all with few channels: 1.2 ms against 2.5 ms for 32 to 16
channels, 13 ms against 20 ms for 64 to 32 channels and a 5x5 kernel. It changes the layout
on loading a network, but only for constant weights; here the graph does it. The operators are
internal to onnxruntime, so they are tested at start-up, and not used where the results are
wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

from inkread.ml.gradients.builder import GraphBuilder

DOMAIN = "com.microsoft.nchwc"
_SIZES = (16, 8)


def is_divisible(block: int, *channels: int) -> bool:
    """Whether these channel counts are multiples of the block size."""
    return block > 0 and all(count % block == 0 for count in channels)


def blocked_weights(
    g: GraphBuilder, weight: str, shape: tuple[int, ...], rotated: bool = False
) -> str:
    """Reorder weights for the blocked convolution.

    Parameters
    ----------
    g : GraphBuilder
        With a block size.
    weight : str
        (outputs, inputs, height, width) of the forward convolution.
    shape : tuple of int
        Of the weight.
    rotated : bool
        For the gradient of the input: rotate the kernel by 180 degrees and exchange inputs and
        outputs.
    """
    outputs, inputs, height, width = shape
    b, area = g.block, height * width
    split = g.reshape(weight, outputs // b, b, inputs // b, b, area)
    if not rotated:
        return g.reshape(g.op("Transpose", split, perm=[0, 2, 4, 3, 1]), *shape)
    blocks = g.op("Transpose", split, perm=[2, 0, 4, 1, 3])
    back = g.constant(np.arange(area)[::-1], np.int64)
    return g.reshape(g.op("Gather", blocks, back, axis=2), inputs, outputs, height, width)


def blocked_conv(
    g: GraphBuilder,
    inputs: Sequence[str],
    channels: int,
    output: str | None = None,
    **attributes: Any,
) -> str:
    """Convolve pictures (N, C, H, W) with blocked weights.

    Parameters
    ----------
    g : GraphBuilder
        With a block size.
    inputs : sequence of str
        Pictures, blocked weights, and optionally a bias.
    channels : int
        Of the result.
    output : str, optional
        The result's name.
    **attributes
        As Conv has them.
    """
    pictures = g.op("ReorderInput", inputs[0], domain=DOMAIN)
    result = g.op("Conv", pictures, *inputs[1:], domain=DOMAIN, **attributes)
    return g.op("ReorderOutput", result, domain=DOMAIN, name=output, channels=channels)


@cache
def block_size() -> int:
    """Channels in a block on this machine; 0 if the operators do not work."""
    return next((size for size in _SIZES if _works(size)), 0)


def _works(size: int) -> bool:
    """Whether blocked convolutions of this size equal a plain one."""
    rng = np.random.default_rng(0)
    feed = {
        "x": rng.normal(size=(2, 32, 5, 6)).astype(np.float32),
        "w": rng.normal(size=(16, 32, 3, 3)).astype(np.float32),
        "b": rng.normal(size=16).astype(np.float32),
    }
    g = GraphBuilder(block=size)
    pads = [1, 1, 1, 1]
    blocked_conv(g, ["x", blocked_weights(g, "w", (16, 32, 3, 3)), "b"], 16, "blocked", pads=pads)
    g.op("Conv", "x", "w", "b", name="plain", pads=pads)
    try:
        blocked, plain = _run(g, feed, ["blocked", "plain"])
    except Exception:  # onnxruntime's errors have no common base
        return False
    return bool(np.allclose(blocked, plain, rtol=1e-3, atol=1e-3))


def _run(g: GraphBuilder, feed: dict[str, Any], outputs: Sequence[str]) -> Any:
    real = TensorProto.FLOAT
    graph = helper.make_graph(
        g.nodes,
        "trial",
        [helper.make_tensor_value_info(name, real, array.shape) for name, array in feed.items()],
        [helper.make_tensor_value_info(name, real, None) for name in outputs],
        g.constants,
    )
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(DOMAIN, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(list(outputs), feed)
