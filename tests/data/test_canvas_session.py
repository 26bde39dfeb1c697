"""The drawings on the canvas, as files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inkread.core.correction.edits import relabelled
from inkread.core.errors import SaveFailed
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.data.canvas_session import (
    Sketch,
    SketchDrawing,
    SketchFolder,
    decode_sketches,
    encode_sketches,
)
from tests.ui.readings import glyph
from tests.written import write


def sketch(text: str) -> Sketch:
    return Sketch((SketchDrawing(Drawing(text, write(text))),))


def labels(sketches: tuple[Sketch, ...]) -> list[str | None]:
    return [one.drawing.label for each in sketches for one in each.drawings]


def test_ink_and_corrections_come_back_as_they_were() -> None:
    stroke = Stroke.of([[0.1, 2], [3, 1e-7]], 3.3, [0.25, 1])
    edit = replace(relabelled(glyph("4"), "9"), is_firm=False)
    drawings = (
        SketchDrawing(Drawing(None, Ink())),
        SketchDrawing(Drawing("9", Ink((stroke,))), (edit,)),
    )
    (back,) = decode_sketches(encode_sketches([Sketch(drawings, 1)]))
    assert back.current == 1
    blank, other = back.drawings
    assert (blank.drawing.label, blank.drawing.ink.strokes, blank.edits) == (None, (), ())
    (same,) = other.drawing.ink.strokes
    assert np.array_equal(same.points, stroke.points)
    assert same.pressures is not None and same.pressures.tolist() == [0.25, 1]
    assert (same.width, other.drawing.label) == (3.3, "9")
    (kept,) = other.edits
    assert (kept.label, kept.is_firm, kept.removed[0].box) == ("9", False, edit.removed[0].box)


def content(**changes: object) -> bytes:
    return json.dumps(json.loads(encode_sketches([sketch("2")])) | changes).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[1]",
        b"\xff",
        content(version=2),
        content(sketches=[{"current": 1, "sheets": []}]),
        content(sketches=[{"current": float("inf"), "sheets": []}]),
        content(sketches=[{"current": 0, "sheets": [{"label": 3, "ink": "", "edits": []}]}]),
        content(sketches=[{"current": 0, "sheets": [{"label": "3", "ink": "?", "edits": []}]}]),
        content(sketches="x"),
        b"[" * 100_000,
    ],
)
def test_whatever_else_there_is_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode_sketches(data)


def test_what_other_windows_left_is_taken_over_with_the_next_save(tmp_path: Path) -> None:
    SketchFolder(tmp_path, "a").save([sketch("1")])
    SketchFolder(tmp_path, "b").save([sketch("2"), sketch("3")])
    later = SketchFolder(tmp_path, "a")
    assert sorted(map(str, labels(later.load()))) == ["1", "2", "3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]
    later.save([sketch("4")])
    assert labels(SketchFolder(tmp_path, "c").load()) == ["4"]
    later.save([])
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_saved_costs_nothing_that_was(tmp_path: Path) -> None:
    SketchFolder(tmp_path, "b").save([sketch("2")])
    folder = SketchFolder(tmp_path, "a")
    folder.load()
    (tmp_path / "a.json").mkdir()
    with pytest.raises(SaveFailed):
        folder.save([sketch("1")])
    assert labels(SketchFolder(tmp_path, "c").load()) == ["2"]
