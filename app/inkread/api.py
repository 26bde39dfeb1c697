"""The public interface for Python programs: `read` and `read_many`.

Both are plain functions, and what they return is frozen and can be pickled: they may be called from
threads, from other people's process pools, notebooks and cluster engines.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inkread.core.batch.page_choice import PageChoice
from inkread.core.batch.read_files import (
    Content,
    open_bytes,
    parts_of,
    read_content,
    results_of,
    unforeseen_reported,
)
from inkread.core.batch.result_formats import Result
from inkread.core.batch.sources import Source, expand
from inkread.core.classifier import Classifier
from inkread.core.errors import (
    InkreadError,
    InkUnusable,
    InputUnusable,
    LayoutUnknown,
    LineModelUnusable,
    ModelUnusable,
    NoForm,
    PageMissing,
    PagesUnknown,
)
from inkread.core.field_types.field_type import FieldType
from inkread.core.files import MAX_FILE_BYTES, read_file
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, page_of_array, page_of_image
from inkread.core.reading import Glyph, Reading
from inkread.core.recognition.recognise import labels_of
from inkread.data.paths import Home, bundled, home

if TYPE_CHECKING:
    from PIL.Image import Image

    from inkread.core.forms.read_form import FormReading
    from inkread.core.forms.template import Template
    from inkread.core.recognition.line_reader import LineReader
    from inkread.ml.inference.classifier import OnnxClassifier
    from inkread.ml.inference.gate import Gate

__all__ = [
    "FieldType",
    "Glyph",
    "Ink",
    "InkreadError",
    "Layout",
    "Reading",
    "Result",
    "Stroke",
    "read",
    "read_form",
    "read_many",
]

#: What can read: see `read`.
Model = str | os.PathLike[str] | bytes | Classifier | None

SHIPPED_MODEL = "models/digits.onnx"
SHIPPED_LINES = "models/lines.onnx"
CURRENT = "current"
#: This many opened models are kept, 1 to 100 MB each. Chosen: a program compares two or three.
MAX_MODELS = 4
#: By process id: a process that was forked while another thread held the lock needs its own.
_LOCKS: dict[int, threading.Lock] = {}


def read(
    source: str | os.PathLike[str] | bytes | NDArray[Any] | Image | Ink,
    *,
    layout: Layout | str = Layout.AUTO,
    model: Model = None,
    name: str | None = None,
    page: int = 1,
    field_type: FieldType | str | None = None,
) -> Reading:
    """Read handwritten digits in a picture or in ink.

    Parameters
    ----------
    source : path, bytes, array, PIL.Image.Image or Ink
        A file, or the bytes of one: PNG, JPEG, BMP, GIF, TIFF, WebP, AVIF, HEIC, JPEG 2000, PNM,
        PDF or InkML; or pixels: an array
        (h, w), (h, w, 3) RGB or (h, w, 4) RGBA of uint8, of floats in 0..1, or of bool, or a
        Pillow image; or strokes. Pictures may be dark on light or light on dark.
    layout : Layout or str
        ``auto``, ``digit``, ``line`` or ``page``.
    model : path, bytes, Classifier or None
        None: the model that ships with this version, so that every machine reads alike;
        ``"current"``: the one that the user of this computer reads with, as the window and the
        command line do; else an ONNX file or its bytes, or an opened classifier. A model is
        opened once a process, and again when its file has changed.
    name : str, optional
        What errors call the input, if it is no file.
    page : int
        Which page of a file, from 1 on. If there are others, a note says so.
    field_type : FieldType or str, optional
        What may stand in each line: ``integer``, ``decimal``, ``money``, ``date``, ``time``,
        ``digits`` or ``digits:6``, perhaps with a range such as ``integer 1..31``; a pattern such
        as ``999-99``; or ``one of: 12|15|20``. `Reading.fits` says whether it does.

    Returns
    -------
    Reading
        Empty if nothing is written. Boxes in px of the (upright) picture, or of the ink. Its glyphs
        have no `stages`.

    Raises
    ------
    InkreadError
        Whatever is wrong with the input or the model; ``str()`` is one sentence about it.
    """
    layout, classifier = _layout_of(layout), _classifier_of(model)
    asked = _field_type_of(field_type, classifier)
    if name is None or isinstance(source, str | os.PathLike):
        name = _name_of(source)
    with unforeseen_reported(name):
        return read_content(_content_of(source, name, page), classifier, layout, asked)


def read_many(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str] | Source],
    *,
    recursive: bool = False,
    layout: Layout | str = Layout.AUTO,
    model: Model = None,
    workers: int = 0,
    pages: str | None = None,
    field_type: FieldType | str | None = None,
) -> Generator[Result, None, None]:
    """Read many files with all their pages, on all cores where that pays.

    It starts processes of its own for long work only, and none within a process that somebody
    else's `multiprocessing` started; these never run the caller's script.

    Parameters
    ----------
    paths : path, or iterable of path or Source
        Files and folders. Of a folder all pictures and InkML files are read, sorted by name, but
        not the hidden ones.
    recursive : bool
        Read the subfolders too.
    layout, model
        As `read` takes them.
    workers : int
        How many threads; 0: as many threads or processes as pay; 1: the caller's alone.
    pages : str, optional
        Which pages of each file, such as ``2-5``, ``1,3`` or ``4-``; otherwise all.
    field_type : FieldType or str, optional
        As `read` takes it.

    Yields
    ------
    Result
        One for each page of each file, in their order: its `path` and `page`, and its `reading` or
        else the `error`.

    Raises
    ------
    InkreadError
        At once, if the layout, the model, the pages or the type cannot be used.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    layout, classifier = _layout_of(layout), _classifier_of(model)
    chosen = None if pages is None else PageChoice.of(pages)
    asked = _field_type_of(field_type, classifier)
    return results_of(expand(paths, recursive), classifier, layout, workers, chosen, asked)


def read_form(
    source: str | os.PathLike[str] | bytes | NDArray[Any] | Image,
    template: str | os.PathLike[str] | bytes | Template,
    *,
    model: Model = None,
    name: str | None = None,
    page: int = 1,
) -> FormReading:
    """Read the fields of a form.

    Parameters
    ----------
    source : path, bytes, array or PIL.Image.Image
        A scan or photo of the form, as `read` takes pictures.
    template : path, bytes or Template
        A form template: a file, its bytes, or an opened one.
    model, name, page
        As `read` takes them.

    Returns
    -------
    FormReading
        Its `fields` in the order of the template, and `texts` by their names.

    Raises
    ------
    InkreadError
        If something is wrong with the picture, the template or the model, or the picture does not
        show the form: then nothing is read.
    """
    from inkread.core.batch.form_results import load_template
    from inkread.core.forms.read_form import read_form as read_fields
    from inkread.core.forms.template_json import decode_template

    match template:
        case bytes():
            template = decode_template(template, "<bytes>")
        case str() | os.PathLike():
            template = load_template(os.fsdecode(template))
    classifier = _classifier_of(model)
    if name is None or isinstance(source, str | os.PathLike):
        name = _name_of(source)
    with unforeseen_reported(name):
        content = _content_of(source, name, page)
        if not isinstance(content, Page):
            raise NoForm(name=name)
        return read_fields(content, template, classifier, name)


def _layout_of(layout: Layout | str) -> Layout:
    try:
        return Layout(layout)
    except ValueError as error:
        raise LayoutUnknown(name=layout, known=", ".join(Layout)) from error


def _field_type_of(field_type: FieldType | str | None, classifier: Classifier) -> FieldType | None:
    """The type, if all of it can be read."""
    if isinstance(field_type, str):
        field_type = FieldType.parse(field_type)
    if field_type is not None:
        field_type.check_readable(labels_of(classifier))
    return field_type


def _name_of(source: object) -> str:
    if isinstance(source, str | os.PathLike):
        return os.fsdecode(source)
    return f"<{type(source).__name__}>"


def _content_of(source: object, name: str, page: int) -> Content:
    match source:
        case str() | os.PathLike():
            return _page_of(read_file(name, MAX_FILE_BYTES), name, page)
        case bytes() | bytearray() | memoryview():
            return _page_of(bytes(source), name, page)
    if page != 1:
        raise PageMissing(name=name, pages=page, count=1)
    match source:
        case Ink():
            return (Drawing(None, _checked(source, name)),)
        case np.ndarray():
            return page_of_array(source, name)
    from PIL.Image import Image  # only here: the window starts without Pillow

    if isinstance(source, Image):
        return page_of_image(source, name)
    raise InputUnusable(name=name)


def _page_of(data: bytes, name: str, number: int) -> Content:
    if number == 1:
        return open_bytes(data, name)
    if number < 1:
        raise PagesUnknown(name=number)
    with closing(parts_of(data, name, PageChoice(str(number), ((number, number),)))) as parts:
        part = next(parts)
        content = part.open()
    note = f"Page {number} of {part.count} is read."
    return replace(content, notes=(*content.notes, note)) if isinstance(content, Page) else content


def _checked(ink: Ink, name: str) -> Ink:
    """The same ink, if somebody else's strokes keep to the range of ink."""
    try:
        strokes = [Stroke.of(each.points, each.width, each.pressures) for each in ink.strokes]
    except (ValueError, TypeError, AttributeError) as error:
        raise InkUnusable(name=name, reason=str(error)) from error
    return Ink(tuple(strokes))


def _classifier_of(model: Model) -> Classifier:
    if model is not None and not isinstance(model, str | os.PathLike | bytes):
        if not hasattr(model, "probabilities"):
            raise ModelUnusable(name=_name_of(model), reason="it is neither a file nor its bytes")
        return model
    with _LOCKS.setdefault(os.getpid(), threading.Lock()):
        return with_lines(_opened(model))


def _opened(model: str | os.PathLike[str] | bytes | None) -> OnnxClassifier:
    if model is None:
        return _shipped()
    if model == CURRENT:
        return _current()
    if isinstance(model, bytes):
        return _from_bytes(model, _name_of(model))
    return _from_file(os.fsdecode(model), _version_of(model))


def with_lines(classifier: OnnxClassifier) -> OnnxClassifier:
    """The classifier, with the line network that came with the program beside it."""
    if classifier.lines is None:
        classifier.lines = _lines()
    return classifier


@lru_cache(1)
def _lines() -> LineReader | None:
    """Of this process; None where it cannot be opened, with one warning."""
    from inkread.ml.inference.line_model import open_lines

    try:
        return open_lines(bundled(SHIPPED_LINES))
    except LineModelUnusable as error:
        warnings.warn(str(error), stacklevel=5)
        return None


def _current() -> OnnxClassifier:
    """The model in use on this computer, or else the one before it, with a warning."""
    from inkread.data.models.library import ModelLibrary

    opened = ModelLibrary.of(home()).open_current(_from_bytes)
    for error in opened.passed_over:
        warnings.warn(str(error), stacklevel=5)
    return opened.model


@lru_cache(1)
def _shipped() -> OnnxClassifier:
    from inkread.ml.inference.classifier import OnnxClassifier

    return OnnxClassifier.open(bundled(SHIPPED_MODEL))


@lru_cache(MAX_MODELS)
def _from_bytes(data: bytes, name: str) -> OnnxClassifier:
    return _gate(home()).open(data, name)


@lru_cache(MAX_MODELS)
def _from_file(path: str, _version: tuple[int, ...]) -> OnnxClassifier:
    """The model in a file, opened again when its version has changed."""
    return _gate(home()).open_file(path)


@lru_cache(1)
def _gate(of: Home) -> Gate:
    """Tries models that are not known in a process of their own; what it refused, once."""
    from inkread.data.models.library import ModelLibrary
    from inkread.ml.inference.gate import Gate

    return Gate(ModelLibrary.of(of).tried)


def _version_of(path: str | os.PathLike[str]) -> tuple[int, ...]:
    """Differs after every change of a file; empty if there is none, which opening it reports."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return ()
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size
