"""Input layout of a network, derived from the input that it declares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import DTypeLike, NDArray

from inkread.core.cell import CELL_SIDE
from inkread.core.reading import Cells

#: Larger inputs are not networks for single glyphs, and would exhaust the memory.
MAX_SIDE = 512
MAX_BATCH = 1024
#: Type of the input -> its dtype, and the value of full ink.
_TYPES: dict[str, tuple[DTypeLike, float]] = {
    "tensor(float)": (np.float32, 1.0),
    "tensor(double)": (np.float64, 1.0),
    "tensor(float16)": (np.float16, 1.0),
    "tensor(uint8)": (np.uint8, 255.0),
}


@dataclass(frozen=True, slots=True)
class InputLayout:
    """Layout of a network's input.

    Attributes
    ----------
    batch : int or None
        Fixed batch size; None for any.
    shape : tuple of int
        Of one cell, for instance (1, 28, 28), (28, 28, 1) or (784,).
    height, width : int
        Side lengths of a cell, px.
    dtype : dtype
        Type of the input.
    white : float
        Value of full ink.
    """

    batch: int | None
    shape: tuple[int, ...]
    height: int
    width: int
    dtype: DTypeLike
    white: float

    @classmethod
    def of(cls, shape: Sequence[object], type_name: str) -> InputLayout:
        """Derive the layout from a declared input.

        Parameters
        ----------
        shape : sequence of int, str or None
            As onnxruntime reports it; a text or None is an open length.
        type_name : str
            As onnxruntime reports it, such as ``tensor(float)``.

        Raises
        ------
        ValueError
            If the layout is unknown or not one for cells; the reason in words.
        """
        if type_name not in _TYPES:
            raise ValueError(f"its input of type {type_name} takes no picture")
        dtype, white = _TYPES[type_name]
        lengths = [length if isinstance(length, int) else None for length in shape]
        if len(lengths) < 2:
            raise ValueError("its input is not a batch of pictures")
        batch, cell = lengths[0], _cell_shape(lengths[1:])
        height, width = _sides(cell)
        if batch is not None and not 1 <= batch <= MAX_BATCH:
            raise ValueError(f"it takes {batch} pictures at once, not 1 to {MAX_BATCH}")
        return cls(batch, cell, height, width, dtype, white)

    def feed(self, cells: Cells) -> NDArray[np.generic]:
        """Convert cells to the layout.

        Parameters
        ----------
        cells : (n, 1, h, w) array of float32
            0 (background) to 1 (ink).

        Returns
        -------
        (n, *shape) array of `dtype`
        """
        if (self.height, self.width) != cells.shape[2:]:
            cells = self._resized(cells)
        scaled = cells if self.white == 1 else np.rint(np.clip(cells, 0, 1) * self.white)
        return np.ascontiguousarray(scaled.reshape(len(cells), *self.shape), dtype=self.dtype)

    def _resized(self, cells: Cells) -> Cells:
        smaller = self.height < cells.shape[2] or self.width < cells.shape[3]
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        size = (self.width, self.height)
        resized = [cv2.resize(cell[0], size, interpolation=how) for cell in cells]
        return np.array(resized, dtype=np.float32).reshape(-1, 1, self.height, self.width)


def _cell_shape(lengths: list[int | None]) -> tuple[int, ...]:
    """Shape of one cell; open side lengths become `CELL_SIDE`."""
    match lengths:
        case [int(size)]:
            return (size,)
        case [height, width] | [1, height, width]:
            sides = (height or CELL_SIDE, width or CELL_SIDE)
            return sides if len(lengths) == 2 else (1, *sides)
        case [height, width, 1]:
            return (height or CELL_SIDE, width or CELL_SIDE, 1)
        case [_, _, _] if None not in lengths:
            raise ValueError("its input is not one channel of grey")
    raise ValueError("the layout of its input is unknown")


def _sides(cell: tuple[int, ...]) -> tuple[int, int]:
    """Height and width of a cell, given its shape."""
    if len(cell) == 1:
        side = math.isqrt(max(0, cell[0]))
        if side * side != cell[0]:
            raise ValueError(f"its input of {cell[0]} numbers is not a square picture")
        height, width = side, side
    elif cell[0] == 1:
        height, width = cell[-2:]
    else:
        height, width = cell[:2]
    if not (2 <= height <= MAX_SIDE and 2 <= width <= MAX_SIDE):
        raise ValueError(f"its input is not 2 to {MAX_SIDE} pixels wide and high")
    return height, width
