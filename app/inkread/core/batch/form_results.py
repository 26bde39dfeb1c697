"""Many scans of one form -> one table: a row for each page, a column for each field."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from inkread.core.batch.page_choice import PageChoice
from inkread.core.batch.read_files import Part, parts_of, read_source, unforeseen_reported
from inkread.core.batch.read_many import read_many
from inkread.core.batch.result_formats import csv_line
from inkread.core.batch.sources import Source, expand
from inkread.core.classifier import Classifier
from inkread.core.encoding import decoded
from inkread.core.errors import FolderEmpty, InkreadError, NoForm
from inkread.core.escapes import json_escaped
from inkread.core.files import read_file
from inkread.core.forms.read_form import FormReading, read_form
from inkread.core.forms.template import Template
from inkread.core.forms.template_json import MAX_BYTES, decode_template
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, page_title
from inkread.core.reading import rounded

#: The columns before those of the fields, and after them.
FIRST_COLUMNS = ("file", "page")
LAST_COLUMNS = ("doubtful", "notes", "error", "fit")


@dataclass(frozen=True, slots=True)
class FormResult:
    """The result for one page of a file, or for a file.

    Attributes
    ----------
    path : str
        The file.
    reading : FormReading or None
        None if there is an error.
    error : InkreadError or None
        Why there is no reading: also that it is another form.
    page : int or None
        Which page, from 1 on; None: the file could not be opened.
    pages : int
        How many the file has.
    is_last : bool
        Whether it is the last result for the file.
    """

    path: str
    reading: FormReading | None = None
    error: InkreadError | None = None
    page: int | None = None
    pages: int = 1
    is_last: bool = True

    @property
    def title(self) -> str:
        """The path, with the page if there are several."""
        return self.path if self.page is None else page_title(self.path, self.page, self.pages)

    @property
    def notes(self) -> tuple[str, ...]:
        """Those on the page, and those on its fields with their names."""
        if self.reading is None:
            return ()
        of_fields = (f"{f.name}: {note}" for f in self.reading.doubtful for note in f.notes)
        return (*self.reading.notes, *of_fields)


def load_template(path: str) -> Template:
    """The template in a file.

    Raises
    ------
    InkreadError
        If it cannot be read, or is none.
    """
    return decode_template(read_file(path, MAX_BYTES), path)


def form_results_of(
    sources: Sequence[Source],
    template: Template,
    classifier: Classifier,
    workers: int = 0,
    chosen: PageChoice | None = None,
) -> Generator[FormResult, None, None]:
    """Read the forms in files, on all cores; one result for each page, in their order."""
    if len(sources) == 1:
        load = partial(read_source, sources[0])
        yield from each_form(load, sources[0].name, template, classifier, chosen)
        return
    read = partial(file_forms, template=template, chosen=chosen)
    for results in read_many(sources, read, classifier, Layout.LINE, workers):
        yield from results


def file_forms(
    source: Source,
    classifier: Classifier,
    layout: Layout = Layout.LINE,  # noqa: ARG001 - fields are lines
    *,
    template: Template,
    chosen: PageChoice | None = None,
) -> list[FormResult]:
    """Read the forms in one file."""
    load = partial(read_source, source)
    return list(each_form(load, source.name, template, classifier, chosen))


def each_form(
    load: Callable[[], bytes],
    name: str,
    template: Template,
    classifier: Classifier,
    chosen: PageChoice | None = None,
) -> Generator[FormResult, None, None]:
    """Read the forms on the pages of the file that `load` returns, when they are asked for.

    Whatever is wrong with the file, or one of its pages, is part of a result.
    """
    try:
        with unforeseen_reported(name), closing(parts_of(load(), name, chosen)) as parts:
            for part in parts:
                yield form_result(part, name, template, classifier)
    except InkreadError as error:
        yield FormResult(name, error=error)


def form_result(part: Part, name: str, template: Template, classifier: Classifier) -> FormResult:
    """Read the form on one page."""
    result = FormResult(name, page=part.number, pages=part.count, is_last=part.is_last)
    try:
        with unforeseen_reported(result.title):
            content = part.open()
            if not isinstance(content, Page):
                raise NoForm(name=result.title)
            reading = read_form(content, template, classifier, result.title)
    except InkreadError as error:
        return replace(result, error=error)
    return replace(result, reading=reading)


def columns_of(template: Template) -> tuple[str, ...]:
    """The headings of the table."""
    return (*FIRST_COLUMNS, *(field.name for field in template.fields), *LAST_COLUMNS)


def form_csv_row(result: FormResult, template: Template, raw: bool = False) -> bytes:
    """A row of CSV, as `columns_of`; `raw` as for `csv_line`."""
    reading = result.reading
    texts = reading.texts if reading else {}
    fields = [texts.get(field.name, "") for field in template.fields]
    doubtful = "; ".join(field.name for field in reading.doubtful) if reading else ""
    error = "" if result.error is None else str(result.error)
    fit = rounded(reading.fit) if reading else ""
    row = (result.path, result.page or "", *fields, doubtful, " ".join(result.notes), error, fit)
    return csv_line(*row, raw=raw)


def form_json_row(result: FormResult) -> bytes:
    """An object on a line."""
    content = result.reading.to_dict() if result.reading else {"fit": None, "fields": {}}
    row = {
        "file": decoded(result.path),
        "page": result.page,
        **content,
        "notes": list(result.notes),
        "error": None if result.error is None else decoded(str(result.error)),
    }
    return b"\n" + json_escaped(json.dumps(row, ensure_ascii=False)).encode()


@dataclass(frozen=True, slots=True, eq=False)
class FormsProgress:
    """`done` of `total` files are read; `results` are those since the last report."""

    done: int
    total: int
    results: tuple[FormResult, ...] = ()


def read_forms(
    folder: str, template: Template, classifier: Classifier, workers: int = 0
) -> Generator[FormsProgress, None, None]:
    """Read the forms in a folder and its subfolders, on all cores; the first report has none.

    Raises
    ------
    FolderEmpty
        If it holds no picture.
    """
    sources = expand([folder], recursive=True)
    if isinstance(sources[0].error, FolderEmpty):
        raise sources[0].error
    yield FormsProgress(0, len(sources))
    done = 0
    for result in form_results_of(sources, template, classifier, workers):
        done += result.is_last
        yield FormsProgress(done, len(sources), (result,))


def forms_csv(results: Sequence[FormResult], template: Template) -> bytes:
    """A table of CSV with its headings."""
    rows = (form_csv_row(result, template) for result in results)
    return b"".join((csv_line(*columns_of(template)), *rows))
