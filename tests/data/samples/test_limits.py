"""Limits fit one another."""

from __future__ import annotations

from inkread.core.ink import Ink, Stroke
from inkread.data.ink_codec import encoded_size, ink_to_bytes
from inkread.data.samples import limits
from inkread.data.samples.limits import stroke_count


def test_a_sample_of_the_largest_parts_is_a_record() -> None:
    assert limits.MAX_INK_BYTES + limits.MAX_PICTURE_BYTES < limits.MAX_RECORD_BYTES * 0.9


def test_strokes_are_counted_without_decoding() -> None:
    ink = Ink(tuple(Stroke.of([(i, 1), (2, i)], 2, [0.5, 1]) for i in range(7)))
    data = ink_to_bytes(ink)
    assert stroke_count(data) == 7
    assert encoded_size(ink) == len(data)
    assert encoded_size(Ink((Stroke.of([(1, 2)]),))) == len(
        ink_to_bytes(Ink((Stroke.of([(1, 2)]),)))
    )
    for nothing in (None, b"", b"INK1", "text", 5):
        assert stroke_count(nothing) == 0
