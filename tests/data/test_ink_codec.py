from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.ink import Ink, Stroke
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes

numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)
points = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5)
widths = st.floats(min_value=1e-3, max_value=1e6)
strokes = st.tuples(points, widths, st.booleans()).map(
    lambda made: Stroke.of(made[0], made[1], [0.5] * len(made[0]) if made[2] else None)
)
inks = st.lists(strokes, max_size=4).map(lambda made: Ink(tuple(made)))

INK = Ink((Stroke.of([(1, 2), (3, 4.5)], 7.5, [0.25, 1]), Stroke.of([(-1e6, 0.1)])))


@given(inks)
def test_ink_comes_back_bit_by_bit(ink: Ink) -> None:
    back = ink_from_bytes(ink_to_bytes(ink))
    assert len(back.strokes) == len(ink.strokes)
    for one, other in zip(back.strokes, ink.strokes, strict=True):
        assert one.points.tobytes() == other.points.tobytes()
        assert one.width == other.width
        assert (one.pressures is None) == (other.pressures is None)
        if one.pressures is not None and other.pressures is not None:
            assert one.pressures.tobytes() == other.pressures.tobytes()


def test_the_form_is_the_one_that_is_described() -> None:
    """Written by hand after the description, not by the code."""
    ink = Ink((Stroke.of([(1, 2)], 3.0, [0.5]),))
    expected = b"INK1" + struct.pack("<I", 1) + struct.pack("<IBd", 1, 1, 3.0)
    assert ink_to_bytes(ink) == expected + struct.pack("<3f", 1, 2, 0.5)


@pytest.mark.parametrize("length", range(len(ink_to_bytes(INK))))
def test_what_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(ValueError):
        ink_from_bytes(ink_to_bytes(INK)[:length])


@pytest.mark.parametrize(
    "data",
    [
        ink_to_bytes(INK) + b"\0",
        b"INK2" + ink_to_bytes(INK)[4:],
        b"INK1" + struct.pack("<I", 1) + struct.pack("<IBd", 0, 0, 3.0),
        b"INK1" + struct.pack("<I", 1) + struct.pack("<IBd", 1, 2, 3.0) + bytes(12),
        b"INK1" + struct.pack("<I", 1) + struct.pack("<IBd", 1, 0, float("nan")) + bytes(8),
        b"INK1" + struct.pack("<I", 1) + struct.pack("<IBd", 1, 0, 0.0) + bytes(8),
        b"INK1" + struct.pack("<I", 2**32 - 1),
        b"INK1" + struct.pack("<I", 1) + struct.pack("<IBd", 2**32 - 1, 1, 3.0),
        b"INK1" + struct.pack("<IIBd2f", 1, 1, 0, 3.0, float("inf"), 0),
    ],
)
def test_what_is_no_ink_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        ink_from_bytes(data)


def test_the_arrays_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        np.add(ink_from_bytes(ink_to_bytes(INK)).strokes[0].points, 1, out=INK.strokes[0].points)
