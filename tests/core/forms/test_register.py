from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.forms.form_print import form_print
from inkread.core.forms.register import Registration, register
from inkread.core.forms.template import Template
from inkread.core.geometry import Box
from tests.form_pictures import (
    HEIGHT,
    SCANS,
    WIDTH,
    Form,
    PrintedField,
    Scan,
    filled,
    form,
    scanned,
    values,
)


def worst(found: Registration, scan: Scan, of: Form, template: Template) -> float:
    """Maximum distance of a corner of a field from where it is, px of the scan."""
    boxes = [field.box for field in of.fields]
    corners = np.array([p for b in boxes for p in ((b.x, b.y), (b.right, b.y),
                        (b.right, b.bottom), (b.x, b.bottom))], np.float64)  # fmt: skip
    scale = np.array(template.printed.image.shape[::-1]) / (WIDTH, HEIGHT)
    there = found.to_page((corners + 0.5) * scale - 0.5)
    return float(np.linalg.norm(there - scan.at(corners), axis=1).max())


@pytest.mark.parametrize("kind", SCANS)
def test_a_filled_form_is_found(blank_form: Form, template: Template, kind: str) -> None:
    scan = scanned(filled(blank_form, values(blank_form, 5), 5), kind, 6)
    found = register(template.printed, scan.picture)
    assert found is not None
    assert found.fit.share > 0.9
    assert worst(found, scan, blank_form, template) < 2.5


def test_another_form_does_not_fit(template: Template) -> None:
    other = form(23)
    found = register(template.printed, scanned(filled(other, values(other, 1)), "shifted").picture)
    assert found is None or found.fit.share < 0.5


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_page_shows_no_form(template: Template, level: int) -> None:
    found = register(template.printed, np.full((900, 700), level, np.uint8))
    assert found is None or found.fit.share < 0.2


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (40, 30)])
def test_the_smallest_pages_show_no_form(template: Template, shape: tuple[int, int]) -> None:
    found = register(template.printed, np.full(shape, 200, np.uint8))
    assert found is None or found.fit.share < 0.2


def test_a_form_of_lines_alone_is_found() -> None:
    paper = np.full((HEIGHT, WIDTH), 255, np.uint8)
    boxes = [Box(120 + 200 * (k % 5), 200 + 90 * (k // 5), 200, 90) for k in range(60)]
    for box in boxes:
        first, last = (int(box.x), int(box.y)), (int(box.right), int(box.bottom))
        cv2.rectangle(paper, first, last, 0, 3)
    table = Form(paper, tuple(PrintedField(f"c{k}", box, 5) for k, box in enumerate(boxes)))
    scan = scanned(filled(table, values(table, 3), 3), "shifted", 4)
    found = register(form_print(paper, boxes, is_blank=False), scan.picture)
    assert found is not None
    assert found.fit.share > 0.8


def test_a_scan_is_found_alike_each_time(blank_form: Form, template: Template) -> None:
    scan = scanned(filled(blank_form, values(blank_form, 5), 5), "phone", 6)
    one, other = (register(template.printed, scan.picture) for _ in range(2))
    assert one is not None
    assert other is not None
    assert np.array_equal(one.matrix, other.matrix)
