"""Drawings as a journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inkread.core.correction.edits import relabelled
from inkread.core.errors import FileTooLarge, SaveFailed
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.data.canvas_journal import Journal, read_journal
from inkread.data.canvas_records import Sketch, SketchDrawing
from tests.data.journals import dot, places, sketch
from tests.ui.readings import glyph


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "canvas.journal"


def test_ink_and_corrections_come_back_as_they_were(path: Path) -> None:
    stroke = Stroke.of([[0.1, 2], [3, 1e-7]], 3.3, [0.25, 1])
    edit = replace(relabelled(glyph("4"), "9"), is_firm=False)
    drawings = (
        SketchDrawing(Drawing(None, Ink())),
        SketchDrawing(Drawing("9", Ink((stroke,))), (edit,)),
    )
    Journal(path).save([Sketch(drawings, 1)])
    (back,) = read_journal(path).sketches
    assert back.current == 1
    blank, other = back.drawings
    assert (blank.drawing.label, blank.drawing.ink.strokes, blank.edits) == (None, (), ())
    (same,) = other.drawing.ink.strokes
    assert np.array_equal(same.points, stroke.points)
    assert same.pressures is not None and same.pressures.tolist() == [0.25, 1]
    assert (same.width, other.drawing.label) == (3.3, "9")
    (kept,) = other.edits
    assert (kept.label, kept.is_firm, kept.removed[0].box) == ("9", False, edit.removed[0].box)


def test_a_stroke_is_written_once_whatever_is_drawn_erased_and_undone(path: Path) -> None:
    journal, dots = Journal(path), [dot(x) for x in range(2000)]
    journal.save([sketch(*dots)])
    whole = path.stat().st_size
    states = [
        [sketch(*dots, dot(-1))],
        [sketch(*dots[:50], *dots[70:])],
        [sketch(*dots), sketch(dot(-2), dots[3])],
        [sketch(dots[5])],
        [sketch()],
        [sketch(*reversed(dots[:9]))],
    ]
    for state in states:
        journal.save(state)
        assert places(read_journal(path).sketches) == places(state)
    assert path.stat().st_size < 1.05 * whole


def test_a_growing_stroke_costs_no_more_than_itself(path: Path) -> None:
    journal, dots = Journal(path), [dot(x) for x in range(2000)]
    journal.save([sketch(*dots)])
    whole = path.stat().st_size
    for count in range(1, 20):
        growing = Stroke.of([[x, 1] for x in range(count)])
        journal.save([sketch(*dots, growing)])
    (one,) = read_journal(path).sketches[0].drawings
    assert len(one.drawing.ink.strokes[-1].points) == 19
    assert path.stat().st_size < 1.2 * whole


def test_saving_goes_on_in_a_file_that_was_read(path: Path) -> None:
    Journal(path).save([sketch(dot(1), dot(2))])
    inode = path.stat().st_ino
    found = read_journal(path)
    (old,) = found.sketches
    strokes = old.drawings[0].drawing.ink.strokes
    found.journal.save([sketch(*strokes, dot(3))])
    assert places(read_journal(path).sketches) == [[1, 2, 3]]
    assert path.stat().st_ino == inode


def test_a_file_larger_than_the_limit_is_not_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Journal(path).save([sketch(dot(1))])
    monkeypatch.setattr("inkread.data.canvas_journal.MAX_BYTES", 9)
    with pytest.raises(FileTooLarge):
        read_journal(path)


def test_what_the_disk_refuses_half_way_is_made_good_by_the_next_save(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(path)
    journal.save([sketch(dot(1))])

    def fsync(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fsync)
    with pytest.raises(SaveFailed, match="No space"):
        journal.save([sketch(dot(1), dot(2))])
    monkeypatch.undo()
    with path.open("ab") as file:
        file.write(b"half a record")
    journal.save([sketch(dot(3))])
    assert places(read_journal(path).sketches) == [[3]]


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_file_that_somebody_changed_is_written_anew(path: Path, is_deleted: bool) -> None:
    journal = Journal(path)
    journal.save([sketch(dot(1))])
    if is_deleted:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:20])
    journal.save([sketch(dot(1), dot(2))])
    assert places(read_journal(path).sketches) == [[1, 2]]


def test_what_is_superseded_does_not_pile_up(path: Path) -> None:
    journal = Journal(path)
    points = np.zeros((200_000, 2))
    for x in range(8):
        journal.save([sketch(Stroke.of(points + x))])
    assert path.stat().st_size < 5 * points.size * 4
    assert places(read_journal(path).sketches) == [[7]]
