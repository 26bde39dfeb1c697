from __future__ import annotations

import numpy as np

from inkread.core.forms.form_print import form_print
from inkread.core.forms.print_fit import fit_of
from inkread.core.geometry import Box
from tests.form_pictures import Form, form


def test_a_form_fits_itself(blank_form: Form) -> None:
    printed = form_print(blank_form.picture, [], is_blank=True)
    fit = fit_of(printed, printed.image)
    assert fit.share == 1
    assert fit.correlation > 0.999


def test_another_form_and_paper_do_not_fit(blank_form: Form) -> None:
    printed = form_print(blank_form.picture, [], is_blank=True)
    other = form_print(form(9).picture, [], is_blank=True)
    assert fit_of(printed, other.image).share < 0.4
    assert fit_of(printed, np.zeros_like(printed.image)).share == 0
    assert fit_of(printed, np.full_like(printed.image, 255)).share == 0


def test_it_tells_where_a_form_is_another_one(blank_form: Form) -> None:
    printed = form_print(blank_form.picture, [], is_blank=True)
    changed = printed.image.copy()
    changed[500:] = np.roll(changed[500:], 25, axis=0)
    fit = fit_of(printed, changed)
    assert 0.4 < fit.share < 1
    assert fit.near(Box(200, 150, 200, 40)) == 1
    assert fit.near(Box(200, 620, 200, 40)) < 0.5


def test_writing_in_fields_does_not_count(blank_form: Form) -> None:
    boxes = [field.box for field in blank_form.fields]
    printed = form_print(blank_form.picture, boxes, is_blank=False)
    written = printed.image.copy()
    for box in printed.boxes:
        written[round(box.y) + 5 : round(box.bottom) - 5, round(box.x) + 5 : round(box.x) + 40] = (
            255
        )
    assert fit_of(printed, written).share > 0.95
