"""Reads ink and pictures off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.classifier import Classifier
from inkread.core.field_types.field_type import FieldType
from inkread.core.ink import Ink
from inkread.core.layout import Layout
from inkread.core.reading import Reading
from inkread.services.background.tasks import Executor, Latest, Task
from inkread.services.page_traces import PageTraces
from inkread.services.reader import Reader
from inkread.services.reread import Rereading

if TYPE_CHECKING:
    from inkread.core.inkml import Drawing
    from inkread.core.picture.page import Page

Opened = Generator["Page | None", None, "Reading | tuple[tuple[Drawing, ...], str]"]


class Recognition(QObject):
    """Reads the last ink or picture it was given; all work is done by workers.

    An opened picture is emitted as `page_opened`, then its reading as `reading_changed`; opened ink
    is emitted as `drawings_opened`, with the digest of its file, and read only on request.
    """

    reading_changed = Signal(object)
    page_opened = Signal(object)
    drawings_opened = Signal(object, str)
    model_changed = Signal(object)
    failed = Signal(object)
    #: The shown ink or picture could not be read; the error is emitted as `failed` too.
    unread = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, reader: Reader, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._executor = executor
        #: Re-reads what a person marks in the shown ink or picture.
        self.rereading = Rereading(reader, executor, self)
        self.rereading.failed.connect(self.failed)
        #: Shows what the stages do to a page.
        self.traces = PageTraces(executor, self)
        self.traces.failed.connect(self.failed)
        self._latest = Latest(executor, self)
        self._latest.answered.connect(self.reading_changed)
        self._latest.failed.connect(self._on_unread)
        self._opening: Task | None = None
        self._source: tuple[Callable[[], bytes | Page], str, int] | None = None
        #: Whether what is opened was made of the page that is shown.
        self._is_part = False
        #: What the shown page was loaded by, to open another page of it.
        self._document: tuple[Callable[[], bytes | Page], str] | None = None
        self._shown: Ink | Page | None = None
        self._layout = Layout.AUTO
        self._field_type: FieldType | None = None
        self._has_model = False
        self._page_is_new = False

    @property
    def is_busy(self) -> bool:
        """Whether a file is being opened or its picture read."""
        return self._opening is not None

    def warm_up(self) -> None:
        """Open the model before the first reading, then import what opening files needs."""
        self._adopt(self._reader.classifier)

    def set_model(self, open_model: Callable[[], Classifier]) -> None:
        """Use another model from now on, and read again what is shown; a worker opens it."""
        self._adopt(partial(self._reader.use, open_model))

    def set_layout(self, layout: Layout) -> None:
        """Read as one digit, a line or lines from now on, and read again what is shown."""
        if layout is self._layout:
            return
        self._layout = layout
        self._read_otherwise()

    def set_field_type(self, field_type: FieldType | None) -> None:
        """Look for such texts in each line from now on, and read again what is shown."""
        if field_type != self._field_type:
            self._field_type = field_type
            self._read_otherwise()

    def _read_otherwise(self) -> None:
        if not (self.is_busy and self._page_is_new):
            self._read_again()
        if self.is_busy and self._source is not None:
            self.open_from(*self._source)  # the running worker has the old way to read

    def read_ink(self, ink: Ink) -> None:
        """Read ink; it replaces a shown picture."""
        if not isinstance(self._shown, Ink | None):
            self.cancel()
        self._shown = ink
        if ink.is_empty:
            self._latest.forget()
            self.reading_changed.emit(Reading())
        else:
            self._latest.request(
                partial(self._reader.read_ink, ink, self._layout, self._field_type)
            )

    def read_page(self, page: Page) -> None:
        """Read a picture that is already decoded."""
        self._show_page(page)
        self._latest.request(partial(self._reader.read_page, page, self._layout, self._field_type))

    def open_file(self, path: Path, index: int = 0) -> None:
        """Open a page of a picture or PDF, or an InkML file."""
        self.open_from(partial(_read_file, path), str(path), index)

    def turn_to(self, index: int) -> None:
        """Open another page of the file that is shown, from 0 on."""
        if self._document is not None:
            self.open_from(*self._document, index)

    def open_bytes(self, data: bytes, name: str) -> None:
        """Open the bytes of a picture or InkML file; `name` is what errors call it."""
        self.open_from(lambda: data, name)

    def open_part(self, page: Page, name: str) -> None:
        """Open a page that was made of the shown one; other pages of its file stay at hand."""
        self.open_from(lambda: page, name)
        self._is_part = True

    def open_from(self, load: Callable[[], bytes | Page], name: str, index: int = 0) -> None:
        """Open a page of the file, or the page, that `load` returns; a worker calls it."""
        self.cancel()
        self._is_part = False
        self._source = (load, name, index)
        how = self._layout, self._field_type
        task = Task(partial(self._open, load, name, index, *how), self._executor)
        task.progressed.connect(self._on_page)
        task.succeeded.connect(self._on_opened)
        task.failed.connect(self._on_opening_failed)
        task.finished.connect(self._on_finished)
        self._opening = task
        self._page_is_new = False
        self.busy_changed.emit(True)
        task.start()

    def cancel(self) -> None:
        """Stop opening a file, if one is being opened."""
        if self._opening is not None:
            self._opening.cancel()
            self._opening.blockSignals(True)
            self._opening = self._source = None
            self.busy_changed.emit(False)

    def _open(
        self,
        load: Callable[[], bytes | Page],
        name: str,
        index: int,
        layout: Layout,
        field_type: FieldType | None,
    ) -> Opened:
        from inkread.core.inkml.ink_files import is_ink, read_ink_file
        from inkread.core.picture.page import Pages, digest_of

        loaded = load()
        if isinstance(loaded, bytes) and is_ink(loaded):
            return read_ink_file(loaded, name), digest_of(loaded)
        if isinstance(loaded, bytes):
            with Pages(loaded, name) as pages:
                page = pages.page(min(index, pages.count - 1))
        else:
            page = loaded
        yield page
        return (yield from self._reader.reading_page(page, layout, field_type))

    def _show_page(self, page: Page) -> None:
        self._shown = page
        self._latest.forget()

    def _on_page(self, page: Page) -> None:
        self._page_is_new = True
        if not self._is_part:
            self._document = self._source and self._source[:2]
        self._show_page(page)
        self.page_opened.emit(page)

    def _on_opened(self, result: Reading | tuple[tuple[Drawing, ...], str]) -> None:
        if isinstance(result, Reading):
            self.reading_changed.emit(result)
        else:
            self.drawings_opened.emit(*result)

    def _on_opening_failed(self, error: BaseException) -> None:
        """Either the file is no picture, or its page is shown already."""
        if self._page_is_new:
            self._on_unread(error)
        else:
            self.failed.emit(error)

    def _on_adopting_failed(self, error: BaseException) -> None:
        if self._has_model:
            self.failed.emit(error)
        else:
            self._on_unread(error)

    def _on_unread(self, error: BaseException) -> None:
        self.unread.emit(error)
        self.failed.emit(error)

    def _on_finished(self) -> None:
        self._opening = self._source = None
        self.busy_changed.emit(False)

    def _adopt(self, find: Callable[[], Classifier]) -> None:
        def work() -> Generator[Classifier, None, None]:
            yield find()
            _load_decoders()

        task = Task(work, self._executor)
        task.progressed.connect(self._on_model)
        task.failed.connect(self._on_adopting_failed)
        task.start()

    def _on_model(self, classifier: Classifier) -> None:
        self._has_model = True
        self.model_changed.emit(classifier)
        if isinstance(self._shown, Ink) or not self.is_busy:
            self._latest.forget()  # results of the old model are stale
            self._read_again()

    def _read_again(self) -> None:
        if isinstance(self._shown, Ink):
            self.read_ink(self._shown)
        elif self._shown is not None:
            self.read_page(self._shown)


def _load_decoders() -> None:
    """Import what opening a file needs; done with the first file, it would stall the window."""
    import inkread.core.inkml.ink_files
    import inkread.core.picture.decode
    import inkread.core.recognition.read_page  # noqa: F401


def _read_file(path: Path) -> bytes:
    from inkread.core.files import MAX_FILE_BYTES, read_file

    return read_file(path, MAX_FILE_BYTES)
