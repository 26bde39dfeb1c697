from __future__ import annotations

import json
import pickle

import cv2
import numpy as np
import pytest

from inkread.core.errors import FormNotFound
from inkread.core.forms.read_form import read_form, reading_form
from inkread.core.forms.template import Template
from inkread.core.generators import finished
from inkread.core.geometry import Box, mapped
from inkread.core.picture.page import Page, page_of
from inkread.core.reading import Grey
from inkread.ml.inference.classifier import OnnxClassifier
from tests.core.forms.conftest import template_of
from tests.form_pictures import Form, Scan, filled, form, scanned, values


def scan_of(blank_form: Form, kind: str, seed: int = 4) -> tuple[Scan, dict[str, str]]:
    written = values(blank_form, seed)
    return scanned(filled(blank_form, written, seed), kind, seed), written


def page(grey: Grey) -> Page:
    return page_of(grey, "scan")


@pytest.mark.parametrize("kind", ["flat", "upside down", "small", "phone", "bent"])
def test_each_field_is_read_or_doubtful(
    blank_form: Form, template: Template, classifier: OnnxClassifier, kind: str
) -> None:
    scan, written = scan_of(blank_form, kind)
    reading = read_form(page(scan.picture), template, classifier, "scan")
    right = [f for f in reading.fields if f.text.replace(" ", "") == written[f.name]]
    assert len(right) >= len(written) - 1
    assert all(field.is_doubtful for field in reading.fields if field not in right)
    empty = [name for name, text in written.items() if not text]
    assert empty
    assert all(reading.texts[name] == "" for name in empty)


def test_boxes_are_px_of_the_file(
    blank_form: Form, template: Template, classifier: OnnxClassifier
) -> None:
    scan, written = scan_of(blank_form, "turned")
    # As a page that was reduced to half of its file.
    half = Page(*(np.repeat(scan.picture[..., None], 3, 2), scan.picture), scale=0.5)
    reading = read_form(half, template, classifier, "scan")
    for printed, field in zip(blank_form.fields, reading.fields, strict=True):
        there = mapped(scan.onto, [printed.box])[0].scaled(2)
        assert field.box.likeness(there) > 0.9
        assert all(there.grown(0.4 * there.height).encloses(g.box) for g in field.glyphs)
    assert any(written.values())


def test_another_form_is_refused_with_its_fit(
    template: Template, classifier: OnnxClassifier
) -> None:
    scan, _ = scan_of(form(23), "shifted")
    with pytest.raises(FormNotFound, match=r"scan: .* \(\d+ % of its print was found\)"):
        read_form(page(scan.picture), template, classifier, "scan")


def test_a_negative_is_read(
    blank_form: Form, template: Template, classifier: OnnxClassifier
) -> None:
    scan, written = scan_of(blank_form, "shifted")
    reading = read_form(page(255 - scan.picture), template, classifier, "scan")
    right = [reading.texts[name].replace(" ", "") == text for name, text in written.items()]
    assert sum(right) >= len(right) - 1


def test_fields_at_other_places_are_doubtful_or_refused(
    blank_form: Form, template: Template, classifier: OnnxClassifier
) -> None:
    written = values(blank_form, 4)
    paper = filled(blank_form, written, 4)
    later = paper.copy()
    later[735:], later[700:735] = paper[700:-35], 255  # a version with more room in the middle
    try:
        reading = read_form(page(later), template, classifier, "scan")
    except FormNotFound:
        return
    for field in reading.fields:
        assert field.is_doubtful or field.text.replace(" ", "") == written[field.name]


def test_print_in_fields_of_a_blank_form_is_left_out(
    blank_form: Form, classifier: OnnxClassifier
) -> None:
    printed = blank_form.picture.copy()
    box = blank_form.fields[0].box
    at = (round(box.x) + 20, round(box.bottom) - 15)
    cv2.putText(printed, "EUR", at, cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3, cv2.LINE_AA)
    template = template_of(Form(printed, blank_form.fields), is_blank=True)
    scan = scanned(printed, "turned", 2)
    reading = read_form(page(scan.picture), template, classifier, "scan")
    assert not any(reading.texts.values())


def test_it_can_be_cancelled_between_fields(
    blank_form: Form, template: Template, classifier: OnnxClassifier
) -> None:
    scan, _ = scan_of(blank_form, "flat")
    steps = reading_form(page(scan.picture), template, classifier, "scan")
    asked = iter([False] * 5 + [True])
    assert finished(steps, is_cancelled=lambda: next(asked)) is None


def test_a_reading_is_json_and_can_be_pickled(
    blank_form: Form, template: Template, classifier: OnnxClassifier
) -> None:
    scan, _ = scan_of(blank_form, "flat")
    reading = read_form(page(scan.picture), template, classifier, "scan")
    content = json.loads(json.dumps(reading.to_dict()))
    assert list(content["fields"]) == [field.name for field in blank_form.fields]
    first = next(f for f in reading.fields if f.text)
    assert content["fields"][first.name]["text"] == first.text
    assert content["fit"] == pytest.approx(1, abs=0.1)
    assert pickle.loads(pickle.dumps(reading)).texts == reading.texts  # noqa: S301 - its own
    assert isinstance(first.box, Box)
