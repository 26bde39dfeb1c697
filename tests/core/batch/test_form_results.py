from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.core.batch.form_results import (
    FormResult,
    columns_of,
    form_csv_row,
    form_json_row,
    form_results_of,
    load_template,
)
from inkread.core.batch.sources import Source
from inkread.core.errors import FileMissing, NoForm, TemplateUnusable
from inkread.core.forms.read_form import FieldReading, FormReading
from inkread.core.forms.template import FormField, Template, make_template
from inkread.core.forms.template_json import encode_template
from inkread.core.geometry import Box
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.picture.page import page_of
from inkread.core.reading import Glyph, Guess
from inkread.ml.inference.classifier import OnnxClassifier
from tests.template_model import template_model
from tests.written import write

CELL = np.zeros((28, 28), np.float32)
CORNERS = ((10.0, 10.0), (60.0, 10.0), (60.0, 30.0), (10.0, 30.0))


@pytest.fixture(scope="module")
def template() -> Template:
    return small_template()


def small_template(*names: str) -> Template:
    """A form of a heading and two boxes."""
    paper = small_form()
    fields = [
        FormField(name, Box(120, 100 + 80 * k, 200, 50))
        for k, name in enumerate(names or ("number", "total"))
    ]
    return make_template(page_of(paper, "form"), fields)


def small_form() -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    paper = np.full((300, 420), 255, np.uint8)
    cv2.putText(paper, "Order 17 of today", (20, 50), 0, 1.2, 0, 2, cv2.LINE_AA)
    for k, word in enumerate(("Number", "Total")):
        cv2.putText(paper, word, (10, 135 + 80 * k), 0, 0.8, 0, 2, cv2.LINE_AA)
        cv2.rectangle(paper, (120, 100 + 80 * k), (320, 150 + 80 * k), 0, 2)
    return paper


def glyph(label: str, probability: float, x: float) -> Glyph:
    guesses = (Guess(label, probability), Guess("0", 1 - probability))
    return Glyph(Box(x, 12, 8, 14), 0, guesses, CELL, ())


def reading() -> FormReading:
    """A sure field and a doubtful one."""
    return FormReading(
        (
            FieldReading("number", (glyph("4", 0.99, 12), glyph("2", 0.98, 22)), CORNERS),
            FieldReading("total", (glyph("7", 0.6, 12),), CORNERS, ("Two lines.",)),
        ),
        0.97,
        ("A page was mended.",),
    )


def row_of(result: FormResult, template: Template, raw: bool = False) -> dict[str, str]:
    text = form_csv_row(result, template, raw).decode()
    return dict(zip(columns_of(template), next(csv.reader(io.StringIO(text))), strict=True))


def test_a_row_has_a_column_for_each_field(template: Template) -> None:
    row = row_of(FormResult("a.png", reading(), page=2, pages=3), template)
    assert row == {
        "file": "a.png",
        "page": "2",
        "number": "42",
        "total": "7",
        "doubtful": "total",
        "notes": "A page was mended. total: Two lines.",
        "error": "",
        "fit": "0.97",
    }


def test_a_file_that_was_not_read_has_a_row_with_the_reason(template: Template) -> None:
    row = row_of(FormResult("a.png", error=FileMissing(name="a.png")), template)
    assert row["error"].startswith("a.png: there is no such file")
    assert row["number"] == row["total"] == row["fit"] == row["page"] == ""


def test_a_heading_is_no_formula() -> None:
    template = small_template("=1+1", "b")
    result = FormResult("a.png", error=FileMissing(name="a.png"))
    assert "=1+1" in columns_of(template)
    assert form_csv_row(result, template).startswith(b"a.png")


def test_json_has_each_field_with_its_doubt(template: Template) -> None:
    row = json.loads(form_json_row(FormResult("a.png", reading(), page=1)))
    assert row["fields"]["number"]["text"] == "42"
    assert row["fields"]["number"]["probability"] == pytest.approx(0.98)
    assert row["fields"]["total"]["doubtful"]
    assert row["notes"] == ["A page was mended.", "total: Two lines."]
    assert row["error"] is None


def test_pages_are_rows_and_other_pages_errors(tmp_path: Path) -> None:
    from PIL import Image

    template, classifier = small_template(), OnnxClassifier(template_model(), "model")
    form, other = small_form(), np.full((300, 420), 255, np.uint8)
    path = tmp_path / "two.tiff"
    Image.fromarray(form).save(path, save_all=True, append_images=[Image.fromarray(other)])
    ink = tmp_path / "ink.inkml"
    ink.write_bytes(write_inkml([Drawing("4", write("4"))]))
    sources = [Source(str(path)), Source(str(ink)), Source(str(tmp_path / "none.png"))]
    results = list(form_results_of(sources, template, classifier, workers=1))
    assert [(r.page, r.pages) for r in results] == [(1, 2), (2, 2), (1, 1), (None, 1)]
    assert results[0].reading is not None
    assert results[0].reading.texts == {"number": "", "total": ""}
    assert "page 2" in str(results[1].error)
    assert "does not look like the form" in str(results[1].error)
    assert isinstance(results[2].error, NoForm)
    assert isinstance(results[3].error, FileMissing)


def test_a_template_is_loaded_from_its_file(tmp_path: Path, template: Template) -> None:
    path = tmp_path / "form.json"
    path.write_bytes(encode_template(template))
    assert [field.name for field in load_template(str(path)).fields] == ["number", "total"]
    path.write_bytes(b"{}")
    with pytest.raises(TemplateUnusable):
        load_template(str(path))
    with pytest.raises(FileMissing):
        load_template(str(tmp_path / "none.json"))
