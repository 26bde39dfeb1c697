from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from inkread.core.batch.folder_table import Row
from inkread.core.correction.edits import Edit
from inkread.core.errors import PictureUnknown
from inkread.core.geometry import Box
from inkread.data.correction_files import CorrectionFolder
from inkread.services.corrections import PictureCorrections
from inkread.ui.folder.model import (
    CONFIDENCE,
    DOUBTFUL,
    FILE,
    MARK,
    PICTURE,
    TEXT,
    FolderModel,
)
from inkread.ui.folder.table import FolderFilter
from tests.services.manual import ManualExecutor

Role, Order = Qt.ItemDataRole, Qt.SortOrder
BROKEN = Row("/f/d.png", error=PictureUnknown(name="/f/d.png"), digest="d")
ROWS = (
    Row("/f/a.png", "100", 0.99, 3, digest="a"),
    Row("/f/b.png", "20", 0.5, 2, 0, 1, digest="b"),
    Row("/f/c.png", "3\n1", 0.95, 2, digest="c"),
    BROKEN,
    Row("/f/e.png", digest="e"),
    Row("/f/sub/f.png", "9", 0.2, 1, 1, 1, digest="f"),
)


@pytest.fixture
def corrections(qapp: QApplication, tmp_path: Path) -> PictureCorrections:
    return PictureCorrections(lambda: CorrectionFolder(tmp_path), ManualExecutor())


@pytest.fixture
def model(corrections: PictureCorrections) -> FolderModel:
    model = FolderModel(corrections)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.start(Path("/f"))
    model.add(ROWS[:2])
    model.add(ROWS[2:])
    return model


def column(model: QAbstractItemModel, number: int) -> list[object]:
    return [model.index(i, number).data() for i in range(model.rowCount())]


def typed(model: FolderModel, number: int) -> str | None:
    """The text typed in the place of a file's reading."""
    row, text = model.rows[number]
    assert row is ROWS[number]
    return text


def correct(model: FolderModel, number: int, text: str) -> bool:
    return model.setData(model.index(number, TEXT), text)


def test_what_stands_in_the_table(model: FolderModel) -> None:
    assert column(model, FILE) == ["a.png", "b.png", "c.png", "d.png", "e.png", "sub/f.png"]
    assert column(model, TEXT) == ["100", "20", "3 / 1", "", "", "9"]
    shares = ["99.0 %", "50.0 %", "95.0 %", "–", "–", "20.0 %"]
    assert column(model, CONFIDENCE) == shares
    ok, doubtful, _, broken, blank, _ = column(model, MARK)
    assert (ok, doubtful, blank) == ("", "doubtful: 1", "nothing is written")
    assert str(broken).startswith("this is not a picture that can be read; use PNG")


def test_the_rows_come_in_batches_and_go_with_the_next_folder_but_for_what_is_corrected(
    model: FolderModel,
) -> None:
    assert model.rowCount() == len(ROWS)
    correct(model, 0, "7")
    model.start(Path("/g"))
    assert model.rowCount() == 0
    assert not model.history.can_undo
    model.add(ROWS[:2])
    assert column(model, TEXT) == ["7", "20"]
    assert model.rows == [(ROWS[0], "7"), (ROWS[1], None)]


def test_a_correction_is_marked_and_can_be_undone(model: FolderModel) -> None:
    assert correct(model, 1, "28")
    assert column(model, TEXT)[1] == "28"
    assert column(model, MARK)[1] == "corrected"
    assert model.index(1, TEXT).data(Role.FontRole).bold()
    assert model.index(0, TEXT).data(Role.FontRole) is None
    assert typed(model, 1) == "28"
    assert "b.png" in model.history.undo_text
    correct(model, 1, "29")
    model.history.undo()
    assert typed(model, 1) == "28"
    model.history.undo()
    assert typed(model, 1) is None
    assert column(model, MARK)[1] == "doubtful: 1"
    model.history.redo()
    assert column(model, TEXT)[1] == "28"


def test_typing_what_was_read_takes_the_correction_back(model: FolderModel) -> None:
    correct(model, 1, "28")
    correct(model, 1, "20")
    assert typed(model, 1) is None
    model.history.undo()
    assert typed(model, 1) == "28"


def test_one_content_has_one_text_under_whatever_names(model: FolderModel) -> None:
    model.add([Row("/f/copy of b.png", "20", 0.5, 2, 0, 1, digest="b")])
    correct(model, 1, "28")
    assert column(model, TEXT)[-1] == "28"
    assert column(model, MARK)[-1] == "corrected"
    correct(model, len(ROWS), "29")
    assert typed(model, 1) == "29"
    model.history.undo()
    model.history.undo()
    assert column(model, TEXT)[-1] == column(model, TEXT)[1] == "20"


def window_says(corrections: PictureCorrections, digest: str, text: str) -> None:
    corrections.edit(digest, (Edit((), area=Box(0, 0, 1, 1)),), text)


def test_a_text_overruled_in_the_window_comes_back_by_undo(
    model: FolderModel, corrections: PictureCorrections
) -> None:
    correct(model, 1, "28")
    window_says(corrections, "b", "21")
    window_says(corrections, "b", "26")
    assert column(model, TEXT)[1] == "26"
    model.history.undo()
    assert typed(model, 1) == "28"
    model.history.redo()
    assert column(model, TEXT)[1] == "26"
    model.history.undo()
    model.history.undo()
    assert not model.history.can_undo


def test_what_the_window_takes_over_or_back_is_no_step(
    model: FolderModel, corrections: PictureCorrections
) -> None:
    correct(model, 1, "28")
    before = corrections.of("b").made
    window_says(corrections, "b", "2 8")
    corrections.adopt("b", before, lambda: None)
    window_says(corrections, "b", "26")
    assert model.history.count == 2
    window_says(corrections, "b", "28")
    assert model.history.count == 1
    window_says(corrections, "a", "101")  # never typed here
    assert model.history.count == 1


def test_what_changes_nothing_is_no_step(model: FolderModel) -> None:
    assert not correct(model, 0, "100")
    assert not correct(model, 2, "3 / 1")
    assert model.history.count == 0


@pytest.mark.parametrize("text", ["31 / 42", "31/42", " 31 /42 "])
def test_lines_are_typed_as_they_are_shown(model: FolderModel, text: str) -> None:
    correct(model, 0, text)
    assert typed(model, 0) == "31\n42"
    assert column(model, TEXT)[0] == "31 / 42"


def test_what_could_not_be_read_can_be_typed(model: FolderModel) -> None:
    correct(model, 3, "55")
    assert typed(model, 3) == "55"
    correct(model, 1, "")
    assert typed(model, 1) == ""


def test_only_texts_can_be_edited(model: FolderModel) -> None:
    editable = [
        bool(model.index(0, i).flags() & Qt.ItemFlag.ItemIsEditable)
        for i in range(model.columnCount())
    ]
    assert editable == [i == TEXT for i in range(model.columnCount())]
    assert not model.setData(model.index(0, FILE), "x")


def test_a_thumbnail_is_a_picture_with_a_name(model: FolderModel) -> None:
    pixels = np.full((24, 48, 3), 200, np.uint8)
    model.add([Row("/f/g.png", thumbnail=pixels, digest="g")])
    last = model.index(len(ROWS), PICTURE)
    picture = last.data(Role.DecorationRole)
    assert isinstance(picture, QPixmap)
    assert (picture.width(), picture.height()) == (48, 24)
    assert picture.toImage().pixelColor(3, 3).red() == 200
    assert last.data(Role.AccessibleTextRole) == "g.png"
    assert model.index(0, PICTURE).data(Role.DecorationRole) is None


def test_the_doubtful_are_known(model: FolderModel) -> None:
    found = [model.index(i, MARK).data(DOUBTFUL) for i in range(model.rowCount())]
    assert found == [False, True, False, True, False, True]
    correct(model, 1, "28")
    assert model.is_doubtful(1)
    assert not model.index(1, MARK).data(DOUBTFUL)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (PICTURE, "abcdef"),
        (FILE, "abcdef"),
        (TEXT, "fbacde"),
        (CONFIDENCE, "defbca"),
        (MARK, "acebfd"),
    ],
)
def test_every_column_sorts(model: FolderModel, number: int, expected: str) -> None:
    """Numbers as numbers: 9, 20, 100; a text of two lines after these, nothing last."""
    shown = FolderFilter(model)
    shown.sort(number, Order.AscendingOrder)
    found = [str(name)[-5] for name in column(shown, FILE)]
    assert "".join(found) == expected


def test_a_corrected_text_moves_to_its_place(model: FolderModel) -> None:
    shown = FolderFilter(model)
    shown.sort(TEXT, Order.AscendingOrder)
    assert column(shown, TEXT)[:3] == ["9", "20", "100"]
    correct(model, 0, "1")
    assert column(shown, TEXT)[:3] == ["1", "9", "20"]
    model.history.undo()
    assert column(shown, TEXT)[:3] == ["9", "20", "100"]


def test_only_the_doubtful_are_shown_corrected_or_not(model: FolderModel) -> None:
    shown = FolderFilter(model)
    shown.set_only_doubtful(True)
    assert column(shown, FILE) == ["b.png", "d.png", "sub/f.png"]
    correct(model, 1, "28")
    assert shown.rowCount() == 3
    model.add(
        [Row("/f/g.png", "1", 0.3, 1, 0, 1, digest="g"), Row("/f/h.png", "1", 0.99, 1, digest="h")]
    )
    assert column(shown, FILE)[-1] == "g.png"
    shown.set_only_doubtful(False)
    assert shown.rowCount() == model.rowCount()


def test_pages_and_notes_are_said(model: FolderModel) -> None:
    row = Row("/f/g.pdf", "7", 0.99, 1, notes=("It was turned.", "Mended."), page=2, pages=3)
    error = PictureUnknown(name="/f/g.pdf (page 2)")
    rows = replace(row, digest="g"), replace(row, digest="h", doubtful=1), replace(row, error=error)
    model.add(rows)
    assert column(model, FILE)[-3:] == ["g.pdf (page 2)"] * 3
    turned, doubtful, unread = map(str, column(model, MARK)[-3:])
    assert turned == "It was turned.; Mended."
    assert doubtful == "doubtful: 1; It was turned.; Mended."
    assert unread.startswith("this is not a picture")
