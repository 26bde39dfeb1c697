from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.page.components import components


def held_against_opencv(mask: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> int:
    """How many components there are, after every one was found to be as in OpenCV."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found, counted = components(mask)
    assert np.array_equal(found, labels)
    assert np.array_equal(counted[1:], stats[1:])
    assert len(counted) == count
    return count - 1


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.6, 1.0])
def test_places_and_areas_are_those_of_opencv(share: float) -> None:
    rng = np.random.default_rng(int(1000 * share))
    for shape in ((1, 1), (1, 50), (40, 1), (60, 90)):
        mask = np.where(rng.random(shape) < share, 255, 0).astype(np.uint8)
        held_against_opencv(mask)


def test_what_stands_in_the_hole_of_another_is_one_too() -> None:
    mask = np.zeros((200, 300), np.uint8)
    for radius in (90, 60, 30):
        cv2.circle(mask, (150, 100), radius, 255, 5)
    cv2.circle(mask, (150, 100), 3, 255, -1)
    cv2.line(mask, (0, 0), (20, 20), 1)
    assert held_against_opencv(mask) == 5
    assert held_against_opencv(np.where(mask > 0, 0, 255).astype(np.uint8)) == 4


def test_many_are_reported_as_well() -> None:
    mask = np.zeros((120, 120), np.uint8)
    mask[::3, ::3] = 255
    assert held_against_opencv(mask) == 1600
