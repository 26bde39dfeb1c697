from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core.line_picture import LinePicture
from inkread.core.reading import Grey
from inkread.core.recognition.line_reader import LineReader, logits_of, read_line, read_lines


class Bars:
    """Reads a bar as "1" where it stands."""

    labels = ("1",)
    is_calibrated = True

    def logits(self, pictures: Sequence[Grey]) -> list[NDArray[np.float32]]:
        return [self._steps(picture) for picture in pictures]

    def _steps(self, picture: Grey) -> NDArray[np.float32]:
        ink = picture.reshape(32, -1, 4).max(axis=(0, 2)) / np.float32(25.5)
        return np.stack([ink, np.full_like(ink, 5)], axis=1)


def bars(*columns: int) -> LinePicture:
    image = np.zeros((32, 64), np.uint8)
    for x in columns:
        image[6:26, x : x + 2] = 255
    return LinePicture(image, scale=0.5, left=30.0, top=-8.0)


def test_a_picture_becomes_a_text_with_boxes_in_the_source() -> None:
    reader: LineReader = Bars()
    best, *others = read_line(reader, bars(9, 41))
    assert best.text == "11"
    assert [(box.x, box.y, box.width, box.height) for box in best.boxes] == [
        (48, 4, 4, 40),
        (112, 4, 4, 40),
    ]
    assert all(len(one.regions) == len(one.text) for one in others)
    logs = [one.log_probability for one in (best, *others)]
    assert logs == sorted(logs, reverse=True)


def test_several_pictures_are_read_as_each_alone() -> None:
    pictures = [bars(9, 41), bars(), bars(21)]
    together = read_lines(Bars(), pictures)
    assert together == [read_line(Bars(), picture) for picture in pictures]
    assert [found[0].text for found in together] == ["11", "", "1"]


def test_no_picture_gives_nothing() -> None:
    assert read_lines(Bars(), []) == []


@pytest.mark.parametrize("x", [8, 20, 40])
def test_the_place_of_a_sign_is_its_step(x: int) -> None:
    (place,) = read_line(Bars(), bars(x))[0].places
    assert (place.first, place.last) == (x // 4, x // 4)


class Seeing:
    """Sees a 0 in each step of any picture."""

    labels = ("0",)
    is_calibrated = True

    def logits(self, pictures: Sequence[Grey]) -> list[NDArray[np.float32]]:
        row = np.array([1, 0], np.float32)
        return [np.tile(row, (picture.shape[1] // 4, 1)) for picture in pictures]


def test_there_is_no_sign_far_from_ink() -> None:
    picture = np.zeros((32, 400), np.uint8)
    (blank,) = logits_of(Seeing(), [picture])
    assert (blank[:, -1] - blank[:, 0] > 10).all()
    picture[16, 200] = 1
    (found,) = logits_of(Seeing(), [picture])
    seen = np.flatnonzero(found[:, 0] > found[:, 1])
    assert 160 < 4 * seen.min() < 190
    assert 210 < 4 * seen.max() < 240
