from __future__ import annotations

import cv2
import numpy as np

from inkread.core.forms.bend import Bend, fit_bend
from inkread.core.forms.form_print import form_print
from tests.form_pictures import Form

ALL = np.full((1000, 707), 255, np.uint8)


def bend_of(most: float) -> Bend:
    weights = np.zeros((5, 5, 2))
    weights[2, 0, 1] = most  # a wave along x, that moves points down
    weights[0, 1, 0] = most / 2
    return Bend(weights, (1000, 707))


def test_a_bend_is_found_again(blank_form: Form) -> None:
    printed = form_print(blank_form.picture, [], is_blank=True).image
    wanted = bend_of(6.0)
    there = np.stack(np.meshgrid(np.arange(707.0), np.arange(1000.0)), axis=-1)
    back = (there - wanted.at(there)).astype(np.float32)  # about its inverse
    bent = cv2.remap(printed, back[..., 0], back[..., 1], cv2.INTER_LINEAR)
    found = fit_bend(printed, np.asarray(bent, np.uint8), ALL)
    assert found is not None
    y, x = np.nonzero(printed > 128)
    points = np.stack([x, y], axis=-1).astype(np.float64)
    off = np.linalg.norm(found.at(points) - wanted.at(points), axis=1)
    assert np.quantile(off, 0.95) < 1.0
    assert np.linalg.norm(wanted.at(points), axis=1).max() > 4


def test_flat_paper_has_no_bend(blank_form: Form) -> None:
    printed = form_print(blank_form.picture, [], is_blank=True).image
    found = fit_bend(printed, printed, ALL)
    assert found is not None
    assert np.abs(found.everywhere()).max() < 0.2


def test_all_places_and_single_ones_agree() -> None:
    bend = bend_of(4.0)
    points = np.array([[0.0, 0.0], [706.0, 999.0], [300.0, 20.0]])
    everywhere = bend.everywhere()
    assert np.allclose(bend.at(points), [everywhere[int(y), int(x)] for x, y in points])


def test_enlarging_keeps_what_it_does() -> None:
    small, large = bend_of(4.0), bend_of(4.0).enlarged((2000, 1414))
    assert np.allclose(large.at(np.array([1413.0, 1999.0])), 2 * small.at(np.array([706.0, 999.0])))


def test_nothing_printed_gives_no_bend() -> None:
    nothing = np.zeros((1000, 707), np.uint8)
    assert fit_bend(nothing, nothing, ALL) is None
