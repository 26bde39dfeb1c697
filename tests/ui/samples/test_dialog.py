"""Model > My samples: seen, filtered, relabelled, deleted, undone, exported and imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from inkread.data.samples.sample import sample_from_ink
from inkread.data.samples.store import SampleStore
from inkread.ui.samples.dialog import SamplesDialog
from inkread.ui.samples.grid import SampleGrid
from tests.data.stores import labels, sample
from tests.ui.window_driver import LEFT, Window
from tests.written import write

Role = Qt.ItemDataRole


class Samples:
    """Drives the dialog; after every change it waits for the new list."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot
        self._do(window.commands.samples.trigger)
        self.dialog = window.find(SamplesDialog, "samples")

    def _do(self, act: Callable[[], None]) -> None:
        with self._qtbot.waitSignal(self.window.program.samples.listed):
            act()

    def click(self, button: QPushButton) -> None:
        assert button.isEnabled()
        self._do(lambda: QTest.mouseClick(button, LEFT))

    def choose(self, name: str, path: Path, is_answered: bool = True) -> None:
        chooser = self.dialog.findChild(QFileDialog, name)
        assert isinstance(chooser, QFileDialog)
        chooser.fileSelected.emit(str(path))
        # Not until they are listed: that may be for what the test changed as another program.
        if is_answered:
            note, banner = self.dialog.note, self.dialog.banner
            self._qtbot.waitUntil(lambda: bool(note.text()) or not banner.isHidden())
        chooser.reject()
        QApplication.sendPostedEvents(chooser, QEvent.Type.DeferredDelete)

    @property
    def shown(self) -> list[str]:
        model = self.dialog.grid.model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    @property
    def classes(self) -> list[str]:
        box = self.dialog.filter
        return [box.itemText(index) for index in range(box.count())]

    def select(self, row: int) -> None:
        index = self.dialog.grid.model().index(row, 0)
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.dialog.grid.selectionModel().select(index, how)


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    store = SampleStore.open(tmp_path / "home" / "data" / "samples.db")
    store.add_many([sample_from_ink("7", write("7")), sample("4", 1), sample("7", 2)])
    return store


@pytest.fixture
def samples(store: SampleStore, window: Window, qtbot: QtBot) -> Samples:
    return Samples(window, qtbot)


def test_samples_are_shown_by_class_and_filtered(samples: Samples) -> None:
    assert samples.classes == ["All (3)", "4 (1)", "7 (2)"]
    assert samples.shown == ["4", "7", "7"]
    first = samples.dialog.grid.model().index(1, 0).data(Role.DecorationRole).toImage()
    tones = [first.pixelColor(x, y).lightness() for x in range(56) for y in range(56)]
    assert max(tones) == 255
    assert min(tones) < 60
    samples.dialog.filter.setCurrentIndex(2)
    assert samples.shown == ["7", "7"]


def test_relabelling_deleting_and_undoing(samples: Samples, store: SampleStore) -> None:
    dialog = samples.dialog
    assert not dialog.delete_button.isEnabled()
    samples.select(0)
    dialog.label.setText(" x ")
    samples.click(dialog.relabel_button)
    assert labels(store) == ["7", "x", "7"]
    assert samples.classes == ["All (3)", "7 (2)", "x (1)"]
    samples.select(2)
    samples.click(dialog.delete_button)
    assert labels(store) == ["7", "7"]
    samples.click(dialog.undo_button)
    samples.click(dialog.undo_button)
    assert labels(store) == ["7", "4", "7"]
    assert samples.shown == ["4", "7", "7"]


def test_undo_is_there_only_if_a_change_is_left(samples: Samples, store: SampleStore) -> None:
    samples.click(samples.dialog.undo_button)
    assert labels(store) == []
    assert not samples.dialog.undo_button.isEnabled()


def test_export_and_import(samples: Samples, store: SampleStore, tmp_path: Path) -> None:
    dialog = samples.dialog
    QTest.mouseClick(dialog.export_button, LEFT)
    samples.choose("export_samples", tmp_path / "out.inkml")
    assert dialog.note.text() == "Exported: 1; without ink and so left out: 2"
    QTest.mouseClick(dialog.export_button, LEFT)
    samples.choose("export_samples", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["4", "7"]
    store.delete([1, 2, 3])
    QTest.mouseClick(dialog.import_button, LEFT)
    samples.choose("import_samples", tmp_path / "out.inkml")
    assert (dialog.note.text(), labels(store)) == ("New samples: 1", ["7"])
    QTest.mouseClick(dialog.folder_button, LEFT)
    samples.choose("import_folder", tmp_path / "out")
    assert "4" in labels(store)


def test_cells_come_back_from_npz(samples: Samples, store: SampleStore, tmp_path: Path) -> None:
    dialog = samples.dialog
    QTest.mouseClick(dialog.export_button, LEFT)
    samples.choose("export_samples", tmp_path / "out.npz")
    store.delete([1, 2, 3])
    QTest.mouseClick(dialog.import_button, LEFT)
    chooser = dialog.findChild(QFileDialog, "import_samples")
    assert isinstance(chooser, QFileDialog)
    assert "*.npz" in chooser.nameFilters()[0]
    samples.choose("import_samples", tmp_path / "out.npz")
    assert dialog.note.text() == "New samples: 3"
    assert sorted(labels(store)) == ["4", "7", "7"]
    QTest.mouseClick(dialog.import_button, LEFT)
    samples.choose("import_samples", tmp_path / "out.npz")
    assert dialog.note.text() == "New samples: 0"
    store.relabel([store.samples()[0].id], "9")
    QTest.mouseClick(dialog.import_button, LEFT)
    samples.choose("import_samples", tmp_path / "out.npz")
    said = "New samples: 0; here already under another label, which stays: 1"
    # The relabelling came from elsewhere: its own list may come first.
    samples._qtbot.waitUntil(lambda: dialog.note.text() == said)


def test_what_is_no_data_is_reported(samples: Samples, tmp_path: Path) -> None:
    (tmp_path / "notes.npz").write_bytes(b"PK\x03\x04 but no more")
    QTest.mouseClick(samples.dialog.import_button, LEFT)
    samples.choose("import_samples", tmp_path / "notes.npz")
    assert samples.dialog.banner.text.startswith("notes.npz: the data set is damaged")


def test_without_samples_it_says_how_to_get_some(window: Window, qtbot: QtBot) -> None:
    dialog = Samples(window, qtbot).dialog
    assert dialog.empty.isVisible()
    assert "No samples yet" in dialog.empty.text()
    assert not dialog.export_button.isEnabled()


def test_errors_are_reported_in_the_dialog(samples: Samples, tmp_path: Path) -> None:
    dialog = samples.dialog
    QTest.mouseClick(dialog.import_button, LEFT)
    samples.choose("import_samples", tmp_path / "none.inkml")
    assert "there is no such file" in dialog.banner.text
    assert samples.shown == ["4", "7", "7"]


def test_a_correction_shows_at_once(samples: Samples, window: Window, qtbot: QtBot) -> None:
    window.write("6")
    QTest.keyClick(window.canvas, Qt.Key.Key_F8)
    window.program.window.workspace.editor.relabel(0, "5")
    qtbot.waitUntil(lambda: "5 (1)" in samples.classes)


def test_closing_ends_an_import(
    samples: Samples, store: SampleStore, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = samples.dialog
    QTest.mouseClick(dialog.export_button, LEFT)
    samples.choose("export_samples", tmp_path / "out")
    store.delete([1, 2, 3])
    service = samples.window.program.samples
    service.stop()
    QTest.mouseClick(dialog.folder_button, LEFT)
    with qtbot.waitSignal(service.listed):
        samples.choose("import_folder", tmp_path / "out", is_answered=False)
    assert labels(store) == []


def test_many_are_selected_and_deleted_by_ranges(
    samples: Samples, store: SampleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is done for each item: it took a second for 50,000 in the GUI thread."""

    def each(_: SampleGrid) -> None:
        pytest.fail("one by one")

    grid = samples.dialog.grid
    monkeypatch.setattr(SampleGrid, "selectedIndexes", each)
    grid.selectAll()
    assert sorted(grid.chosen) == [1, 2, 3]
    region = grid.visualRegionForSelection(grid.selectionModel().selection())
    assert region.rectCount() == 1
    grid.selectionModel().clearSelection()
    samples.select(0)
    assert grid.chosen == [2]
    grid.selectAll()
    samples.click(samples.dialog.delete_button)
    assert labels(store) == []


def test_the_list_comes_sorted_and_without_ink(samples: Samples, store: SampleStore) -> None:
    """Off the GUI thread, and without decoding what is not shown."""
    listed = samples.window.program.samples.listed
    with samples._qtbot.waitSignal(listed) as heard:
        samples.window.program.samples.refresh()
    (found,) = heard.args
    assert found == tuple(store.listed())
