from __future__ import annotations

import numpy as np

from inkread.core.forms.propose import proposed_fields
from inkread.core.picture.page import Page, page_of
from tests.form_pictures import Form


def test_boxes_and_combs_are_proposed(blank_form: Form) -> None:
    found = proposed_fields(page_of(blank_form.picture, "form"))
    best = [max(f.box.likeness(field.box) for f in found) for field in blank_form.fields]
    assert sum(likeness > 0.85 for likeness in best) >= len(best) - 2
    assert len({field.name for field in found}) == len(found)


def test_they_are_px_of_the_file(blank_form: Form) -> None:
    grey = blank_form.picture
    half = Page(np.repeat(grey[..., np.newaxis], 3, 2), grey, scale=0.5)
    whole, twice = (proposed_fields(page) for page in (page_of(grey, "form"), half))
    assert [f.box.scaled(2) for f in whole] == [f.box for f in twice]


def test_paper_proposes_nothing() -> None:
    assert proposed_fields(page_of(np.full((300, 200), 250, np.uint8), "paper")) == ()
