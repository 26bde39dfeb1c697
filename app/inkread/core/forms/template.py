"""A form template: where the fields of a form are, and what is printed around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inkread.core.errors import FieldTypeUnknown, TemplateUnusable
from inkread.core.escapes import visible
from inkread.core.field_types.field_type import FieldType
from inkread.core.forms.form_print import FormPrint, form_print, print_boxes
from inkread.core.geometry import Box
from inkread.core.picture.page import Page

#: Fields of a template; chosen: bounds the work, a page of 20 x 25 small cells has as many.
MAX_FIELDS = 500
#: Characters of the name of a field; chosen: a heading of a table.
MAX_NAME = 80
#: Characters of the type of a field; chosen: a list of forty words.
MAX_TYPE = 1000
#: Px, shorter side of a field, at least; chosen: no digit in it can be read.
MIN_SIDE = 8.0
#: Names of the table's own columns, which fields cannot have.
RESERVED = ("file", "page", "error", "notes", "doubtful")


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    Attributes
    ----------
    name : str
        The heading of its column.
    box : Box
        Where it is, px of the file that the template was made on.
    type : str
        What may stand in it, as ``inkread read --type`` takes it; empty: anything.
    """

    name: str
    box: Box
    type: str = ""

    @property
    def field_type(self) -> FieldType | None:
        """What steers its reading; None: anything may stand in it."""
        return FieldType.parse(self.type) if self.type else None


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The fields of a form, and what scans of it are brought into place by.

    Attributes
    ----------
    width, height : float
        Size of the file that it was made on, px.
    digest : str
        Of that file; empty: not known.
    fields : tuple of FormField
        In the order of their columns; at least one, names are unique.
    printed : FormPrint
        What is printed on the form.
    """

    width: float
    height: float
    digest: str
    fields: tuple[FormField, ...]
    printed: FormPrint

    def with_fields(self, fields: Sequence[FormField]) -> Template:
        """The same form with other fields.

        Raises
        ------
        TemplateUnusable
            If they cannot be used, or nothing is printed around them.
        """
        made = checked_fields(fields, self.width, self.height, "template")
        image, size = self.printed.image, (self.width, self.height)
        printed = FormPrint(image, print_boxes([field.box for field in made], size, image))
        _check_print(printed)
        return replace(self, fields=made, printed=printed)


def check_types(template: Template, labels: Sequence[str]) -> None:
    """Check that all that has to stand in the fields can be read.

    Raises
    ------
    LettersUnread
        If letters have to, and the labels of the reader have none.
    """
    for field in template.fields:
        if field.field_type is not None:
            field.field_type.check_readable(labels)


def make_template(page: Page, fields: Sequence[FormField], is_blank: bool = False) -> Template:
    """The template of a form.

    Parameters
    ----------
    page : Page
        A scan of it, flat and upright.
    fields : sequence of FormField
        Px of the page's file.
    is_blank : bool
        Whether nothing is written on it: then what stands in the fields is printed, and is left out
        when they are read.

    Raises
    ------
    TemplateUnusable
        If the fields cannot be used, or nothing is printed around them.
    """
    height, width = (side / page.scale for side in page.grey.shape)
    made = checked_fields(fields, width, height, "template")
    printed = form_print(page.grey, [f.box.scaled(page.scale) for f in made], is_blank)
    _check_print(printed)
    return Template(width, height, page.digest, made, printed)


def _check_print(printed: FormPrint) -> None:
    if printed.is_empty:
        reason = "nothing is printed around the fields that a scan can be found by"
        raise TemplateUnusable(name="template", reason=reason)


def checked_fields(
    fields: Sequence[FormField], width: float, height: float, name: str
) -> tuple[FormField, ...]:
    """The fields, if a template of this size may have them.

    Raises
    ------
    TemplateUnusable
        Else; `name` is what the sentence calls it.
    """
    if not fields:
        raise TemplateUnusable(name=name, reason="it has no field")
    if len(fields) > MAX_FIELDS:
        raise TemplateUnusable(name=name, reason=f"it has more than {MAX_FIELDS} fields")
    taken = set[str]()
    for field in fields:
        wrong = name_problem(field.name, taken) or _place_problem(field, width, height)
        if not wrong and len(field.type) > MAX_TYPE:
            wrong = f"the type of a field has more than {MAX_TYPE} characters"
        wrong = wrong or _type_problem(field)
        if wrong:
            raise TemplateUnusable(name=name, reason=wrong)
        taken.add(field.name.casefold())
    return tuple(fields)


def name_problem(name: str, taken: set[str]) -> str:
    """Why a field cannot have this name; empty: it can.

    Parameters
    ----------
    name : str
        The name.
    taken : set of str
        Those of the other fields, case folded.
    """
    if not name.strip() or name != name.strip():
        return "the name of a field is empty, or has spaces at its ends"
    if len(name) > MAX_NAME:
        return f"the name of a field has more than {MAX_NAME} characters"
    if visible(name) != name:
        return "the name of a field holds hidden characters"
    if name.casefold() in RESERVED:
        return f'no field can have the name "{name}"'
    if name.casefold() in taken:
        return f'two fields have the name "{name}"'
    return ""


def _type_problem(field: FormField) -> str:
    try:
        if field.type:
            FieldType.parse(field.type)
    except FieldTypeUnknown as error:
        return f'the type of the field "{field.name}" is unknown: {error.facts["reason"]}'
    return ""


def _place_problem(field: FormField, width: float, height: float) -> str:
    box = field.box
    if min(box.width, box.height) < MIN_SIDE:
        return f'the field "{field.name}" is smaller than {MIN_SIDE:g} px'
    if box.x < 0 or box.y < 0 or box.right > width + 0.5 or box.bottom > height + 0.5:
        return f'the field "{field.name}" is not on the picture'
    return ""
