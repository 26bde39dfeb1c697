from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QCoreApplication

from inkread.core.errors import SaveFailed, SuffixUnknown, TableSuffixUnknown, TextSuffixUnknown
from inkread.core.ink import Ink
from inkread.core.inkml import Drawing, read_inkml
from inkread.core.picture.page import digest_of, open_page
from inkread.core.reading import Reading
from inkread.core.recognition.recognise import read_ink
from inkread.services.saving import Saving
from tests.core.templates import Templates
from tests.services.manual import ManualExecutor
from tests.table_readings import table_reading
from tests.written import write


@pytest.fixture
def drawings() -> tuple[Drawing, ...]:
    return Drawing("1", write("1")), Drawing(None, write("22"))


def save(path: Path, drawings: tuple[Drawing, ...], current: int) -> tuple[list[Any], list[Any]]:
    executor = ManualExecutor()
    saving = Saving(executor)
    saved: list[Any] = []
    failed: list[Any] = []
    saving.saved.connect(saved.append)
    saving.failed.connect(failed.append)
    saving.save(path, drawings, current)
    executor.drain()
    return saved, failed


def test_inkml_holds_every_drawing(
    qapp: QCoreApplication, tmp_path: Path, drawings: tuple[Drawing, ...]
) -> None:
    path = tmp_path / "ink.inkml"
    assert save(path, drawings, 1) == ([str(path)], [])
    again = read_inkml(path.read_bytes(), "again")
    assert [drawing.label for drawing in again] == ["1", None]
    assert [len(drawing.ink.strokes) for drawing in again] == [1, 2]


def test_svg_and_png_show_the_current_drawing(
    qapp: QCoreApplication, tmp_path: Path, drawings: tuple[Drawing, ...]
) -> None:
    sizes = []
    for current in (0, 1):
        save(tmp_path / "ink.PNG", drawings, current)
        page = open_page((tmp_path / "ink.PNG").read_bytes(), "ink.PNG")
        sizes.append(page.grey.shape[1])
        assert page.grey.min() < 100
    assert sizes[1] > 1.5 * sizes[0]
    save(tmp_path / "ink.svg", drawings, 1)
    assert (tmp_path / "ink.svg").read_bytes().count(b"<path") >= 2


def test_what_the_disk_refuses_is_reported(
    qapp: QCoreApplication, tmp_path: Path, drawings: tuple[Drawing, ...]
) -> None:
    saved, failed = save(tmp_path / "none" / "ink.svg", drawings, 0)
    assert saved == []
    assert [type(error) for error in failed] == [SaveFailed]


@pytest.mark.parametrize("name", ["ink.txt", "ink", "ink.jpeg"])
def test_an_ending_that_stands_for_no_format_is_reported(
    qapp: QCoreApplication, tmp_path: Path, drawings: tuple[Drawing, ...], name: str
) -> None:
    saved, failed = save(tmp_path / name, drawings, 0)
    assert saved == []
    assert [type(error) for error in failed] == [SuffixUnknown]
    assert ".inkml, .svg, .png" in str(failed[0])
    assert not (tmp_path / name).exists()


def test_saves_are_done_in_order_and_told_apart(
    qapp: QCoreApplication, tmp_path: Path, drawings: tuple[Drawing, ...]
) -> None:
    executor = ManualExecutor()
    saving = Saving(executor)
    path = tmp_path / "ink.inkml"
    saved = list[tuple[object, str]]()
    saving.ink_saved.connect(lambda about, digest: saved.append((about, digest)))
    for count, about in ((1, "first"), (2, "second")):
        saving.save(path, drawings[:count], about=about)
    assert len(executor.queue) == 1  # never two at a time
    executor.drain()
    assert [about for about, _ in saved] == ["first", "second"]
    assert saved[0][1] != saved[1][1] == digest_of(path.read_bytes())


def test_what_was_asked_for_before_closing_is_saved(
    qapp: QCoreApplication, tmp_path: Path, drawings: tuple[Drawing, ...]
) -> None:
    saving = Saving(ManualExecutor())
    for name in "ab":
        saving.save(tmp_path / f"{name}.inkml", drawings)
    saving.finish()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.inkml", "b.inkml"]


def test_no_ink_can_be_saved_too(qapp: QCoreApplication, tmp_path: Path) -> None:
    for suffix in ("inkml", "svg", "png"):
        path = tmp_path / f"empty.{suffix}"
        assert save(path, (Drawing(None, Ink()),), 0) == ([str(path)], [])


def save_text(path: Path, reading: Reading) -> tuple[list[Any], list[Any]]:
    executor = ManualExecutor()
    saving = Saving(executor)
    saved: list[Any] = []
    failed: list[Any] = []
    saving.saved.connect(saved.append)
    saving.failed.connect(failed.append)
    saving.save_text(path, "page.png", reading)
    executor.drain()
    return saved, failed


def test_text_is_saved_in_the_format_of_its_ending(qapp: QCoreApplication, tmp_path: Path) -> None:
    reading = read_ink(write("31\n42"), Templates())
    for name in ("a.txt", "a.csv", "a.JSON"):
        assert save_text(tmp_path / name, reading) == ([str(tmp_path / name)], [])
    assert (tmp_path / "a.txt").read_bytes() == b"31\n42\n"
    with (tmp_path / "a.csv").open(newline="") as table:
        (row,) = csv.DictReader(table)
    assert (row["file"], row["text"]) == ("page.png", "31\n42")
    (page,) = json.loads((tmp_path / "a.JSON").read_bytes())
    assert [each["label"] for each in page["glyphs"]] == ["3", "1", "4", "2"]


@pytest.mark.parametrize("name", ["a.svg", "a"])
def test_text_has_no_other_endings(qapp: QCoreApplication, tmp_path: Path, name: str) -> None:
    saved, failed = save_text(tmp_path / name, Reading())
    assert saved == []
    assert [type(error) for error in failed] == [TextSuffixUnknown]
    assert ".txt, .csv, .json" in str(failed[0])


def test_text_that_the_disk_refuses_is_reported(qapp: QCoreApplication, tmp_path: Path) -> None:
    saved, failed = save_text(tmp_path / "none" / "a.csv", Reading())
    assert saved == []
    assert [type(error) for error in failed] == [SaveFailed]


def save_table(path: Path) -> tuple[list[Any], list[Any]]:
    executor = ManualExecutor()
    saving = Saving(executor)
    saved: list[Any] = []
    failed: list[Any] = []
    saving.saved.connect(saved.append)
    saving.failed.connect(failed.append)
    saving.save_table(path, "a.png", table_reading([["12", "=3"]]))
    executor.drain()
    return saved, failed


def test_tables_are_saved_as_csv_and_as_workbooks(qapp: QCoreApplication, tmp_path: Path) -> None:
    path = tmp_path / "table.CSV"
    assert save_table(path) == ([str(path)], [])
    assert path.read_bytes() == b"12,'=3\r\n"
    path = tmp_path / "table.xlsx"
    assert save_table(path) == ([str(path)], [])
    assert [list(row) for row in load_workbook(path)["Table 1"].values] == [[12, "=3"]]


def test_tables_have_endings_of_their_own(qapp: QCoreApplication, tmp_path: Path) -> None:
    saved, failed = save_table(tmp_path / "table.txt")
    assert saved == []
    assert [type(error) for error in failed] == [TableSuffixUnknown]
    assert ".xlsx, .csv" in str(failed[0])
