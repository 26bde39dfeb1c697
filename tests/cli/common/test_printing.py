"""What the commands write to standard output."""

from __future__ import annotations

import json

import pytest

from inkread.cli.common.printing import write_json, write_lines, write_table


def test_columns_are_aligned_and_lines_do_not_end_in_blanks(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    write_table([["a", "long", "x"], ["bbb", "c", ""]])
    assert capfdbinary.readouterr().out == b"a    long  x\nbbb  c\n"


def test_a_table_without_rows_is_nothing(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_table([])
    assert capfdbinary.readouterr().out == b""


def test_a_line_stays_one_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_lines(["two\nlines", "grüße"])
    assert capfdbinary.readouterr().out == "two\\nlines\ngrüße\n".encode()


def test_json_holds_half_characters_of_file_names(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    write_json({"file": "\udcff", "text": "4 ²"})
    out = capfdbinary.readouterr().out
    assert json.loads(out) == {"file": "\udcff", "text": "4 ²"}
    assert b"\\udcff" in out
    assert "²".encode() in out
