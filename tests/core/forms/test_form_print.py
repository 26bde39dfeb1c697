from __future__ import annotations

import numpy as np
import pytest

from inkread.core.forms.form_print import (
    encoded_print,
    form_print,
    ink_contrast,
    inner,
    print_boxes,
    reduced_to,
)
from inkread.core.geometry import Box
from tests.form_pictures import Form, filled, scanned, values


def test_what_is_written_in_a_field_is_no_print(blank_form: Form) -> None:
    boxes = [field.box for field in blank_form.fields]
    empty = form_print(blank_form.picture, boxes, is_blank=False)
    written = filled(blank_form, values(blank_form, 1, empty=0.0), 1)
    full = form_print(written, boxes, is_blank=False)
    assert full.image.shape == empty.image.shape == (1000, 707)
    for box in empty.boxes:
        # Digits of a comb may hide a bit of its lines.
        changed = np.abs(full.image[inner(box)].astype(int) - empty.image[inner(box)]) > 128
        assert changed.mean() < 0.03


def test_the_lines_of_a_comb_are_print(blank_form: Form) -> None:
    comb = next(field for field in blank_form.fields if field.cells > 1)
    printed = form_print(blank_form.picture, [comb.box], is_blank=False)
    inside = printed.image[inner(printed.boxes[0])]
    lines = (inside > 128).mean(axis=0) > 0.9
    assert np.count_nonzero(np.diff(lines.astype(int)) == 1) == comb.cells - 1


@pytest.mark.parametrize("is_blank", [False, True])
def test_print_in_a_field_of_a_blank_form_is_kept(blank_form: Form, is_blank: bool) -> None:
    heading = Box(80, 60, 500, 70)  # of which all is printed
    printed = form_print(blank_form.picture, [heading], is_blank)
    assert bool((printed.image[inner(printed.boxes[0])] > 128).any()) == is_blank


def test_boxes_are_those_of_the_reduced_picture() -> None:
    image = np.zeros((100, 50), np.uint8)
    assert print_boxes([Box(40, 40, 80, 80)], (200, 400), image) == (Box(10, 10, 20, 20),)


def test_reducing_tells_where_px_come_from() -> None:
    grey = np.zeros((400, 200), np.uint8)
    small, to_page = reduced_to(grey, 100)
    assert small.shape == (100, 50)
    # The first px of the small picture is the mean of px 0 to 3, with its middle at 1.5.
    assert to_page @ [0, 0, 1] == pytest.approx([1.5, 1.5, 1])


def test_light_and_noise_are_no_ink() -> None:
    paper = np.full((800, 600), 255, np.uint8)
    photo = scanned(paper, {"slope": 0.5, "shadow": 0.3, "noise": 6.0}, 1).picture
    assert (ink_contrast(photo) > 128).mean() < 0.002


def test_the_picture_of_any_print_is_small() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1500, 1000)).astype(np.uint8)
    assert len(encoded_print(form_print(noise, [], is_blank=True).image)) <= 150_000


def test_paper_without_print_is_empty() -> None:
    assert form_print(np.full((900, 600), 200, np.uint8), [], is_blank=True).is_empty
