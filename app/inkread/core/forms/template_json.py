"""Form templates as JSON and back.

An object with

``format``
    ``"inkread form template"``.
``version``
    1.
``width``, ``height``
    Size of the file that the template was made on, px.
``digest``
    SHA-256 of that file, hexadecimal; empty: not known.
``fields``
    A list, in the order of the columns, of ``name``, ``type`` (as ``inkread read --type`` takes it;
    empty: anything) and ``box``: left, top, width and height, px of the file.
``print``
    What is printed on the form: a grey PNG in base64, 0 (paper) to 255 (ink), at most 1,000 px on a
    side, without what is written in the fields.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from inkread.core.errors import TemplateUnusable
from inkread.core.forms.form_print import PARAMS as PRINT
from inkread.core.forms.form_print import FormPrint, encoded_print, print_boxes
from inkread.core.forms.template import FormField, Template, checked_fields
from inkread.core.geometry import Box
from inkread.core.reading import Grey

FORMAT = "inkread form template"
VERSION = 1
#: Bytes of the file of a template at most; chosen: three times its largest picture, as base64.
MAX_BYTES = 1_000_000
#: Px, side of the file that a template was made on, at most; chosen: larger pictures are refused.
_MAX_SIDE = 100_000
_PNG = b"\x89PNG\r\n\x1a\n"
_DIGEST = re.compile(r"([0-9a-f]{64})?")


def encode_template(template: Template) -> bytes:
    """A template as JSON, UTF-8."""
    fields = [
        {"name": field.name, "type": field.type, "box": _sides(field.box)}
        for field in template.fields
    ]
    content = {
        "format": FORMAT,
        "version": VERSION,
        "width": round(template.width, 2),
        "height": round(template.height, 2),
        "digest": template.digest,
        "fields": fields,
        "print": base64.b64encode(encoded_print(template.printed.image)).decode(),
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()


def decode_template(data: bytes, name: str) -> Template:
    """The template that JSON describes.

    Parameters
    ----------
    data : bytes
        As `encode_template` makes them.
    name : str
        What errors call it.

    Raises
    ------
    TemplateUnusable
        If it is none, or damaged.
    """
    try:
        if len(data) > MAX_BYTES:
            raise _Wrong(f"it has more than {MAX_BYTES // 1_000_000} MB")
        return _template(_parsed(data), name)
    except _Wrong as wrong:
        raise TemplateUnusable(name=name, reason=str(wrong)) from wrong


class _Wrong(Exception):
    """What is wrong with a template."""


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _Wrong("it is no JSON") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _Wrong(f'its "format" is not "{FORMAT}"')
    if content.get("version") != VERSION or isinstance(content.get("version"), bool):
        raise _Wrong("it is of another version")
    return content


def _template(content: dict[str, Any], name: str) -> Template:
    width, height = (_number(content.get(side), side) for side in ("width", "height"))
    if not (1 <= width <= _MAX_SIDE and 1 <= height <= _MAX_SIDE):
        raise _Wrong("its size is none of a picture")
    digest, fields = content.get("digest", ""), content.get("fields")
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise _Wrong("its digest is none")
    if not isinstance(fields, list):
        raise _Wrong('it has no list "fields"')
    made = checked_fields([_field(each) for each in fields], width, height, name)
    image = _picture(content.get("print"))
    boxes = print_boxes([field.box for field in made], (width, height), image)
    printed = FormPrint(image, boxes)
    if printed.is_empty:
        raise _Wrong("nothing is printed around its fields")
    return Template(width, height, digest, made, printed)


def _field(content: Any) -> FormField:
    if not isinstance(content, dict):
        raise _Wrong("a field is no object")
    name, kind, box = content.get("name"), content.get("type", ""), content.get("box")
    if not isinstance(name, str) or not isinstance(kind, str):
        raise _Wrong("name or type of a field is no text")
    if not isinstance(box, list) or len(box) != 4:
        raise _Wrong(f'the box of the field "{name}" is not four numbers')
    return FormField(name, Box(*(_number(side, "box") for side in box)), kind)


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Wrong(f'"{what}" holds what is no number')
    try:
        number = float(value)
    except OverflowError as error:
        raise _Wrong(f'"{what}" holds too large a number') from error
    if not math.isfinite(number):
        raise _Wrong(f'"{what}" holds what is no number')
    return number


def _picture(text: Any) -> Grey:
    """The picture of a form's print; its header is looked at before it is decoded."""
    try:
        data = base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _Wrong("its picture is damaged") from error
    if data[:8] != _PNG or data[12:16] != b"IHDR" or len(data) < 33:
        raise _Wrong("its picture is no PNG")
    sides = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if not all(1 <= side <= PRINT.side for side in sides):
        raise _Wrong(f"its picture is larger than {PRINT.side} px")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error as error:
        raise _Wrong("its picture is damaged") from error
    if image is None or image.shape != (sides[1], sides[0]):
        raise _Wrong("its picture is damaged")
    return np.asarray(image, np.uint8)


def _sides(box: Box) -> Sequence[float]:
    return [round(side, 2) for side in (box.x, box.y, box.width, box.height)]
