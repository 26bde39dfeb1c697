"""The model in use: opened when it is first needed, swapped while the program runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inkread.core.classifier import Classifier
from inkread.core.field_types.field_type import FieldType
from inkread.core.generators import Steps, finished
from inkread.core.ink import Ink
from inkread.core.layout import Layout
from inkread.core.reading import Reading
from inkread.core.recognition.recognise import read_ink
from inkread.services.background.tasks import Lazy

if TYPE_CHECKING:
    from inkread.core.picture.page import Page


class Reader:
    """Reads with a classifier that is opened at its first use, in the thread that uses it."""

    def __init__(self, open_first: Callable[[], Classifier]) -> None:
        self._classifier = Lazy(open_first)

    def classifier(self) -> Classifier:
        return self._classifier.get()

    def use(self, open_other: Callable[[], Classifier]) -> Classifier:
        """Open another model; if that fails, the old one stays in use."""
        classifier = open_other()
        self._classifier.set(classifier)
        return classifier

    def read_ink(
        self, ink: Ink, layout: Layout = Layout.AUTO, field_type: FieldType | None = None
    ) -> Reading:
        return read_ink(ink, self._classifier.get(), layout, field_type=field_type)

    def read_page(
        self, page: Page, layout: Layout = Layout.AUTO, field_type: FieldType | None = None
    ) -> Reading:
        return finished(self.reading_page(page, layout, field_type))

    def reading_page(
        self, page: Page, layout: Layout = Layout.AUTO, field_type: FieldType | None = None
    ) -> Steps[Reading]:
        """As `read_page`, but can be cancelled."""
        # Imported by the worker: the stages of pages cost the start of the window 40 ms.
        from inkread.core.recognition.read_page import reading_page

        return reading_page(page, self._classifier.get(), layout, field_type=field_type)
