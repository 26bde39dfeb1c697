from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

from inkread.core.batch.read_files import joined, open_source, read_content, result_of, results_of
from inkread.core.batch.result_formats import Result
from inkread.core.batch.sources import Source
from inkread.core.errors import FileMissing, FileNotAllowed, PictureUnknown, ReadingFailed
from inkread.core.geometry import Box
from inkread.core.ink import Ink, rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.layout import Layout
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
    reading = result_of(picture(tmp_path / "a.png", "3"), Templates()).reading
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
    result = result_of(picture(tmp_path / "a.png", "3"), Faulty())
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
