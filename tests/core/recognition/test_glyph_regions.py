from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.line_picture import LinePicture
from inkread.core.reading import Grey
from inkread.core.recognition.glyph_regions import glyph_regions, with_regions
from inkread.core.recognition.line_hypothesis import GlyphRegion, LineHypothesis, Place

Points = list[tuple[int, int]]


def drawn(width: int, *strokes: Points, pen: int = 2) -> Grey:
    image = np.zeros((32, width), np.uint8)
    for stroke in strokes:
        cv2.polylines(image, [np.array(stroke, np.int32)], False, 255, pen, cv2.LINE_AA)
    return image


def ring(x: int, y: int = 16) -> Points:
    return [(int(a), int(b)) for a, b in cv2.ellipse2Poly((x, y), (6, 10), 0, 0, 360, 10)]


def hypothesis(*middles: int) -> LineHypothesis:
    """Signs that were seen in the steps of some columns."""
    places = tuple(Place(x // 4, x // 4, 1.0) for x in middles)
    return LineHypothesis("0" * len(places), -1.0, places)


def picture(image: Grey, scale: float = 1.0, left: float = 0.0, top: float = 0.0) -> LinePicture:
    return LinePicture(image, scale, left, top)


def own(region: GlyphRegion, image: Grey) -> Grey:
    """The ink of a picture of scale 1 that lies in a region."""
    y, x = np.indices(image.shape) + 0.5
    return np.where(region.holds(x, y), image, 0).astype(np.uint8)


def share_right(glyphs: Sequence[Grey], *middles: int) -> list[float]:
    """Of each glyph's ink, the share that lies in its region."""
    image = np.maximum.reduce(list(glyphs))
    regions = glyph_regions(picture(image), hypothesis(*middles))
    return [
        float(own(region, glyph).sum(dtype=float) / glyph.sum(dtype=float))
        for region, glyph in zip(regions, glyphs, strict=True)
    ]


def ink_box(image: Grey) -> Box:
    x, y, width, height = cv2.boundingRect((image >= 64).astype(np.uint8))
    return Box(x, y, width, height)


def test_digits_that_stand_apart_have_the_boxes_of_their_ink() -> None:
    glyphs = [drawn(64, ring(10)), drawn(64, [(32, 6), (32, 26)]), drawn(64, ring(52))]
    image = np.maximum.reduce(glyphs)
    regions = glyph_regions(picture(image), hypothesis(10, 34, 50))
    assert [region.box for region in regions] == [ink_box(glyph) for glyph in glyphs]
    for region, glyph in zip(regions, glyphs, strict=True):
        np.testing.assert_array_equal(own(region, image), glyph)


def test_the_cut_is_straight_where_there_is_no_ink_and_winds_where_there_is() -> None:
    zero = drawn(104, ring(12))
    five = drawn(104, [(70, 4), (50, 4), (50, 14), (56, 20), (48, 28)])
    one = drawn(104, [(65, 12), (65, 28)])
    image = np.maximum.reduce([zero, five, one])
    first, second, _ = glyph_regions(picture(image), hypothesis(12, 52, 66))
    assert np.ptp(np.diff(first.right)) <= 1
    assert second.left.tolist() == first.right.tolist()
    assert ink_box(zero).right <= first.right.min() <= first.right.max() <= ink_box(five).x
    assert np.ptp(np.diff(second.right)) > 1


def test_touching_digits_are_cut_where_they_touch() -> None:
    glyphs = [drawn(48, ring(13), pen=1), drawn(48, ring(27), pen=1)]
    left, right = glyph_regions(picture(np.maximum(*glyphs)), hypothesis(13, 27))
    assert min(share_right(glyphs, 13, 27)) > 0.9
    assert left.box.right == pytest.approx(ink_box(glyphs[0]).right, abs=2)
    assert right.box.x == pytest.approx(ink_box(glyphs[1]).x, abs=2)


def test_slanted_digits_are_cut_along_their_slant() -> None:
    glyphs = [drawn(48, [(8, 28), (24, 4)]), drawn(48, [(16, 28), (32, 4)])]
    assert min(share_right(glyphs, 16, 24)) > 0.99
    # No straight cut does it.
    columns = [(glyphs[0][:, :x].sum(), glyphs[1][:, x:].sum()) for x in range(48)]
    whole = [glyph.sum() for glyph in glyphs]
    assert max(min(a / whole[0], b / whole[1]) for a, b in columns) < 0.8


def test_a_bar_that_hangs_over_the_next_digit_stays_with_its_own() -> None:
    five = drawn(56, [(30, 4), (10, 4), (10, 14), (16, 20), (8, 28)])
    one = drawn(56, [(25, 12), (25, 28)])
    assert min(share_right([five, one], 12, 26)) > 0.97


def test_ink_far_from_any_sign_belongs_to_none() -> None:
    line = drawn(160, [(2, 10), (20, 26)], ring(90), [(140, 4), (158, 28)])
    (only,) = glyph_regions(picture(line), hypothesis(90))
    assert only.box == ink_box(drawn(160, ring(90)))


def test_what_stands_beside_the_first_and_the_last_sign_is_left_out() -> None:
    line = drawn(128, [(36, 6), (36, 26)], ring(56), ring(76), [(96, 6), (96, 26)])
    first, last = glyph_regions(picture(line), hypothesis(56, 76))
    assert first.box == ink_box(drawn(128, ring(56)))
    assert last.box == ink_box(drawn(128, ring(76)))


def test_boxes_and_seams_are_in_px_of_the_source() -> None:
    image = drawn(48, ring(12), [(36, 6), (36, 26)])
    for plain, there in zip(
        glyph_regions(picture(image), hypothesis(12, 36)),
        glyph_regions(picture(image, 0.5, 100.0, 40.0), hypothesis(12, 36)),
        strict=True,
    ):
        assert there.box.x == 2 * plain.box.x + 100
        assert there.box.bottom == 2 * plain.box.bottom + 40
        y, x = np.indices(image.shape) + 0.5
        np.testing.assert_array_equal(there.holds(2 * x + 100, 2 * y + 40), plain.holds(x, y))


def test_a_sign_without_ink_has_the_box_of_its_steps() -> None:
    (only,) = glyph_regions(picture(drawn(40)), hypothesis(20))
    assert only.box == Box(20, 0, 4, 32)


def test_a_reading_without_signs_has_no_regions() -> None:
    assert glyph_regions(picture(drawn(40)), hypothesis()) == ()


def test_hypotheses_together_get_what_each_gets_alone() -> None:
    line = picture(drawn(64, ring(14), ring(27), ring(45)))
    readings = [hypothesis(14, 27, 45), hypothesis(14, 45), hypothesis(), hypothesis(27)]
    together = with_regions(line, readings)
    for one, reading in zip(together, readings, strict=True):
        alone = glyph_regions(line, reading)
        assert one == reading
        assert one.boxes == tuple(region.box for region in alone)
        assert replace(one, regions=()).boxes == ()


def noise(seed: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (32, width)).astype(np.uint8)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sets(st.integers(0, 24), min_size=1, max_size=12))
def test_no_point_is_in_two_regions(seed: int, steps: set[int]) -> None:
    image = noise(seed, 100)
    regions = glyph_regions(picture(image), hypothesis(*(4 * step for step in sorted(steps))))
    y, x = np.indices(image.shape) + 0.5
    assert np.sum([region.holds(x, y) for region in regions], axis=0).max() <= 1
    for region, step in zip(regions, sorted(steps), strict=True):
        assert region.left[15] <= 4 * step + 2 <= region.right[15] + 1
        assert region.box.x >= 0 and region.box.right <= 100
