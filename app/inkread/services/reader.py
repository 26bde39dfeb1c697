"""The model in use: opened when it is first needed, swapped while the program runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inkread.core.classifier import Classifier
from inkread.core.generators import Steps, finished
from inkread.core.ink import Ink
from inkread.core.layout import Layout
from inkread.core.reading import Reading
from inkread.core.recognition.recognise import read_ink
from inkread.services.background.tasks import Lazy

if TYPE_CHECKING:
    from inkread.core.picture.page import Page


def open_model(path: Path) -> Classifier:
    """Open the network in a file."""
    # Imported by the worker that needs it: the window must not wait for onnxruntime.
    from inkread.ml.inference.classifier import OnnxClassifier

    return OnnxClassifier.open(path)


class Reader:
    """Reads with a classifier that is opened at its first use, in the thread that uses it.

    The first classifier comes from a file or from a function.
    """

    def __init__(
        self,
        model: Path | Callable[[], Classifier],
        open_model: Callable[[Path], Classifier] = open_model,
    ) -> None:
        self._open = open_model
        self._classifier = Lazy(partial(open_model, model) if isinstance(model, Path) else model)

    def classifier(self) -> Classifier:
        return self._classifier.get()

    def use(self, model: Path, name: str = "") -> Classifier:
        """Open another model under the name that a person gave it; empty: its own.

        If that fails, the old one stays in use.
        """
        classifier = self._open(model)
        rename = getattr(classifier, "rename", None)  # not every classifier has a name
        if name and rename is not None:
            rename(name)
        self._classifier.set(classifier)
        return classifier

    def read_ink(self, ink: Ink, layout: Layout = Layout.AUTO) -> Reading:
        return read_ink(ink, self._classifier.get(), layout)

    def read_page(self, page: Page, layout: Layout = Layout.AUTO) -> Reading:
        return finished(self.reading_page(page, layout))

    def reading_page(self, page: Page, layout: Layout = Layout.AUTO) -> Steps[Reading]:
        """As `read_page`, but can be cancelled."""
        # Imported by the worker: the stages of pages cost the start of the window 40 ms.
        from inkread.core.recognition.read_page import reading_page

        return reading_page(page, self._classifier.get(), layout)
