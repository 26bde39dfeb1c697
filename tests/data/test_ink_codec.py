from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.ink import MAX_COORDINATE, Ink, Stroke
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes

numbers = st.floats(-MAX_COORDINATE, MAX_COORDINATE, width=32)
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
        b"INK1" + struct.pack("<IIBd2f", 1, 1, 0, 3.0, float("nan"), 0),
        b"INK1" + struct.pack("<IIBd3f", 1, 1, 1, 3.0, 0, 0, float("nan")),
        b"INK1" + struct.pack("<IIBd2I", 1, 1, 0, 3.0, 0x7F800001, 0),
    ],
)
def test_what_is_no_ink_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        ink_from_bytes(data)


def test_ink_beyond_the_range_is_reduced_as_a_whole() -> None:
    """A triangle with sides of 3, 4 and 5 times 1e30, far away, keeps its shape."""
    corners = 1e30 * np.array([[7, -2], [10, -2], [10, 2]])
    data = b"INK1" + struct.pack("<I", 2)
    data += struct.pack("<IBd4f", 2, 0, 1e30, *corners[:2].ravel())
    data += struct.pack("<IBd2f", 1, 0, 1e30, *corners[2])
    ink = ink_from_bytes(data)
    a, b, c = np.concatenate([stroke.points for stroke in ink.strokes])
    sides = np.array([np.linalg.norm(side) for side in (b - a, c - b, a - c)])
    assert sides / sides[2] == pytest.approx([0.6, 0.8, 1.0], rel=1e-6)
    assert 0.9 * MAX_COORDINATE < ink.bounds.longest_side <= MAX_COORDINATE


def test_the_arrays_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        np.add(ink_from_bytes(ink_to_bytes(INK)).strokes[0].points, 1, out=INK.strokes[0].points)
