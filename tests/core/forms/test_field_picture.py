from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.forms.field_picture import field_picture
from inkread.core.forms.register import register
from inkread.core.forms.template import Template
from inkread.core.geometry import mapped
from tests.form_pictures import Form, Scan, filled, scanned


def pictures(blank_form: Form, template: Template, text: str, kind: str) -> tuple[Scan, list]:  # type: ignore[type-arg]
    written = {field.name: text[: field.digits] for field in blank_form.fields}
    scan = scanned(filled(blank_form, written, 3), kind, 4)
    found = register(template.printed, scan.picture)
    assert found is not None
    return scan, [
        field_picture(scan.picture, found, template.printed, box) for box in template.printed.boxes
    ]


@pytest.mark.parametrize("kind", ["flat", "quarter", "phone", "phone in the dark", "bent"])
def test_an_empty_field_is_empty(blank_form: Form, template: Template, kind: str) -> None:
    _, found = pictures(blank_form, template, "", kind)
    assert all(each.image is None for each in found)


@pytest.mark.parametrize("kind", ["flat", "quarter", "phone", "bent"])
def test_what_is_written_stands_alone(blank_form: Form, template: Template, kind: str) -> None:
    _, found = pictures(blank_form, template, "888", kind)
    for field, each in zip(blank_form.fields, found, strict=True):
        assert each.image is not None
        ink = np.asarray(each.image < 128, np.uint8)
        count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
        large = stats[1:count, cv2.CC_STAT_HEIGHT] > 0.25 * stats[1:, cv2.CC_STAT_HEIGHT].max()
        assert int(large.sum()) == min(3, field.digits), field.name
        assert each.image[0].min() == each.image[:, 0].min() == 255


def test_its_px_are_found_again_on_the_page(blank_form: Form, template: Template) -> None:
    scan, found = pictures(blank_form, template, "8", "turned")
    for field, each in zip(blank_form.fields, found, strict=True):
        assert each.image is not None
        y, x = np.nonzero(each.image < 128)
        middle = np.array([[[x.mean() + 0.5, y.mean() + 0.5]]])
        there = cv2.perspectiveTransform(middle, each.to_page)[0, 0] - 0.5
        dark = scan.picture[round(there[1]) - 30 : round(there[1]) + 30,
                            round(there[0]) - 30 : round(there[0]) + 30]  # fmt: skip
        assert dark.min() < 140, field.name
        around = mapped(scan.onto, [field.box])[0]
        assert around.contains(float(there[0]), float(there[1]))


def test_a_field_beyond_the_edge_is_told(blank_form: Form, template: Template) -> None:
    scan = scanned(filled(blank_form, {}, 3), "flat", 4)
    last = max(template.printed.boxes, key=lambda box: box.y)
    cut = scan.picture[: round(last.y * 1754 / 1000) + 10]
    found = register(template.printed, cut)
    assert found is not None
    told = [
        field_picture(cut, found, template.printed, box).is_outside
        for box in template.printed.boxes
    ]
    assert told[template.printed.boxes.index(last)]
    assert not told[0]
