from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.page.components import Blob
from inkread.core.page.non_text import Company, long_things, rings
from inkread.core.reading import Grey

PAGE = (400, 600)


def company(*drawn: Grey, dots: frozenset[int] = frozenset()) -> Company:
    """Masks with one blob each, on one page."""
    blobs = list[Blob]()
    for index, mask in enumerate(drawn):
        box = Box(*(float(v) for v in cv2.boundingRect(mask)))
        (contour,) = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
        outline = np.concatenate([contour[:, 0], contour[:1, 0]]).astype(np.float32)
        area = cv2.countNonZero(mask)
        blobs.append(Blob(index + 1, box, area, outline, index in dots))
    return Company.of(blobs, PAGE)


def line(*points: tuple[int, int], width: int = 4) -> Grey:
    mask = np.zeros(PAGE, np.uint8)
    return np.asarray(
        cv2.polylines(mask, [np.array(points, np.int32)], False, 255, width), np.uint8
    )


def ring(x: int, y: int, wide: int, high: int) -> Grey:
    mask = np.zeros(PAGE, np.uint8)
    return np.asarray(cv2.ellipse(mask, (x, y), (wide, high), 0, 0, 360, 255, 4), np.uint8)


GLYPHS = [line((x, 100), (x + 30, 100), (x + 10, 150)) for x in (60, 110, 160, 210)]


@pytest.mark.parametrize("count", [3, 4])
def test_a_thing_much_longer_than_several_glyphs_is_no_text(count: int) -> None:
    pen = line((500, 40), (520, 320), width=16)
    assert long_things(company(*GLYPHS[:count], pen)) == ({4} if count == 4 else set())


def test_a_large_digit_beside_dirt_and_dots_is_no_long_thing() -> None:
    digit = line((300, 60), (310, 340), width=8)
    dirt = [line((x, 30), (x + 5, 33), width=3) for x in range(50, 250, 20)]
    assert not long_things(company(digit, *dirt))
    spots = [line((x, 30), (x + 20, 44), width=20) for x in range(50, 250, 45)]
    dots = frozenset(range(1, 1 + len(spots)))
    assert not long_things(company(digit, *spots, dots=dots))


def test_a_ring_around_a_number_is_no_text() -> None:
    assert rings(company(*GLYPHS[:2], ring(100, 125, 85, 60))) == {2}


@pytest.mark.parametrize(
    "inside", [line((98, 120), (102, 130)), line((60, 300), (90, 300), (70, 350))]
)
def test_a_zero_with_a_point_in_it_or_a_digit_beside_it_stays(inside: Grey) -> None:
    assert not rings(company(ring(100, 125, 40, 60), inside))


def test_a_five_with_a_long_flag_over_its_neighbours_stays() -> None:
    five = line((200, 60), (40, 60), (40, 110), (80, 130), (70, 160), (30, 160))
    small = line((110, 80), (140, 80), (120, 140))
    assert not rings(company(five, small))
