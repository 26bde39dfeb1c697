from __future__ import annotations

import base64
import json
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.core.errors import TemplateUnusable
from inkread.core.forms.template import FormField, Template, make_template
from inkread.core.forms.template_json import MAX_BYTES, decode_template, encode_template
from inkread.core.geometry import Box
from inkread.core.picture.page import page_of


@pytest.fixture(scope="module")
def content(template: Template) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(encode_template(template))
    return made


def decoded(content: dict[str, Any]) -> Template:
    return decode_template(json.dumps(content).encode(), "t.json")


def test_a_template_comes_back_as_it_was(template: Template) -> None:
    again = decode_template(encode_template(template), "t.json")
    assert [f.name for f in again.fields] == [f.name for f in template.fields]
    assert [f.type for f in again.fields] == [f.type for f in template.fields]
    for one, other in zip(again.fields, template.fields, strict=True):
        assert one.box.likeness(other.box) > 0.999
    assert (again.width, again.height, again.digest) == (1240, 1754, template.digest)
    assert np.array_equal(again.printed.image, template.printed.image)
    assert encode_template(again) == encode_template(template)


def test_types_are_kept_as_they_are_written(content: dict[str, Any]) -> None:
    field = {**content["fields"][0], "type": "integer 1..31"}
    assert decoded({**content, "fields": [field]}).fields[0].type == "integer 1..31"


def test_the_file_of_a_photo_full_of_print_is_small() -> None:
    dots = np.random.default_rng(0).random((1600, 1200)) < 0.02
    page = page_of(np.where(cv2.dilate(dots.astype(np.uint8), np.ones((3, 3))) > 0, 40, 230)
                   .astype(np.uint8), "photo")  # fmt: skip
    template = make_template(page, [FormField("a", Box(100, 100, 200, 60))])
    assert 20_000 < len(encode_template(template)) < 210_000


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": "other"}, '"format" is not'),
        ({"version": 2}, "another version"),
        ({"version": True}, "another version"),
        ({"width": 0}, "size is none"),
        ({"width": "9"}, "no number"),
        ({"height": float("nan")}, "no number"),
        ({"height": 10**400}, "too large a number"),
        ({"digest": "xyz"}, "digest"),
        ({"fields": {}}, 'no list "fields"'),
        ({"fields": []}, "no field"),
        ({"fields": [1]}, "a field is no object"),
        ({"fields": [{"name": 1, "box": [1, 1, 50, 50]}]}, "is no text"),
        ({"fields": [{"name": "a", "box": [1, 1, 50]}]}, "not four numbers"),
        ({"fields": [{"name": "a", "box": [1, 1, 50, True]}]}, "no number"),
        ({"fields": [{"name": "a", "box": [1, 1, 50, 9e9]}]}, "not on the picture"),
        ({"print": None}, "no PNG"),
        ({"print": "%%%"}, "picture is damaged"),
        ({"print": base64.b64encode(b"GIF89a").decode()}, "no PNG"),
    ],
)
def test_what_is_damaged_is_refused_in_a_sentence(
    content: dict[str, Any], change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TemplateUnusable, match=reason) as caught:
        decoded({**content, **change})
    assert str(caught.value).startswith("t.json: this form template cannot be used")


def test_a_picture_that_claims_to_be_large_is_not_decoded(content: dict[str, Any]) -> None:
    large = cv2.imencode(".png", np.zeros((10, 1001), np.uint8))[1].tobytes()
    with pytest.raises(TemplateUnusable, match="larger than 1000 px"):
        decoded({**content, "print": base64.b64encode(large).decode()})


def test_a_picture_without_print_is_refused(content: dict[str, Any]) -> None:
    empty = cv2.imencode(".png", np.zeros((1000, 707), np.uint8))[1].tobytes()
    with pytest.raises(TemplateUnusable, match="nothing is printed"):
        decoded({**content, "print": base64.b64encode(empty).decode()})


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"null", b"[" * 100_000, b"{" * 10])
def test_what_is_no_template_is_refused(data: bytes) -> None:
    with pytest.raises(TemplateUnusable):
        decode_template(data, "t.json")


def test_a_large_file_is_refused_unread() -> None:
    with pytest.raises(TemplateUnusable, match="more than 1 MB"):
        decode_template(b" " * (MAX_BYTES + 1), "t.json")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_file_is_read_or_refused(template: Template, data: st.DataObject) -> None:
    encoded = bytearray(encode_template(template))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(encoded) - 1))
        encoded[place] = data.draw(st.integers(0, 255))
    try:
        decode_template(bytes(encoded), "t.json")
    except TemplateUnusable as error:
        assert "\n" not in str(error)
