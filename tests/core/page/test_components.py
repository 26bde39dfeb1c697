from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from inkread.core.page.components import components, outline_of
from inkread.core.reading import Grey
from tests.hostile import INK, kinds


def inked(kind: str, shape: tuple[int, int]) -> Grey:
    """The mask of a hostile page."""
    page = kinds()[kind](shape, np.random.default_rng(0))
    return np.where(page == INK, np.uint8(255), np.uint8(0))


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


@pytest.mark.parametrize("kind", ["checker 3", "mesh 5 1", "circles 10", "comb 10", "hilbert 30 6"])
def test_hostile_pages_are_counted_as_by_opencv(kind: str) -> None:
    held_against_opencv(inked(kind, (300, 400)))


def test_no_outline_of_a_fine_pattern_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    followed = list[int]()
    find: Callable[..., object] = cv2.findContours

    def counted(mask: Grey, *how: int) -> object:
        followed.append(mask.size)
        return find(mask, *how)

    monkeypatch.setattr(cv2, "findContours", counted)
    for kind in ("checker 3", "checker 13", "diagonal mesh 5 1", "pixels 0.5"):
        components(inked(kind, (600, 600)))
    assert not followed
    components(inked("one 8 0.6", (600, 600)))
    assert followed == [600 * 600]


def test_a_component_with_many_holes_is_counted_by_its_pixels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mask = np.full((400, 400), 255, np.uint8)
    mask[5::20, 5::20] = 0
    looked_at = list[object]()
    monkeypatch.setattr(cv2, "boundingRect", looked_at.append)
    assert held_against_opencv(mask) == 1
    assert not looked_at


def test_an_outline_has_a_bounded_count_of_points() -> None:
    sizes = list[int]()
    for side in (400, 1600):
        own = (inked("spiral 2", (side, side)) > 0).view(np.uint8)
        sizes.append(len(outline_of(own, 0, 0)))
    assert sizes[0] < sizes[1] < 1 << 15


def test_the_areas_of_many_rings_around_one_another_are_counted_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mask = np.zeros((600, 600), np.uint8)
    for inset in range(0, 100, 20):
        cv2.rectangle(mask, (inset, inset), (599 - inset, 599 - inset), 255, 2)
    looked_at = list[int]()
    search: Callable[..., object] = cv2.inRange

    def counted(window: Grey, *bounds: int) -> object:
        looked_at.append(window.size)
        return search(window, *bounds)

    monkeypatch.setattr(cv2, "inRange", counted)
    assert held_against_opencv(mask) == 5
    assert sum(looked_at) <= 2 * mask.size
