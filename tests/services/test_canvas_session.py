"""The drawings on the canvas are kept by one worker, in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.core.errors import DrawingsSetAside, SaveFailed
from inkread.core.inkml import Drawing
from inkread.data.canvas_records import Sketch, SketchDrawing
from inkread.services.canvas_session import CanvasSession
from tests.services.manual import ManualExecutor
from tests.written import write


def sketch(text: str) -> Sketch:
    return Sketch((SketchDrawing(Drawing(text, write(text))),))


class Keeping:
    """A window; `loaded` and `failed` are what was emitted."""

    def __init__(self, folder: Path) -> None:
        self.executor = ManualExecutor()
        self.sketches = CanvasSession(folder, self.executor)
        self.loaded: list[str | None] = []
        self.failed: list[object] = []
        self.noticed: list[object] = []
        self.sketches.loaded.connect(self._on_loaded)
        self.sketches.failed.connect(self.failed.append)
        self.sketches.noticed.connect(self.noticed.append)

    def _on_loaded(self, found: tuple[Sketch, ...]) -> None:
        self.loaded += [each.drawings[0].drawing.label for each in found]
        self.sketches.take_over()

    def load(self) -> list[str | None]:
        self.sketches.load()
        self.executor.drain()
        return self.loaded

    def save(self, *texts: str) -> None:
        self.sketches.save([sketch(text) for text in texts])
        self.executor.drain()


@pytest.fixture
def folder(qapp: object, tmp_path: Path) -> Path:
    return tmp_path / "canvas"


def leave(folder: Path, *texts: str) -> None:
    """Draw these in a window, and close it."""
    window = Keeping(folder)
    window.save(*texts)
    window.sketches.finish()


def test_the_next_window_finds_what_the_last_one_left(folder: Path) -> None:
    first = Keeping(folder)
    assert first.load() == []
    assert not folder.exists()
    first.save("1")
    first.save("1", "2")
    first.sketches.finish()
    second = Keeping(folder)
    assert second.load() == ["1", "2"]
    second.save()
    second.sketches.finish()
    assert Keeping(folder).load() == []
    assert list(folder.iterdir()) == []


def test_what_was_not_loaded_when_the_window_closed_is_there_next_time(folder: Path) -> None:
    leave(folder, "1")
    hasty = Keeping(folder)
    hasty.sketches.load()
    hasty.sketches.save([sketch("2")])
    hasty.sketches.stop()
    hasty.executor.drain()
    hasty.sketches.finish()
    assert hasty.loaded == []
    assert sorted(map(str, Keeping(folder).load())) == ["1", "2"]


def test_what_was_loaded_and_not_yet_taken_over_stays_in_its_file(folder: Path) -> None:
    leave(folder, "1")
    hasty = Keeping(folder)
    hasty.sketches.load()
    hasty.sketches.save([sketch("2")])  # asked for before the window has what was left
    hasty.executor.drain()
    assert hasty.loaded == ["1"]
    hasty.sketches.finish()
    assert sorted(map(str, Keeping(folder).load())) == ["1", "2"]


def test_of_many_saves_in_a_row_the_last_is_done(folder: Path) -> None:
    window = Keeping(folder)
    for text in "123":
        window.sketches.save([sketch(text)])
    window.executor.drain()
    window.sketches.finish()
    assert Keeping(folder).load() == ["3"]


def test_a_file_that_cannot_be_read_is_told_of(folder: Path) -> None:
    folder.mkdir()
    (folder / "canvas.json").write_bytes(b"{")
    window = Keeping(folder)
    assert window.load() == []
    (notice,) = window.noticed
    assert isinstance(notice, DrawingsSetAside)


def test_a_window_beside_another_keeps_its_own(folder: Path) -> None:
    first, second = Keeping(folder), Keeping(folder)
    first.save("1")
    assert second.load() == []
    second.save("2")
    first.save("3")
    for window in (first, second):
        window.sketches.finish()
    assert sorted(map(str, Keeping(folder).load())) == ["2", "3"]


def test_closing_does_what_is_left(folder: Path) -> None:
    window = Keeping(folder)
    window.sketches.save([sketch("1")])
    window.sketches.finish()
    assert Keeping(folder).load() == ["1"]


def test_failing_ends_when_there_is_nothing_to_keep(folder: Path) -> None:
    window = Keeping(folder)
    folder.write_text("no folder")
    window.save("1")
    window.save()
    assert not window.sketches.is_failing


def test_failing_is_reported_once_until_it_goes_well(folder: Path) -> None:
    window = Keeping(folder)
    folder.write_text("no folder")
    window.save("1")
    window.save("2")
    assert window.sketches.is_failing
    (error,) = window.failed
    assert isinstance(error, SaveFailed)
    folder.unlink()
    window.save("3")
    assert not window.sketches.is_failing
    window.sketches.finish()
    assert Keeping(folder).load() == ["3"]
