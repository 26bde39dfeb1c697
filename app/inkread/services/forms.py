"""Makes form templates for the window, tries them, and reads folders of forms."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.services.background.single_run import SingleRun
from inkread.services.background.tasks import Executor, Task, in_one_step
from inkread.services.reader import Reader

if TYPE_CHECKING:
    from inkread.core.batch.form_results import FormResult, FormsProgress
    from inkread.core.forms.template import FormField, Template
    from inkread.core.generators import Steps
    from inkread.core.picture.page import Page


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A template that is being made.

    Attributes
    ----------
    source : Page or Template
        The picture that it is made on, or the template that is changed.
    fields : tuple of FormField
        As they are now.
    is_blank : bool
        Whether nothing is written on the picture.
    """

    source: Page | Template
    fields: tuple[FormField, ...]
    is_blank: bool = False

    def template(self) -> Template:
        """The template; raises `TemplateUnusable`."""
        from inkread.core.forms.template import Template, make_template

        if isinstance(self.source, Template):
            return self.source.with_fields(self.fields)
        return make_template(self.source, self.fields, self.is_blank)


class Forms(QObject):
    """What is done with a template, each off the GUI thread.

    Signals
    -------
    loaded(Template), saved(name), proposed(fields), tried(FormReading)
        The end of each.
    failed(error)
        Or what was wrong.
    """

    loaded = Signal(object)
    saved = Signal(object)
    proposed = Signal(object)
    tried = Signal(object)
    failed = Signal(object)

    def __init__(self, reader: Reader, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._executor = executor

    def load(self, path: Path) -> None:
        def work() -> Template:
            from inkread.core.batch.form_results import load_template

            return load_template(str(path))

        self._do(work, self.loaded.emit)

    def save(self, path: Path, draft: Draft) -> None:
        def work() -> str:
            from inkread.core.files import write_file
            from inkread.core.forms.template_json import encode_template

            write_file(path, encode_template(draft.template()))
            return path.name

        self._do(work, self.saved.emit)

    def propose(self, page: Page) -> None:
        def work() -> tuple[FormField, ...]:
            from inkread.core.forms.propose import proposed_fields

            return proposed_fields(page)

        self._do(work, self.proposed.emit)

    def try_on(self, page: Page, draft: Draft, name: str) -> None:
        """Read a page as a form."""

        def work() -> Steps[object]:
            from inkread.core.forms.read_form import reading_form

            return reading_form(page, draft.template(), self._reader.classifier(), name)

        task = Task(work, self._executor)
        task.succeeded.connect(self.tried.emit)
        task.failed.connect(self.failed.emit)
        task.start()

    def _do(self, work: Callable[[], object], then: Callable[[object], object]) -> None:
        task = Task(in_one_step(work), self._executor)
        task.succeeded.connect(then)
        task.failed.connect(self.failed.emit)
        task.start()


class FormsReading(SingleRun):
    """Reads one folder of forms at a time.

    Signals
    -------
    progressed(FormsProgress)
        With new results, repeatedly.
    finished(), failed(error), stopped()
        The end: exactly one of them.
    exported(str), export_failed(error)
        A table was written to the file of that name, or not.
    """

    progressed = Signal(object)
    finished = Signal()
    exported = Signal(object)
    export_failed = Signal(object)

    def __init__(self, reader: Reader, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(executor, parent)
        self._reader = reader

    def start(self, folder: Path, draft: Draft) -> None:
        """Read a folder and its subfolders; a running read is stopped."""
        self.stop()
        self._begin(partial(self._work, folder, draft), self.progressed)

    def export(self, path: Path, results: Sequence[FormResult], draft: Draft) -> None:
        """Write a table as CSV or XLSX, by the suffix of its name, whole or not at all."""

        def write() -> str:
            from inkread.core.batch.form_results import forms_csv
            from inkread.core.batch.form_workbook import form_workbook
            from inkread.core.files import write_file

            template, rows = draft.template(), list(results)
            is_book = path.suffix.lower() == ".xlsx"
            write_file(path, (form_workbook if is_book else forms_csv)(rows, template))
            return path.name

        task = Task(in_one_step(write), self._executor)
        task.succeeded.connect(self.exported)
        task.failed.connect(self.export_failed)
        task.start()

    def _work(self, folder: Path, draft: Draft) -> Generator[FormsProgress, None, None]:
        from inkread.core.batch.form_results import read_forms

        yield from read_forms(str(folder), draft.template(), self._reader.classifier())

    def _finish(self, _: None) -> None:
        self.finished.emit()
