"""The whole reading as text."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from inkread.core.escapes import MAX_TEXT
from inkread.core.reading import Glyph, Reading, line_text
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.layouts import bare, fill
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.retranslated import Retranslated


class TextArea(QScrollArea):
    """As high as its text if there is room, at least one line."""

    def __init__(self, text: QLabel) -> None:
        super().__init__()
        self._text = text
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(text)

    def sizeHint(self) -> QSize:
        hint = self._text.sizeHint()
        if self._text.wordWrap():
            hint.setHeight(self._text.heightForWidth(self.viewport().width()))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._text.fontMetrics().height() + 4)


class State(Enum):
    READ = auto()
    WAITING = auto()
    UNREAD = auto()


def _sign(glyph: Glyph) -> str:
    """A glyph in the text; doubtful ones are marked, not by colour alone."""
    label = shown(glyph.label)
    return f"({label}?)" if glyph.rejected else label


class ReadingView(Retranslated, QWidget):
    """The text, to be selected and copied, and how certain it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = Reading()
        self._state = State.READ
        self._why = ""
        self._text = PlainLabel()
        self._text.setObjectName("reading")
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        font = self._text.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setWeight(QFont.Weight.DemiBold)
        self._text.setFont(font)
        self._certainty = PlainLabel(wordWrap=True)
        self._certainty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._certainty.setMinimumHeight(self._certainty.fontMetrics().height())
        self._scroll = TextArea(self._text)
        layout = fill(bare(QVBoxLayout(self), 2), self._scroll, self._certainty)
        layout.addStretch(1)
        self.retranslate()

    @property
    def text(self) -> str:
        """Text to copy; empty if nothing is written."""
        return self._reading.text

    def set_reading(self, reading: Reading) -> None:
        self._reading, self._state = reading, State.READ
        self.retranslate()

    def set_waiting(self) -> None:
        """Show that the picture is being read."""
        self._reading, self._state = Reading(), State.WAITING
        self.retranslate()

    def set_unread(self, why: str) -> None:
        """Show that reading failed."""
        self._reading, self._state, self._why = Reading(), State.UNREAD, why
        self.retranslate()

    def retranslate(self) -> None:
        text = self._words()
        # Lines of a reading never wrap; messages do.
        self._text.setWordWrap(self._state is not State.READ or self._reading.is_empty)
        self._text.setText(text)
        self._scroll.updateGeometry()
        self._text.setAccessibleName(self.tr("Result: {text}").format(text=text))
        certainty = self._certainty_in_words()
        self._certainty.setText(certainty)
        self._text.setAccessibleDescription(certainty)

    def _words(self) -> str:
        if self._state is State.WAITING:
            return self.tr("Reading...")
        if self._state is State.UNREAD:
            return self.tr("Not read")
        if self._reading.is_empty:
            is_partial = self._reading.is_partial
            return self.tr("Nothing read") if is_partial else self.tr("Nothing written")
        return "\n".join(line_text(line, _sign) for line in self._reading.lines)

    def _certainty_in_words(self) -> str:
        """How certain it is, and what is to be said beside it, a line each."""
        notes = (QCoreApplication.translate("notes", note) for note in self._reading.notes)
        said = [
            self._certainty_of_what_was_read(),
            *self._type_in_words(),
            *(shown(note, MAX_TEXT) for note in notes),
        ]
        return "\n".join(said).lstrip()

    def _type_in_words(self) -> list[str]:
        """What was said to stand in each line, and whether it does."""
        asked, fits = self._reading.field_type, self._reading.fits
        if asked is None or fits is None:
            return []
        words = self.tr("Fits: {type}") if fits else self.tr("Does not fit: {type}")
        return [words.format(type=shown(asked.text, MAX_TEXT))]

    def _certainty_of_what_was_read(self) -> str:
        if self._state is State.UNREAD:
            return self.tr("It could not be read: {reason}.").format(reason=self._why.rstrip("."))
        if self._reading.is_empty:
            return ""
        signs = sum(glyph.is_sign for glyph in self._reading.glyphs)
        count = len(self._reading.glyphs) - signs
        rejected = len(self._reading.rejected)
        if self._is_all_confirmed:
            return self._all_confirmed(count, signs)
        if signs and count:
            words = self.tr("Digits: %n, marks: {marks}, the least certain {percent}", "", count)
        elif count > 1:
            words = self.tr("Digits: %n, the least certain {percent}", "", count)
        elif rejected:
            return self.tr("Perhaps no digit at all")
        else:
            words = self.tr("{percent} certain")
        if rejected:
            words += "\n" + self.tr("Perhaps no digits: %n, in brackets", "", rejected)
        unsure = len(self._reading.doubtful)
        if count + signs > 1 and unsure > rejected:
            words += "\n" + self.tr("Doubtful: %n, F8 goes through them", "", unsure)
        return words.format(percent=percent(self._reading.confidence), marks=signs)

    @property
    def _is_all_confirmed(self) -> bool:
        """Whether every glyph is confirmed or corrected, except certain marks."""
        glyphs = self._reading.glyphs
        left = [glyph for glyph in glyphs if glyph.confirmed is None]
        is_rest_sure = all(glyph.is_mark and not glyph.is_doubtful for glyph in left)
        return is_rest_sure and len(left) < len(glyphs)

    def _all_confirmed(self, count: int, signs: int) -> str:
        if signs and count:
            return self.tr("Digits: %n, all confirmed; marks: {marks}", "", count).format(
                marks=signs
            )
        if count > 1:
            return self.tr("Digits: %n, all confirmed", "", count)
        return self.tr("Confirmed")
