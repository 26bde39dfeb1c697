from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

from inkread.core.batch.page_choice import PageChoice
from inkread.core.batch.read_files import (
    file_results,
    joined,
    open_source,
    read_content,
    results_of,
)
from inkread.core.batch.result_formats import Result
from inkread.core.batch.sources import Source
from inkread.core.errors import (
    FileMissing,
    FileNotAllowed,
    PageMissing,
    PictureUnknown,
    ReadingFailed,
)
from inkread.core.geometry import Box
from inkread.core.ink import Ink, rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.layout import Layout
from inkread.core.picture.containers import tiff_pages
from inkread.core.reading import Cells, Glyph, Guess, Reading
from tests.core.templates import Templates
from tests.written import write


def picture(path: Path, text: str) -> Source:
    Image.fromarray(rasterise_page(write(text))).save(path, "PNG")
    return Source(str(path))


def texts(results: Iterable[Result]) -> list[str | None]:
    return [None if result.reading is None else result.reading.text for result in results]


def test_joined_readings_keep_their_lines_apart() -> None:
    def glyph(label: str, line: int) -> Glyph:
        return Glyph(Box(0, 0, 1, 1), line, (Guess(label, 0.5),), None, ())  # type: ignore[arg-type]

    first = Reading((glyph("1", 0), glyph("2", 1)))
    found = joined([first, Reading(), Reading((glyph("3", 0),)), first])
    assert [(g.label, g.line) for g in found.glyphs] == [
        ("1", 0),
        ("2", 1),
        ("3", 2),
        ("1", 3),
        ("2", 4),
    ]
    assert joined([]).is_empty


def test_the_content_tells_ink_from_picture(tmp_path: Path) -> None:
    ink = tmp_path / "ink.png"
    ink.write_bytes(write_inkml([Drawing(None, write("58")), Drawing(None, Ink())]))
    page = picture(tmp_path / "a.inkml", "31")
    for source, text in ((Source(str(ink)), "58"), (page, "31")):
        assert read_content(open_source(source), Templates()).text == text


def test_a_result_is_light(tmp_path: Path) -> None:
    (result,) = file_results(picture(tmp_path / "a.png", "3"), Templates())
    reading = result.reading
    assert reading is not None
    (glyph,) = reading.glyphs
    assert glyph.stages == ()


def test_the_layout_holds_for_all(tmp_path: Path) -> None:
    sources = [picture(tmp_path / f"{i}.png", "3\n1") for i in range(3)]
    for layout, lines in ((Layout.AUTO, 2), (Layout.LINE, 1)):
        found = results_of(sources, Templates(), layout)
        assert [len(r.reading.lines) for r in found if r.reading is not None] == [lines] * 3


def test_what_cannot_be_read_is_a_result_too(tmp_path: Path) -> None:
    text = tmp_path / "a.png"
    text.write_text("no picture")
    refused = Source("locked", FileNotAllowed(name="locked"))
    good = picture(tmp_path / "z.png", "7")
    found = list(results_of([Source("none"), Source(str(text)), refused, good], Templates()))
    kinds = [type(result.error) for result in found]
    assert kinds == [FileMissing, PictureUnknown, FileNotAllowed, type(None)]
    assert texts(found) == [None, None, None, "7"]


class Faulty(Templates):
    def probabilities(self, cells: Cells) -> Cells:
        raise ZeroDivisionError("a bug")


def test_a_bug_is_a_result_too(tmp_path: Path) -> None:
    (result,) = file_results(picture(tmp_path / "a.png", "3"), Faulty())
    assert isinstance(result.error, ReadingFailed)
    assert "ZeroDivisionError: a bug" in str(result.error)


@pytest.mark.parametrize("workers", [1, 3])
def test_many_files_come_in_their_order(workers: int, tmp_path: Path) -> None:
    sources = [picture(tmp_path / f"{i}.png", str(i % 10)) for i in range(25)]
    found = list(results_of(sources, Templates(), workers=workers))
    assert [result.path for result in found] == [source.name for source in sources]
    assert texts(found) == [str(i % 10) for i in range(25)]


def test_a_single_file_needs_no_thread(tmp_path: Path) -> None:
    asked: list[int] = []

    class Asked(Templates):
        def probabilities(self, cells: Cells) -> Cells:
            asked.append(threading.get_ident())
            return super().probabilities(cells)

    list(results_of([picture(tmp_path / "a.png", "3")], Asked()))
    assert set(asked) == {threading.get_ident()}


class TestSeveralPages:
    """A file of several pages gives a result for each."""

    @staticmethod
    def file(path: Path, *texts: str) -> Source:
        first, *others = (Image.fromarray(rasterise_page(write(text))) for text in texts)
        first.save(path, save_all=True, append_images=others)
        return Source(str(path))

    @pytest.mark.parametrize("count", [1, 2])
    def test_all_are_read_in_order(self, count: int, tmp_path: Path) -> None:
        source = self.file(tmp_path / "a.tiff", "4", "91", "3")
        found = list(results_of([source] * count, Templates()))
        texts = [result.reading and result.reading.text for result in found]
        assert texts == ["4", "91", "3"] * count
        assert [(r.page, r.pages, r.is_last) for r in found[:3]] == [
            (1, 3, False),
            (2, 3, False),
            (3, 3, True),
        ]
        assert all(r.reading is not None and r.reading.notes == () for r in found)

    def test_of_a_file_alone_they_come_as_they_are_read(self, tmp_path: Path) -> None:
        source = self.file(tmp_path / "a.tiff", "4", "91")
        results = results_of([source], Templates())
        assert next(results).page == 1
        results.close()

    def test_chosen_ones(self, tmp_path: Path) -> None:
        source = self.file(tmp_path / "a.tiff", "4", "91", "3")
        found = results_of([source], Templates(), chosen=PageChoice.of("2-5"))
        notes = [(r.page, r.reading.notes if r.reading else None) for r in found]
        assert notes == [(2, ()), (3, ("It has 3 pages; those after are not there.",))]

    def test_none_of_the_chosen_ones(self, tmp_path: Path) -> None:
        sources = [self.file(tmp_path / "a.tiff", "4"), picture(tmp_path / "b.png", "1")]
        ink = tmp_path / "c.inkml"
        ink.write_bytes(write_inkml([Drawing(None, write("1"))]))
        sources.append(Source(str(ink)))
        found = results_of(sources, Templates(), chosen=PageChoice.of("2"))
        assert [type(result.error) for result in found] == [PageMissing] * 3

    def test_a_broken_page_costs_no_other(self, tmp_path: Path) -> None:
        source = self.file(tmp_path / "a.tiff", "4", "91")
        data = bytearray(Path(source.name).read_bytes())
        second = tiff_pages(bytes(data))[1]
        data[second + 10 : second + 14] = b"\0\0\0\0"  # of the width
        Path(source.name).write_bytes(data)
        first, broken = results_of([source], Templates())
        assert first.reading is not None and first.reading.text == "4"
        assert str(broken.error).startswith(f"{source.name} (page 2): ")
        assert (broken.page, broken.is_last) == (2, True)
