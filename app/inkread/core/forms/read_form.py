"""A page and a form template in, the readings of its fields out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.errors import QT_TRANSLATE_NOOP, FormNotFound
from inkread.core.field_types.field_type import FieldType
from inkread.core.forms.field_picture import FieldPicture, field_picture
from inkread.core.forms.form_print import FormPrint
from inkread.core.forms.register import Registration, registrations
from inkread.core.forms.template import FormField, Template, check_types
from inkread.core.generators import Steps, finished
from inkread.core.geometry import Box, bounds, mapped
from inkread.core.layout import Layout
from inkread.core.page.pipeline import cleaning
from inkread.core.picture.page import Page
from inkread.core.quantiles import median
from inkread.core.reading import Glyph, Grey, Reading, cell_text, rounded
from inkread.core.recognition.recognise import Recogniser, labels_of
from inkread.core.segmentation.page_primitives import PagePrimitives

OUTSIDE = QT_TRANSLATE_NOOP("notes", "Part of the field is not on the picture.")
DIFFERENT = QT_TRANSLATE_NOOP("notes", "The form looks different around the field.")
ELSEWHERE = QT_TRANSLATE_NOOP(
    "notes", "Much of the form was not found: the field may be at another place."
)
CROSSED = QT_TRANSLATE_NOOP("notes", "Something reaches into the field from outside.")
TURNED = QT_TRANSLATE_NOOP(
    "notes", "The form looks alike turned around: which way up it lies is a guess."
)
SEVERAL = QT_TRANSLATE_NOOP("notes", "Several lines are written in the field.")


@dataclass(frozen=True, slots=True)
class Params:
    """When a form is found."""

    #: Share of the print that is there at least; measured by tests.benchmarks.forms: flat and bent
    #: scans and photos of the form have 0.97 and more, other forms at most 0.6.
    found: float = 0.65
    #: The same around a field, below which it is doubtful; chosen: half of the print is elsewhere.
    near: float = 0.5
    #: The same of the lines of a field, below which it is doubtful; measured by
    #: tests.benchmarks.forms: 99 % of fields in place have 0.99 and more, all of them 0.91.
    placed: float = 0.9
    #: Share of all print below which each field is doubtful; measured by tests.benchmarks.forms:
    #: scans of the form have 0.97 and more, of other versions of it 0.6 to 0.9.
    sure: float = 0.8
    #: By how much the mean probability of its digits must be better one way round; chosen: digits
    #: upside down lose as much, two or three lines of them at least.
    plainly: float = 0.1
    #: Grey of a page at most that may be light on dark; chosen: paper is brighter.
    dark: float = 128.0


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class FieldReading:
    """What was read in a field.

    Attributes
    ----------
    name : str
        Of the field.
    glyphs : tuple of Glyph
        In reading order, boxes in px of the file; empty: nothing is written.
    corners : four pairs of float
        Of the field on the scan, px of the file, clockwise from its upper left.
    notes : tuple of str
        What speaks against the reading, a sentence each; then it is doubtful.
    typed : str or None
        The text that a person typed instead.
    """

    name: str
    glyphs: tuple[Glyph, ...]
    corners: tuple[tuple[float, float], ...]
    notes: tuple[str, ...] = ()
    typed: str | None = None

    @property
    def text(self) -> str:
        """Lines are joined by a newline; empty: nothing is written."""
        return cell_text(self.glyphs) if self.typed is None else self.typed

    @property
    def probability(self) -> float | None:
        """Of its least certain glyph; None: nothing is written."""
        if self.typed is not None:
            return 1.0
        return min((glyph.probability for glyph in self.glyphs), default=None)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should check it."""
        if self.typed is not None:
            return False
        return bool(self.notes) or any(glyph.is_doubtful for glyph in self.glyphs)

    @property
    def box(self) -> Box:
        """The upright box around it, px of the file."""
        return bounds(np.array(self.corners, np.float32))

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it: ``text``, ``probability``, ``doubtful``, ``box``, ``notes``."""
        box, least = self.box, self.probability
        return {
            "text": self.text,
            "probability": None if least is None else rounded(least),
            "doubtful": self.is_doubtful,
            "box": [round(side, 2) for side in (box.x, box.y, box.width, box.height)],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, eq=False)
class FormReading:
    """What was read of a form.

    Attributes
    ----------
    fields : tuple of FieldReading
        In the order of the template.
    fit : float
        Share of the form's print that was found, 0 to 1.
    notes : tuple of str
        What was turned or left out: sentences for a person.
    """

    fields: tuple[FieldReading, ...]
    fit: float
    notes: tuple[str, ...] = ()

    @property
    def doubtful(self) -> tuple[FieldReading, ...]:
        """The fields that a person should check."""
        return tuple(field for field in self.fields if field.is_doubtful)

    def typed_as(self, name: str, text: str | None) -> FormReading:
        """The reading with a text that a person typed for a field; None: as it was read."""
        fields = (replace(f, typed=text) if f.name == name else f for f in self.fields)
        return replace(self, fields=tuple(fields))

    @property
    def texts(self) -> dict[str, str]:
        """The text of each field, by its name."""
        return {field.name: field.text for field in self.fields}

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it: ``fit``, ``notes`` and ``fields`` by name, see `FieldReading`."""
        return {
            "fit": rounded(self.fit),
            "notes": list(self.notes),
            "fields": {field.name: field.to_dict() for field in self.fields},
        }


def read_form(page: Page, template: Template, classifier: Classifier, name: str) -> FormReading:
    """Read the fields of a form: `reading_form` in one go."""
    return finished(reading_form(page, template, classifier, name))


def reading_form(
    page: Page, template: Template, classifier: Classifier, name: str
) -> Steps[FormReading]:
    """Read the fields of a form; can be cancelled between its fields.

    Parameters
    ----------
    page : Page
        A scan or photo of the form.
    template : Template
        Where its fields are.
    classifier : Classifier
        Classifies the glyphs.
    name : str
        What errors call the page.

    Raises
    ------
    FormNotFound
        If the page does not show this form.
    LettersUnread
        If letters have to stand in a field, and no letters are read.
    """
    check_types(template, labels_of(classifier))
    yield
    grey, places = _places(template.printed, page.grey, name)
    tried = list[FormReading]()
    for place in places:
        yield
        fields = yield from _fields(grey, place, template, classifier, page.scale)
        tried.append(FormReading(fields, place.fit.share, page.notes))
    return _upright(tried)


def _places(printed: FormPrint, grey: Grey, name: str) -> tuple[Grey, tuple[Registration, ...]]:
    """The page, dark on light, and where the form may be on it."""
    places = registrations(printed, grey)
    share = _share(places)
    if share < PARAMS.found and median(grey[::4, ::4]) < PARAMS.dark:
        inverse = np.asarray(cv2.bitwise_not(grey), np.uint8)
        others = registrations(printed, inverse)
        if _share(others) > share:
            grey, places, share = inverse, others, _share(others)
    if share < PARAMS.found:
        raise FormNotFound(name=name, share=round(100 * share))
    return grey, places


def _share(places: Sequence[Registration]) -> float:
    return places[0].fit.share if places else 0.0


def _fields(
    grey: Grey, found: Registration, template: Template, classifier: Classifier, scale: float
) -> Steps[tuple[FieldReading, ...]]:
    """Read the fields of a form at one place."""
    read = list[FieldReading]()
    for field, box in zip(template.fields, template.printed.boxes, strict=True):
        picture = field_picture(grey, found, template.printed, box)
        reading = Reading()
        if picture.image is not None:
            reading = yield from _reading(picture.image, field.field_type, classifier)
        notes = _notes(found, picture, box, reading)
        read.append(_field_reading(field, picture, reading, notes, scale))
        yield
    return tuple(read)


def _upright(tried: list[FormReading]) -> FormReading:
    """The reading of a form that looks alike turned: the way round in which it reads best."""
    if len(tried) == 1:
        return tried[0]
    merits = [_merit(reading) for reading in tried]
    best = max(range(len(tried)), key=merits.__getitem__)
    others = merits[:best] + merits[best + 1 :]
    if merits[best] >= max(others) + PARAMS.plainly:
        return tried[best]
    guessed = (
        replace(field, notes=(*field.notes, TURNED)) if field.glyphs else field
        for field in tried[best].fields
    )
    return replace(tried[best], fields=tuple(guessed))


def _merit(reading: FormReading) -> float:
    """How sure the digits of a form are, 0 to 1."""
    glyphs = [glyph for field in reading.fields for glyph in field.glyphs]
    sure = [0.0 if glyph.rejected else glyph.probability for glyph in glyphs]
    return sum(sure) / len(sure) if sure else 0.0


def _reading(image: Grey, field_type: FieldType | None, classifier: Classifier) -> Steps[Reading]:
    """The line that is written in a field."""
    colour = np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), np.uint8)
    # The form is upright already, and no sheet of its own.
    state = yield from cleaning(Page(colour, image), rectify=False)
    recogniser = Recogniser(classifier, Layout.LINE, False, field_type)
    primitives = PagePrimitives.of(state, recogniser.with_stages)
    return (yield from recogniser.reading(primitives, None, state.is_partial))


def _notes(
    found: Registration, picture: FieldPicture, box: Box, reading: Reading
) -> tuple[str, ...]:
    """What speaks against the reading of a field."""
    notes = list(reading.notes)
    if picture.is_outside:
        notes.append(OUTSIDE)
    if found.fit.share < PARAMS.sure:
        notes.append(ELSEWHERE)
    elif found.fit.near(box) < PARAMS.near or picture.placed < PARAMS.placed:
        notes.append(DIFFERENT)
    if picture.is_crossed:
        notes.append(CROSSED)
    if len(reading.lines) > 1:
        notes.append(SEVERAL)
    return tuple(notes)


def _field_reading(
    field: FormField,
    picture: FieldPicture,
    reading: Reading,
    notes: tuple[str, ...],
    scale: float,
) -> FieldReading:
    to_file = np.diag([1 / scale, 1 / scale, 1.0]) @ picture.to_page
    boxes = mapped(np.asarray(to_file, np.float64), [glyph.box for glyph in reading.glyphs])
    glyphs = (replace(g, box=box) for g, box in zip(reading.glyphs, boxes, strict=True))
    corners = tuple((float(x), float(y)) for x, y in picture.corners / scale)
    return FieldReading(field.name, tuple(glyphs), corners, notes)
