"""About the program, and about the model in use."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from inkread import __version__
from inkread.core.escapes import MAX_TEXT
from inkread.ui.models.facts import figure_name, figure_value
from inkread.ui.widgets.layouts import fill
from inkread.ui.widgets.plain_text import shown
from inkread.ui.widgets.retranslated import Retranslated
from inkread.ui.widgets.versions import versions

if TYPE_CHECKING:
    from inkread.core.classifier import Classifier

_LICENCES = {
    "PySide6-Essentials": "LGPL-3.0",
    "numpy": "BSD-3-Clause",
    "onnxruntime": "MIT",
    "opencv-python-headless": "Apache-2.0",
    "pillow": "MIT-CMU",
}

#: In a line.
_LETTERS = 60


class _TextDialog(Retranslated, QDialog):
    """Text to be read, and perhaps copied."""

    def __init__(self, name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.text = QLabel(wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setOpenExternalLinks(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.text.setMinimumWidth(_LETTERS * self.fontMetrics().averageCharWidth())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        fill(layout, self.text, buttons)
        self.finished.connect(self.deleteLater)


class AboutDialog(_TextDialog):
    """Version, promise, licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("about", parent)
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("About Inkread"))
        promise = self.tr(
            "Everything stays on this machine: what you draw or open is read here, and nothing "
            "is sent anywhere."
        )
        licence = self.tr("Inkread is free software under the MIT licence. It stands on:")
        known = versions()
        rows = {f"{part} {known[part]}": name for part, name in _LICENCES.items()}
        self.text.setText(
            f"<h2>Inkread {escape(__version__)}</h2><p>{escape(promise)}</p>"
            f"<p>{escape(licence)}</p>{table(rows)}"
        )


class ModelDialog(_TextDialog):
    """The description that the model carries with it."""

    def __init__(self, classifier: Classifier, parent: QWidget | None = None) -> None:
        super().__init__("about_model", parent)
        self._classifier = classifier
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("About the model"))
        info: Any = getattr(self._classifier, "info", None)
        rows = {self.tr("Reads"): " ".join(self._classifier.labels)}
        if info is not None:
            rows |= {
                self.tr("Trained on"): ", ".join(info.data),
                self.tr("Made from"): ", ".join(info.parents),
                self.tr("Licence"): info.licence,
                **{
                    _capital(figure_name(key)): figure_value(key, x)
                    for key, x in info.scores.items()
                },
            }
        name = (info.name if info else "") or self.tr("Unnamed model")
        known = {shown(key): shown(text, MAX_TEXT) for key, text in rows.items() if text}
        self.text.setText(f"<h2>{escape(shown(name))}</h2>{table(known)}")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def table(rows: Mapping[str, str]) -> str:
    cells = (
        f"<tr><td>{escape(key)}&nbsp;&nbsp;</td><td>{escape(value)}</td></tr>"
        for key, value in rows.items()
    )
    return f"<table cellpadding='2'>{''.join(cells)}</table>"
