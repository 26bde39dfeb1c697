"""What is said beside a reading: how the page was seen, and what was left out."""

from __future__ import annotations

from dataclasses import replace

from inkread.core.errors import QT_TRANSLATE_NOOP
from inkread.core.reading import Reading, Seen

PARTIAL_INK = QT_TRANSLATE_NOOP(
    "notes", "More is drawn than is read at once, so that some is left out: draw it in parts."
)
PARTIAL_PAGE = QT_TRANSLATE_NOOP(
    "notes",
    "More is on the page than is read at once, so that some is left out: cut it into parts.",
)
PRINT = QT_TRANSLATE_NOOP("notes", "It looks like print or other text: nothing of it is sure.")
PRINT_LINES = QT_TRANSLATE_NOOP(
    "notes", "Some lines look like print or other text: nothing of them is sure."
)
PRINT_AROUND = QT_TRANSLATE_NOOP(
    "notes", "What stands around the table looks like print and is left out."
)
TOO_SMALL = QT_TRANSLATE_NOOP("notes", "What is drawn is too small to be read.")
SHEET = QT_TRANSLATE_NOOP(
    "notes", "A sheet was found in the photo: what is outside of it is left out."
)
#: By quarters of a turn, anticlockwise.
TURNED = {
    1: QT_TRANSLATE_NOOP("notes", "The page was turned to the left by 90 degrees."),
    2: QT_TRANSLATE_NOOP("notes", "The page was turned upside down."),
    3: QT_TRANSLATE_NOOP("notes", "The page was turned to the right by 90 degrees."),
}


def noted(reading: Reading, before: tuple[str, ...] = ()) -> Reading:
    """A reading with notes on how it was read, after those on its page and before its own.

    Parameters
    ----------
    reading : Reading
        As the page or the ink was read.
    before : tuple of str
        Notes on the page, as of `Page.notes`.
    """
    notes = (*before, *_notes(reading.seen, reading.is_partial), *reading.notes)
    return replace(reading, notes=notes) if notes else reading


def _notes(seen: Seen | None, is_partial: bool) -> list[str]:
    found = list[str]()
    if seen is not None and seen.is_rectified:
        found.append(SHEET)
    if seen is not None and seen.quarters:
        found.append(TURNED[seen.quarters])
    if is_partial:
        found.append(PARTIAL_INK if seen is None else PARTIAL_PAGE)
    return found
