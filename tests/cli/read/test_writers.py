from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from inkread.cli.read.run import write_all
from inkread.cli.read.writers import FORMATS
from inkread.core.batch.result_formats import Result
from inkread.core.errors import FileMissing
from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Guess, Reading

CELL = np.zeros((28, 28), np.float32)
#: A file name whose last byte is no UTF-8, as Python hands it out on Linux.
ODD = "odd\udcff.png"


def glyph(label: str, probability: float, line: int = 0, rejected: bool = False) -> Glyph:
    guesses = (Guess(label, probability), Guess("x", 1 - probability))
    return Glyph(Box(1.234, 2, 3, 4.5), line, guesses, CELL, (), rejected)


DOUBTED = Reading((glyph("1", 0.75), glyph("7", 0.3, rejected=True), glyph("2", 0.9)))
TWO_LINES = Reading((glyph("1", 0.75), glyph("2", 0.9), glyph("ä", 0.625, line=1)))


def written(format_name: str, *results: Result) -> bytes:
    stream = io.BytesIO()
    failed = write_all(results, FORMATS[format_name], stream, len(results))
    assert failed == sum(result.error is not None for result in results)
    return stream.getvalue()


def missing(name: str) -> Result:
    return Result(name, error=FileMissing(name=name))


def test_plain_is_a_line_for_each_file() -> None:
    found = written("plain", Result("a.png", TWO_LINES), Result("b.png", Reading()))
    assert found == "a.png\t12 / ä\nb.png\t\n".encode()


def test_plain_tells_errors_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert written("plain", missing("no.png")) == b""
    assert capsys.readouterr().err == f"inkread: {FileMissing(name='no.png')}\n"


def test_plain_keeps_what_looks_like_no_digit_and_says_how_many_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = written("plain", Result("a.png", DOUBTED), Result("b.png", TWO_LINES))
    assert found == "a.png\t172\nb.png\t12 / ä\n".encode()
    assert capsys.readouterr().err == "inkread: a.png: 1 of 3 looks like no digit.\n"
    written("plain", Result("a.png", Reading((*DOUBTED.glyphs, *DOUBTED.rejected))))
    assert capsys.readouterr().err == "inkread: a.png: 2 of 4 look like no digit.\n"


def test_csv_and_json_tell_what_looks_like_no_digit() -> None:
    table = written("csv", Result("a.png", DOUBTED), Result("b.png", TWO_LINES)).decode()
    assert [row["rejected"] for row in csv.DictReader(io.StringIO(table))] == ["1", "0"]
    (found,) = json.loads(written("json", Result("a.png", DOUBTED)))
    assert [each["rejected"] for each in found["glyphs"]] == [False, True, False]
    assert found["text"] == "172"


def test_plain_names_files_byte_for_byte() -> None:
    assert written("plain", Result(ODD, Reading())) == b"odd\xff.png\t\n"
    assert written("plain", Result("\ud800", Reading())) == b"\\ud800\t\n"


def test_a_name_cannot_break_a_line_or_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "a\tb\nc\x1b[31m\x9b.png"
    assert written("plain", Result(name, Reading())) == b"a\\tb\\nc\\x1b[31m\\x9b.png\t\n"
    written("plain", missing(name))
    assert capsys.readouterr().err.count("\n") == 1


def test_labels_cannot_break_a_line_either() -> None:
    reading = Reading((glyph("\t", 0.9), glyph("\x1b", 0.9)))
    assert written("plain", Result("a", reading)) == b"a\t\\t\\x1b\n"


def test_csv_can_be_read_back() -> None:
    name = 'say "a", b\n.png'
    found = written("csv", Result(name, TWO_LINES), missing("no.png"))
    header, first, second = csv.reader(io.StringIO(found.decode(), newline=""))
    numbers = ["rejected", "glyphs", "doubtful", "page"]
    assert header == ["file", "text", "confidence", "error", *numbers]
    assert first == [name, "12\nä", "0.625", "", "0", "3", "2", ""]
    assert second == ["no.png", "", "0.0", str(FileMissing(name="no.png")), "0", "0", "0", ""]


def test_no_name_and_no_label_is_a_formula_in_csv() -> None:
    reading = Reading((glyph("=", 0.9), glyph("1", 0.9)))
    error = FileMissing(name="=no.png")
    results = Result("=cmd|calc.png", reading), Result("a;@b.png", error=error)
    first, second = list(csv.reader(io.StringIO(written("csv", *results).decode(), newline="")))[1:]
    assert first[:2] == ["'=cmd|calc.png", "'=1"]
    assert second[0] == "a;'@b.png"
    assert second[3] == f"'{error}"
    raw = list(csv.reader(io.StringIO(written("raw csv", *results).decode(), newline="")))[1:]
    assert [row[:2] for row in raw] == [["=cmd|calc.png", "=1"], ["a;@b.png", ""]]
    assert raw[1][3] == str(error)


def test_numbers_stay_numbers_in_csv() -> None:
    reading = Reading(tuple(glyph(label, 0.9) for label in "-12,5"))
    assert list(csv.reader(io.StringIO(written("csv", Result("a", reading)).decode())))[1][1] == (
        "-12,5"
    )


def test_json_has_the_documented_keys() -> None:
    (found,) = json.loads(written("json", Result("a.png", TWO_LINES)))
    assert list(found) == [
        "file",
        "page",
        "text",
        "confidence",
        "tables",
        "notes",
        "type",
        "fits",
        "partial",
        "error",
        "glyphs",
    ]
    assert (found["file"], found["text"], found["error"]) == ("a.png", "12\nä", None)
    assert found["confidence"] == 0.625
    assert found["glyphs"][2] == {
        "label": "ä",
        "probability": 0.625,
        "rejected": False,
        "mark": False,
        "confirmed": False,
        "probabilities": {"ä": 0.625, "x": 0.375},
        "box": [1.23, 2, 3, 4.5],
        "line": 1,
    }
    assert [each["line"] for each in found["glyphs"]] == [0, 0, 1]


@pytest.mark.parametrize("format_name", ["plain", "csv", "json"])
def test_notes_are_reported_on_one_line(
    format_name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    noted = replace(TWO_LINES, notes=("It was turned.", "Some is left out."))
    written(format_name, Result("a.png", noted), Result("b", Reading()))
    written(format_name, Result("a.pdf", noted, page=2, pages=3))
    assert capsys.readouterr().err == (
        "inkread: a.png: It was turned. Some is left out.\n"
        "inkread: a.pdf (page 2): It was turned. Some is left out.\n"
    )


def test_json_tells_errors_in_the_list() -> None:
    assert json.loads(written("json", missing("no.png"))) == [
        {
            "file": "no.png",
            "page": None,
            "text": "",
            "confidence": 0.0,
            "tables": [],
            "notes": [],
            "type": None,
            "fits": None,
            "partial": False,
            "error": str(FileMissing(name="no.png")),
            "glyphs": [],
        }
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_json_is_one_list_of_any_length(count: int) -> None:
    results = [Result(str(i), Reading()) for i in range(count)]
    assert [row["file"] for row in json.loads(written("json", *results))] == [
        result.path for result in results
    ]


def test_json_is_valid_utf8_for_every_name() -> None:
    found = written("json", Result(ODD, TWO_LINES))
    assert json.loads(found.decode("utf-8"))[0]["file"] == ODD
    assert "ä".encode() in found
    assert json.loads(written("json", missing("\udcc3\udcbcber")))[0]["file"] == "über"


@pytest.mark.parametrize("format_name", ["plain", "csv", "json"])
def test_results_leave_at_once(format_name: str) -> None:
    class Pipe(io.BytesIO):
        flushed = b""

        def flush(self) -> None:
            self.flushed = self.getvalue()

    def results() -> Iterator[Result]:
        yield Result("a.png", TWO_LINES)
        assert b"a.png" in stream.flushed
        yield Result("b.png", TWO_LINES)

    stream = Pipe()
    write_all(results(), FORMATS[format_name], stream, 2)
    assert b"b.png" in stream.flushed
