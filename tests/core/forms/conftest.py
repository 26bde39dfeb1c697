"""A form, its template, and the networks that are shipped."""

from __future__ import annotations

import pytest

from inkread.core.forms.template import FormField, Template, make_template
from inkread.core.picture.page import page_of
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.line_model import open_lines
from tests.form_pictures import Form, form


@pytest.fixture(scope="session")
def blank_form() -> Form:
    return form(2)


@pytest.fixture(scope="session")
def template(blank_form: Form) -> Template:
    return template_of(blank_form)


@pytest.fixture(scope="session")
def classifier() -> OnnxClassifier:
    model = OnnxClassifier.open(bundled("models/digits.onnx"))
    model.lines = open_lines(bundled("models/lines.onnx"))
    return model


def template_of(of: Form, is_blank: bool = False) -> Template:
    """The template that is marked on the blank form."""
    fields = [FormField(field.name, field.box) for field in of.fields]
    return make_template(page_of(of.picture, "form"), fields, is_blank)
