"""What was left out, turned or cropped is said beside the reading."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.picture.page import page_of
from inkread.core.reading import Reading, Seen
from inkread.core.recognition.notes import PARTIAL_INK, PARTIAL_PAGE, SHEET, TURNED, noted
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from tests.core.templates import Templates
from tests.written import write


@pytest.mark.parametrize(
    ("reading", "notes"),
    [
        (Reading(), ()),
        (Reading(seen=Seen()), ()),
        (Reading(seen=Seen(quarters=1)), (TURNED[1],)),
        (Reading(seen=Seen(quarters=2)), (TURNED[2],)),
        (Reading(seen=Seen(is_rectified=True)), (SHEET,)),
        (Reading(seen=Seen(), is_partial=True), (PARTIAL_PAGE,)),
        (Reading(is_partial=True), (PARTIAL_INK,)),
        (Reading(seen=Seen(is_rectified=True, quarters=3)), (SHEET, TURNED[3])),
    ],
)
def test_how_a_page_was_seen(reading: Reading, notes: tuple[str, ...]) -> None:
    assert noted(reading).notes == notes


def test_notes_of_the_page_come_first_and_own_ones_last() -> None:
    reading = Reading(seen=Seen(quarters=2), notes=("own",))
    assert noted(reading, ("page",)).notes == ("page", TURNED[2], "own")


def test_a_page_gives_its_notes_to_its_reading() -> None:
    page = page_of(rasterise_page(write("47")), "a")
    assert read_page(page, Templates()).notes == ()
    assert read_page(replace(page, notes=("mended",)), Templates()).notes == ("mended",)


def test_more_strokes_than_are_read() -> None:
    strokes = [Stroke.of([[10 * k, 0], [10 * k, 40]]) for k in range(2001)]
    assert read_ink(Ink(tuple(strokes)), Templates()).notes == (PARTIAL_INK,)
    assert read_ink(Ink(tuple(strokes[:3])), Templates()).notes == ()


def test_a_sheet_that_is_cut_out() -> None:
    photo = np.full((700, 900), 40, np.uint8)
    sheet = cv2.copyMakeBorder(
        rasterise_page(write("4702")), 120, 120, 120, 120, cv2.BORDER_CONSTANT, value=(255,)
    )
    photo = np.full((sheet.shape[0] + 200, sheet.shape[1] + 200), 40, np.uint8)
    photo[100:-100, 100:-100] = sheet
    reading = read_page(page_of(photo, "a"), Templates())
    assert reading.seen is not None and reading.seen.is_rectified
    assert SHEET in reading.notes
