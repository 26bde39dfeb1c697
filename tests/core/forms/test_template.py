from __future__ import annotations

import numpy as np
import pytest

from inkread.core.errors import TemplateUnusable
from inkread.core.forms.template import MAX_FIELDS, FormField, make_template
from inkread.core.geometry import Box
from inkread.core.picture.page import page_of
from tests.form_pictures import Form

PLACE = Box(322, 260, 390, 77)


def made(of: Form, *fields: FormField) -> None:
    make_template(page_of(of.picture, "form"), fields)


def test_a_template_keeps_fields_in_their_order(blank_form: Form) -> None:
    fields = [FormField("b", PLACE, "date"), FormField("a", Box(10, 10, 50, 20))]
    template = make_template(page_of(blank_form.picture, "form"), fields)
    assert template.fields == tuple(fields)
    assert (template.width, template.height) == (1240, 1754)
    assert len(template.digest) == 64


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "is empty"),
        (" a", "spaces at its ends"),
        ("a\nb", "hidden characters"),
        ("\u202eabc", "hidden characters"),
        ("x" * 81, "more than 80 characters"),
        ("File", 'no field can have the name "File"'),
    ],
)
def test_a_name_that_is_no_heading_is_refused(blank_form: Form, name: str, reason: str) -> None:
    with pytest.raises(TemplateUnusable, match=reason):
        made(blank_form, FormField(name, PLACE))


def test_two_fields_of_one_name_are_refused(blank_form: Form) -> None:
    with pytest.raises(TemplateUnusable, match='two fields have the name "TOTAL"'):
        made(blank_form, FormField("Total", PLACE), FormField("TOTAL", Box(1, 1, 30, 30)))


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        (Box(10, 10, 5, 50), "smaller than 8 px"),
        (Box(-1, 10, 50, 50), "not on the picture"),
        (Box(1200, 10, 50, 50), "not on the picture"),
    ],
)
def test_a_field_beside_the_picture_or_too_small_is_refused(
    blank_form: Form, box: Box, reason: str
) -> None:
    with pytest.raises(TemplateUnusable, match=reason):
        made(blank_form, FormField("a", box))


def test_no_field_or_too_many_are_refused(blank_form: Form) -> None:
    with pytest.raises(TemplateUnusable, match="it has no field"):
        made(blank_form)
    many = [FormField(f"f{k}", PLACE) for k in range(MAX_FIELDS + 1)]
    with pytest.raises(TemplateUnusable, match="more than 500 fields"):
        made(blank_form, *many)


def test_a_form_without_print_around_its_fields_is_refused() -> None:
    page = page_of(np.full((600, 400), 250, np.uint8), "form")
    with pytest.raises(TemplateUnusable, match="nothing is printed around"):
        make_template(page, [FormField("a", Box(10, 10, 50, 50))])
