from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image
from tqdm import tqdm

from inkread.core.batch.read_files import open_source, read_content
from inkread.core.batch.result_formats import Result
from inkread.core.batch.sources import Source
from inkread.core.errors import (
    FileMissing,
    FileNotRegular,
    FileTooLarge,
    InkreadError,
    InputEmpty,
    NothingToWrite,
)
from inkread.core.geometry import Box
from inkread.core.ink import Ink
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.picture.page import Pages
from inkread.core.reading import Reading
from inkread.ml.inference.classifier import OnnxClassifier
from tests.cli.conftest import Run, blank, picture, texts
from tests.table_readings import table_reading
from tests.written import write

Rows = Callable[..., list[dict[str, Any]]]


def ink_file(path: Path, *labels: str) -> Path:
    drawings = [Drawing(label, write(label) if label else Ink()) for label in labels]
    path.write_bytes(write_inkml(drawings))
    return path


def test_a_picture_is_a_line(run: Run, tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", "2047")
    assert run(path) == (0, f"{path}\t2047\n", "")


def test_lines_of_a_page_are_joined(run: Run, rows: Rows, tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", "31\n42")
    assert run(path)[1] == f"{path}\t31 / 42\n"
    assert texts(rows(path)) == ["31\n42"]


def test_a_broken_network_for_lines_is_one_sentence_and_no_failure(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lines = picture(tmp_path / "a.png", "2047"), tmp_path / "lines.onnx"
    monkeypatch.setattr("inkread.api.SHIPPED_LINES", str(lines))
    assert run(path) == (0, f"{path}\t2047\n", "")  # none is no news
    lines.write_bytes(b"broken")
    status, out, err = run(path)
    assert (status, out) == (0, f"{path}\t2047\n")
    assert err.startswith(f"inkread: {lines}: ") and err.count("\n") == 1


def test_a_blank_page_has_no_text_and_is_no_failure(run: Run, rows: Rows, tmp_path: Path) -> None:
    path = blank(tmp_path / "a.png")
    assert run(path) == (0, f"{path}\t\n", "")
    assert rows(path) == [
        {
            "file": str(path),
            "page": 1,
            "text": "",
            "confidence": 0.0,
            "tables": [],
            "notes": [],
            "type": None,
            "fits": None,
            "partial": False,
            "error": None,
            "glyphs": [],
        }
    ]


def test_glyphs_tell_where_they_are_and_how_sure(rows: Rows, tmp_path: Path) -> None:
    (row,) = rows(picture(tmp_path / "a.png", "2047"))
    glyphs = row["glyphs"]
    assert [glyph["label"] for glyph in glyphs] == ["2", "0", "4", "7"]
    assert row["confidence"] == min(glyph["probability"] for glyph in glyphs)
    ink = write("2047")
    corner = ink.bounds.grown(16 + 6)  # the margin of the picture, half of the pen
    for glyph, strokes in zip(glyphs, ([0], [1], [2, 3], [4]), strict=True):
        inner = Ink(tuple(ink.strokes[i] for i in strokes)).bounds
        expected = inner.grown(6)
        found = Box(*glyph["box"])
        assert found.x == pytest.approx(expected.x - corner.x, abs=3)
        assert found.y == pytest.approx(expected.y - corner.y, abs=3)
        assert found.width == pytest.approx(expected.width, abs=5)
        assert found.height == pytest.approx(expected.height, abs=5)
        assert max(glyph["probabilities"], key=glyph["probabilities"].get) == glyph["label"]
        assert sum(glyph["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert len(glyph["probabilities"]) == 10


def test_ink_is_read(run: Run, tmp_path: Path) -> None:
    path = ink_file(tmp_path / "a.inkml", "58")
    assert run(path) == (0, f"{path}\t58\n", "")


def test_several_drawings_are_lines(run: Run, rows: Rows, tmp_path: Path) -> None:
    path = ink_file(tmp_path / "a.inkml", "58", "", "6\n1", "0")
    assert run(path)[1] == f"{path}\t58 / 6 / 1 / 0\n"
    (row,) = rows(path)
    assert row["text"] == "58\n6\n1\n0"
    assert [glyph["line"] for glyph in row["glyphs"]] == [0, 0, 1, 2, 3]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" \n"])
def test_content_tells_ink_from_picture_whatever_the_name(
    before: bytes, run: Run, tmp_path: Path
) -> None:
    ink = ink_file(tmp_path / "ink.png", "58")
    if before.strip() == before:  # an XML declaration must come first
        ink.write_bytes(before + ink.read_bytes())
    page = picture(tmp_path / "page.png", "31").rename(tmp_path / "page.inkml")
    assert run(ink, page) == (0, f"{ink}\t58\n{page}\t31\n", "")


def test_standard_input_is_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = picture(tmp_path / "a.png", "31").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run("-") == (0, "-\t31\n", "")


def test_empty_standard_input_is_reported(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert run("-") == (1, "", f"inkread: {InputEmpty(name='-')}\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files on this system")
def test_pipes_and_devices_are_refused_and_do_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    path, pipe = picture(tmp_path / "a.png", "31"), tmp_path / "pipe.png"
    os.mkfifo(pipe)
    (tmp_path / "linked.png").symlink_to(pipe)
    status, out, err = run("/dev/zero", pipe, tmp_path)
    assert (status, out) == (1, f"{path}\t31\n")
    refused = ["/dev/zero", pipe, tmp_path / "linked.png"]
    assert err == "".join(f"inkread: {FileNotRegular(name=str(name))}\n" for name in refused)


def test_no_standard_input_is_reported(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    status, out, err = run("-")
    assert (status, out) == (1, "")
    assert err.startswith("inkread: -: ")


def test_a_bad_file_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    first, last = picture(tmp_path / "a.png", "1"), picture(tmp_path / "z.png", "2")
    broken = tmp_path / "broken.png"
    broken.write_bytes(first.read_bytes()[:60])
    text, none = tmp_path / "b.txt", tmp_path / "none.png"
    text.write_bytes(b"hello")
    status, out, err = run(first, broken, text, none, tmp_path / "folder.png", last)
    assert status == 1
    assert out == f"{first}\t1\n{last}\t2\n"
    lines = err.splitlines()
    assert len(lines) == 4
    for line, path in zip(lines, (broken, text, none, tmp_path / "folder.png"), strict=True):
        assert line.startswith(f"inkread: {path}: ")


def test_a_folder_is_read_in_order(run: Run, tmp_path: Path) -> None:
    for name, text in {"b.png": "2", "a.png": "1", "sub/c.png": "3"}.items():
        picture(tmp_path / name, text)
    (tmp_path / "notes.txt").write_text("no picture")
    flat = f"{tmp_path / 'a.png'}\t1\n{tmp_path / 'b.png'}\t2\n"
    assert run(tmp_path) == (0, flat, "")
    assert run("-r", tmp_path) == (0, flat + f"{tmp_path / 'sub' / 'c.png'}\t3\n", "")


def test_a_folder_without_a_picture_counts_as_failed(run: Run, tmp_path: Path) -> None:
    status, out, err = run(tmp_path)
    assert (status, out) == (1, "")
    assert err.startswith(f"inkread: {tmp_path}: no picture")
    assert err.count("\n") == 1


def test_a_bug_is_reported_in_one_sentence_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = picture(tmp_path / "a.png", "1"), picture(tmp_path / "bad.png", "1")

    def fail(data: bytes, name: str) -> Pages:
        if name == str(bad):
            raise ZeroDivisionError("a\nbug")
        return Pages(data, name)

    monkeypatch.setattr("inkread.core.batch.read_files.Pages", fail)
    status, out, err = run(bad, good)
    assert (status, out) == (1, f"{good}\t1\n")
    assert err.startswith(f"inkread: {bad}: ")
    assert "ZeroDivisionError" in err
    assert err.count("\n") == 1


def test_a_file_beyond_the_limit_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkread.core.batch.read_files.MAX_FILE_BYTES", 1_000_000)
    path = tmp_path / "large.png"
    path.write_bytes(bytes(1_000_001))
    assert run(path) == (1, "", f"inkread: {FileTooLarge(name=str(path), limit=1)}\n")


def test_raw_csv_holds_names_as_they_are(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture(tmp_path / "=1+1.png", "20")
    monkeypatch.chdir(tmp_path)
    for options, name in ((["--csv"], "'=1+1.png"), (["--csv", "--raw"], "=1+1.png")):
        (row,) = csv.DictReader(io.StringIO(run("=1+1.png", *options)[1]))
        assert (row["file"], row["text"]) == (name, "20")


def test_raw_goes_with_csv_only(run: Run) -> None:
    with pytest.raises(SystemExit):
        run("a.png", "--raw")


def test_csv(run: Run, tmp_path: Path) -> None:
    path, none = picture(tmp_path / "a.png", "31\n42"), tmp_path / "none.png"
    status, out, err = run(path, none, "--csv")
    assert (status, err) == (1, "")
    header, first, second = csv.reader(io.StringIO(out, newline=""))
    numbers = ["rejected", "glyphs", "doubtful", "page"]
    assert header == ["file", "text", "confidence", "error", *numbers]
    expected = [str(path), "31\n42", "", "4", "1"]
    assert [first[0], first[1], first[3], first[5], first[7]] == expected
    assert 0.5 < float(first[2]) <= 1
    assert second == [str(none), "", "0.0", str(FileMissing(name=str(none))), "0", "0", "0", ""]


class TestOut:
    @pytest.mark.parametrize("format_name", [None, "--csv", "--json"])
    def test_the_file_has_what_would_be_printed(
        self, format_name: str | None, run: Run, tmp_path: Path
    ) -> None:
        path, out = picture(tmp_path / "a.png", "31"), tmp_path / "out"
        options = [format_name] if format_name else []
        printed = run(path, *options)[1]
        assert run(path, *options, "--out", out) == (0, "", "")
        assert out.read_bytes().decode() == printed

    def test_failures_are_still_reported(self, run: Run, tmp_path: Path) -> None:
        out = tmp_path / "out"
        status, printed, err = run(tmp_path / "none.png", "--out", out)
        assert (status, printed) == (1, "")
        assert "none.png" in err
        assert out.read_bytes() == b""

    def test_an_old_file_stays_if_the_work_is_stopped(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        path, out = picture(tmp_path / "a.png", "31"), tmp_path / "out"
        out.write_text("old")
        monkeypatch.setattr("inkread.core.batch.read_files.Pages", stop)
        assert run(path, "--json", "--out", out) == (130, "", "")
        assert out.read_text() == "old"
        assert {p.name for p in tmp_path.iterdir()} == {"a.png", "out"}

    def test_a_place_that_cannot_be_written_to(self, run: Run, tmp_path: Path) -> None:
        path, out = picture(tmp_path / "a.png", "31"), tmp_path / "none" / "out"
        status, printed, err = run(path, "--out", out)
        assert (status, printed) == (2, "")
        assert err.startswith(f"inkread: {out}: ")
        assert err.count("\n") == 1


class TestModel:
    @pytest.mark.parametrize("content", [None, b"", b"hello"])
    def test_one_that_cannot_be_used_ends_it(
        self, content: bytes | None, run: Run, tmp_path: Path
    ) -> None:
        bad = tmp_path / "bad.onnx"
        if content is not None:
            bad.write_bytes(content)
        status, out, err = run(picture(tmp_path / "a.png", "1"), model=bad)
        assert (status, out) == (2, "")
        assert err.startswith(f"inkread: {bad}: ")
        assert err.count("\n") == 1


class TestProgress:
    """The bar is there for people only: on a terminal, when there is something to wait for."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def test_many_files_on_a_terminal(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paths = [picture(tmp_path / f"{i}.png", str(i)) for i in range(3)]
        terminal = self.Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        status, out, _ = run(*paths, tmp_path / "none.png")
        assert status == 1
        assert out == "".join(f"{path}\t{i}\n" for i, path in enumerate(paths))
        assert "0/4" in terminal.getvalue()
        lines = [line for line in terminal.getvalue().split("\r") if "none.png" in line]
        assert lines[0].startswith(f"inkread: {tmp_path / 'none.png'}: ")
        assert tqdm.monitor is None

    def test_one_file_on_a_terminal(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        terminal = self.Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        run(picture(tmp_path / "a.png", "1"))
        assert terminal.getvalue() == ""

    def test_many_files_elsewhere(self, run: Run, tmp_path: Path) -> None:
        paths = [picture(tmp_path / f"{i}.png", str(i)) for i in range(3)]
        assert run(*paths)[2] == ""


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes that are no text")
def test_a_name_that_is_no_utf8(run: Run, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd\xff.png"))
    picture(tmp_path / "a.png", "31").rename(path)
    assert run(path) == (0, f"{path}\t31\n", "")
    assert json.loads(run(path, "--json")[1])[0]["file"] == str(path)
    path.write_bytes(b"broken")
    status, _, err = run(path)
    assert status == 1
    assert r"odd\xff.png" in err


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(
        [
            b"",
            b"<ink>",
            b"<?xml version='1.0'?>",
            b"\xff\xfe<\0",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"BM",
        ]
    ),
    rest=st.binary(max_size=300),
)
def test_any_bytes_are_read_or_refused(
    start: bytes, rest: bytes, model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "any"
    path.write_bytes(start + rest)
    try:
        content = open_source(Source(str(path)))
        reading = read_content(content, OnnxClassifier.open(model))
    except InkreadError as error:
        assert str(error).startswith(f"{path}: ")
    else:
        assert isinstance(reading, Reading)


TABLE = table_reading([["12", "3?"], ["", "=4"]], (0, 40))


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What is read of each file from now on, a reading or an error, in their order."""

    def set_found(*readings: Reading | InkreadError) -> None:
        def results_of(sources: list[Source], *_: object, **__: object) -> Iterator[Result]:
            for source, one in zip(sources, readings, strict=True):
                is_error = isinstance(one, InkreadError)
                yield Result(source.name, *((None, one) if is_error else (one,)))

        monkeypatch.setattr("inkread.cli.read.run.results_of", results_of)

    return set_found


def test_csv_of_one_picture_is_its_table(run: Run, found: Callable[..., None]) -> None:
    found(TABLE)
    assert run("a.png", "--csv") == (0, "12,3\r\n,'=4\r\n", "")
    found(TABLE)
    assert run("a.png", "--csv", "--raw")[1] == "12,3\r\n,=4\r\n"


def test_csv_of_several_tables_has_an_empty_line_between(
    run: Run, found: Callable[..., None]
) -> None:
    both = replace(TABLE, tables=TABLE.tables * 2)
    found(both)
    assert run("a.png", "--csv")[1] == "12,3\r\n,'=4\r\n\r\n12,3\r\n,'=4\r\n"
    found(both)
    assert run("a.png", "--csv", "--table", "2")[1] == "12,3\r\n,'=4\r\n"
    found(both)
    status, out, err = run("a.png", "--csv", "--table", "3")
    assert (status, out) == (2, "")
    assert err == "inkread: a.png: there is no table 3 in it; tables found: 2.\n"


def test_csv_of_one_picture_without_a_table_is_its_row(
    run: Run, found: Callable[..., None]
) -> None:
    found(replace(TABLE, tables=()))
    head, row, *_ = run("a.png", "--csv")[1].splitlines()
    assert head == "file,text,confidence,error,rejected,glyphs,doubtful,page"
    assert row.startswith("a.png,")


def test_csv_of_several_files_or_of_a_folder_is_a_row_for_each(
    run: Run, found: Callable[..., None], tmp_path: Path
) -> None:
    found(TABLE, TABLE)
    assert run("a.png", "b.png", "--csv")[1].startswith("file,text,")
    picture(tmp_path / "a.png", "1")
    found(TABLE)
    assert run(tmp_path, "--csv")[1].startswith("file,text,")


def test_lines_beside_a_table_are_left_out_with_a_remark(
    run: Run, found: Callable[..., None]
) -> None:
    found(table_reading([["1"]], (0, 40), before="99"))
    assert run("a.png", "--csv") == (
        0,
        "1\r\n",
        "inkread: a.png: 1 line stands in no table, left out here; --json has all.\n",
    )


def test_a_workbook_has_a_sheet_for_each_table(
    run: Run, found: Callable[..., None], tmp_path: Path
) -> None:
    path = tmp_path / "out.xlsx"
    found(TABLE)
    assert run("a.png", "--xlsx", path) == (0, "", "")
    book = load_workbook(path)
    assert book.sheetnames == ["Table 1"]
    assert [list(row) for row in book["Table 1"].values] == [[12, 3], [None, "=4"]]
    assert book["Table 1"]["B2"].data_type == "s"


def test_a_workbook_of_several_files_says_which(
    run: Run, found: Callable[..., None], tmp_path: Path
) -> None:
    path = tmp_path / "out.xlsx"
    found(TABLE, FileMissing(name="no.png"), replace(TABLE, tables=()))
    status, _, err = run("a.png", "no.png", "b.png", "--xlsx", path)
    assert (status, err) == (1, f"inkread: {FileMissing(name='no.png')}\n")
    assert load_workbook(path).sheetnames == ["a Table 1", "b Lines"]


def test_a_workbook_of_nothing_is_not_written(
    run: Run, found: Callable[..., None], tmp_path: Path
) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"before")
    found(FileMissing(name="no.png"))
    status, _, err = run("no.png", "--xlsx", path)
    assert status == 1
    assert err.splitlines()[1] == f"inkread: {NothingToWrite(name=str(path))}"
    assert path.read_bytes() == b"before"


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.png", "--table", "1"],
        ["a.png", "--json", "--table", "1"],
        ["a.png", "b.png", "--csv", "--table", "1"],
        [".", "--csv", "--table", "1"],
        ["a.png", "--csv", "--table", "0"],
        ["a.png", "--csv", "--table", "x"],
        ["a.png", "--xlsx", "a.xlsx", "--csv"],
        ["a.png", "--xlsx", "a.xlsx", "--out", "b"],
        ["a.png", "--xlsx", "a.xlsx", "--raw"],
    ],
)
def test_options_of_tables_that_go_with_nothing_are_refused(run: Run, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2


def test_a_type_says_what_stands_in_each_line(run: Run, rows: Rows, tmp_path: Path) -> None:
    paths = picture(tmp_path / "a.png", "2047"), ink_file(tmp_path / "b.inkml", "31")
    first, second = rows(*paths, "--type", "digits:4")
    assert (first["text"], first["type"], first["fits"]) == ("2047", "digits:4", True)
    assert (second["text"], second["type"], second["fits"]) == ("31", "digits:4", False)
    assert second["notes"] == ["31: this does not fit the type digits:4."]
    assert "31: this does not fit" in run(paths[1], "--type", "digits:4")[2]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("dat", "does not say what may stand"), ("AA-9999", "letters are not read yet")],
)
def test_a_type_that_cannot_be_read_is_refused(
    run: Run, tmp_path: Path, kind: str, sentence: str
) -> None:
    status, out, report = run(picture(tmp_path / "a.png", "2047"), "--type", kind)
    assert (status, out) == (2, "")
    assert kind in report
    assert sentence in report


def test_a_region_is_read_alone_and_a_picture_is_turned_first(
    run: Run, rows: Rows, tmp_path: Path
) -> None:
    path = picture(tmp_path / "a.png", "31\n42")
    with Image.open(path) as upright:
        width, height = upright.size
        upright.rotate(90, expand=True).save(tmp_path / "lies.png")
    lower = f"0,{height // 2},{width},{height}"
    assert run("--region", lower, path) == (0, f"{path}\t42\n", "")
    (whole,), (part,) = rows(path), rows("--region", lower, path)
    for glyph, other in zip(part["glyphs"], whole["glyphs"][2:], strict=True):
        assert glyph["box"] == pytest.approx(other["box"], abs=3)
    lying = tmp_path / "lies.png"
    assert run("--rotate", "90", lying)[1] == f"{lying}\t31 / 42\n"
    left = f"0,0,{height // 2},{width}"
    assert run("--rotate", "90", "--region", left, lying)[1] == f"{lying}\t31\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--region", "9000,0,5,5"), "the region is outside of it"),
        (("--region", "nowhere"), "this is no region"),
        (("--rotate", "45"), "cannot be turned so"),
    ],
)
def test_a_wrong_region_or_turn_is_one_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, str], says: str
) -> None:
    path = picture(tmp_path / "a.png", "31")
    status, _, err = run(*arguments, path)
    assert status != 0
    assert says in err and err.count("\n") == 1


def test_of_ink_no_region_is_read(run: Run, tmp_path: Path) -> None:
    path = ink_file(tmp_path / "a.inkml", "31")
    status, _, err = run("--region", "0,0,50,50", path)
    assert status == 1
    assert "it is ink" in err


@pytest.mark.parametrize("other", ["--template", "--trace"])
@pytest.mark.parametrize("option", [("--region", "0,0,5,5"), ("--rotate", "90")])
def test_a_region_goes_with_no_template_and_no_trace(
    run: Run, tmp_path: Path, other: str, option: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*option, other, tmp_path / "other", "a.png")
    assert ended.value.code == 2
