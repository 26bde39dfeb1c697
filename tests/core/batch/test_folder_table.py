from __future__ import annotations

import csv
import io
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkread.core.batch.folder_table import THUMBNAIL, Row, read_folder, rows_of, table, thumbnail
from inkread.core.batch.result_formats import CSV_COLUMNS
from inkread.core.batch.sources import Source
from inkread.core.errors import FolderEmpty, PictureDamaged
from inkread.core.ink import Ink, rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, Pages
from inkread.core.reading import SURE, Cells
from tests.core.templates import Templates
from tests.written import write


def picture(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rasterise_page(write(text))).save(path)
    return path


def rows(folder: Path, workers: int = 0) -> list[Row]:
    steps = read_folder(str(folder), Templates(), workers=workers)
    return [row for step in steps for row in step.rows]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"b.png": "20", "a.png": "31\n4", "sub/c.png": "5"}.items():
        picture(tmp_path / name, text)
    (tmp_path / "broken.png").write_bytes((tmp_path / "a.png").read_bytes()[:70])
    (tmp_path / "d.inkml").write_bytes(write_inkml([Drawing(None, write("7"))]))
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


@pytest.mark.parametrize("workers", [1, 2])
def test_there_is_a_row_for_every_file_sorted_by_path(folder: Path, workers: int) -> None:
    found = rows(folder, workers=workers)
    names = ["a.png", "b.png", "broken.png", "d.inkml", "sub/c.png"]
    assert [row.path for row in found] == [str(folder / name) for name in names]
    assert [row.text for row in found] == ["31\n4", "20", "", "7", "5"]
    assert [row.glyphs for row in found] == [3, 2, 0, 1, 1]


def test_a_file_that_cannot_be_read_is_a_row_with_a_sentence(folder: Path) -> None:
    (broken,) = [row for row in rows(folder) if row.error is not None]
    assert isinstance(broken.error, PictureDamaged)
    assert str(broken.error).startswith(str(folder / "broken.png"))
    assert broken.is_doubtful
    assert (broken.text, broken.confidence, broken.thumbnail) == ("", 0, None)


def test_progress_counts_up_to_the_end(folder: Path) -> None:
    steps = list(read_folder(str(folder), Templates()))
    assert (steps[0].done, steps[0].total, steps[0].rows) == (0, 5, ())
    assert (steps[-1].done, steps[-1].total) == (5, 5)


def test_rows_are_reported_in_batches(tmp_path: Path) -> None:
    for i in range(12):
        picture(tmp_path / f"{i:02}.png", "1")
    ticks = iter(0.03 * k for k in range(10_000))
    steps = list(read_folder(str(tmp_path), Templates(), clock=lambda: next(ticks)))
    sizes = [len(step.rows) for step in steps[1:]]
    assert sum(sizes) == 12
    assert 1 < max(sizes) < 12
    assert [step.done for step in steps] == [sum(sizes[:k]) for k in range(len(sizes) + 1)]


def test_it_stops_where_it_is_when_nobody_wants_more(tmp_path: Path) -> None:
    for i in range(40):
        picture(tmp_path / f"{i:02}.png", "1")
    asked = Templates()
    before = set(threading.enumerate())
    steps = read_folder(str(tmp_path), asked, workers=2, clock=iter(range(9999)).__next__)
    next(steps)
    next(steps)
    steps.close()
    assert set(threading.enumerate()) <= before
    assert len(asked.batches) < 40


def test_a_folder_with_nothing_to_read_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FolderEmpty):
        list(read_folder(str(tmp_path), Templates()))


def test_the_layout_holds_for_every_file(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", "3\n1")
    steps = list(read_folder(str(tmp_path), Templates(), Layout.LINE))
    assert "\n" not in steps[-1].rows[0].text


class Unsure(Templates):
    """Sure of a 3 to the given share, whatever it sees."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def probabilities(self, cells: Cells) -> Cells:
        found = np.full((len(cells), 10), (1 - self._share) / 9, np.float32)
        found[:, 3] = self._share
        return found


def test_doubt_and_rejection_are_counted(tmp_path: Path) -> None:
    source = Source(str(picture(tmp_path / "a.png", "31")))
    sure, unsure = (rows_of(source, Unsure(SURE + by))[0] for by in (0.01, -0.01))
    assert (sure.doubtful, sure.rejected, sure.is_doubtful) == (0, 0, False)
    assert (unsure.doubtful, unsure.rejected, unsure.is_doubtful) == (2, 0, True)
    assert unsure.confidence == pytest.approx(SURE - 0.01)
    strict = Unsure(SURE + 0.01)
    strict.rejection_threshold = 0.99
    (row,) = rows_of(source, strict)
    assert row.rejected == row.doubtful == 2


def test_a_blank_page_is_no_error(tmp_path: Path) -> None:
    Image.new("L", (90, 60), 255).save(tmp_path / "a.png")
    (row,) = rows(tmp_path)
    assert (row.text, row.glyphs, row.error, row.is_doubtful) == ("", 0, None, False)


class Faulty(Templates):
    def probabilities(self, cells: Cells) -> Cells:
        raise ZeroDivisionError("a bug")


def test_a_bug_is_a_row_too(tmp_path: Path) -> None:
    (row,) = rows_of(Source(str(picture(tmp_path / "a.png", "3"))), Faulty())
    assert "ZeroDivisionError: a bug" in str(row.error)
    assert row.thumbnail is not None


@pytest.mark.parametrize("size", [(1, 1), (96, 48), (97, 49), (4000, 30), (30, 4000), (640, 480)])
def test_a_thumbnail_fits_and_keeps_its_shape(size: tuple[int, int]) -> None:
    width, height = size
    colour = np.zeros((height, width, 3), np.uint8)
    colour[..., 0] = 200
    small = thumbnail(Page(colour, colour[..., 0]))
    assert small is not None
    assert small.shape[1] <= THUMBNAIL[0]
    assert small.shape[0] <= THUMBNAIL[1]
    assert not small.flags.writeable
    assert not np.shares_memory(small, colour)
    assert (small == (200, 0, 0)).all()
    scale = min(1, THUMBNAIL[0] / width, THUMBNAIL[1] / height)
    assert small.shape[1] == max(1, int(width * scale))


def test_a_thumbnail_of_ink_is_the_first_drawing_that_shows_something() -> None:
    blank, seven = Drawing(None, Ink()), Drawing(None, write("7"))
    small = thumbnail((blank, seven))
    assert small is not None
    assert small.shape[0] <= THUMBNAIL[1]
    assert small.min() < 90
    assert small.max() == 255
    assert thumbnail((blank,)) is None


def test_no_cell_of_the_table_is_a_formula() -> None:
    data = table([(Row("=a.png", "-12,5"), None), (Row("b;@c.png", "1"), "=1+1")])
    _, *rest = csv.reader(io.StringIO(data.decode(), newline=""))
    assert [row[:2] for row in rest] == [["'=a.png", "-12,5"], ["b;'@c.png", "'=1+1"]]


def test_the_table_has_what_a_person_typed() -> None:
    broken = PictureDamaged(name="c.png", reason="cut off")
    read = Row("a.png", "3\n1", 0.75, 2, 1, 2)
    data = table(
        [(read, None), (Row("b,.png", "7", 0.5, 1, 0, 1), "1"), (Row("c", error=broken), "")]
    )
    header, *rest = csv.reader(io.StringIO(data.decode(), newline=""))
    assert header == [*CSV_COLUMNS, "corrected"]
    assert rest == [
        ["a.png", "3\n1", "0.75", "", "1", "2", "2", "", "0"],
        ["b,.png", "1", "0.5", "", "0", "1", "1", "", "1"],
        ["c", "", "0.0", str(broken), "0", "0", "0", "", "1"],
    ]


def test_every_page_is_a_row(tmp_path: Path) -> None:
    pages = [Image.fromarray(rasterise_page(write(text))) for text in ("47", "1")]
    path = tmp_path / "a.tiff"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    picture(tmp_path / "b.png", "3")
    (_, *reports) = read_folder(str(tmp_path), Templates(), clock=iter(range(99)).__next__)
    rows = [row for report in reports for row in report.rows]
    assert [(row.text, row.page, row.pages) for row in rows] == [
        ("47", 1, 2),
        ("1", 2, 2),
        ("3", 1, 1),
    ]
    assert [(report.done, report.total) for report in reports] == [(1, 2), (2, 2)]
    assert len({row.digest for row in rows}) == 3
    with Pages(path.read_bytes(), "a") as opened:
        assert [opened.page(k).digest for k in (0, 1)] == [row.digest for row in rows[:2]]
    assert rows[1].title == f"{path} (page 2)"
