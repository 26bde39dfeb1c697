from __future__ import annotations

import os
import sys

import pytest

from inkread.cli.common.streams import report, standard_output
from inkread.core.encoding import decoded, encoded
from inkread.core.errors import SaveFailed

#: A file name whose last byte is no UTF-8, as Python hands it out on Linux.
ODD = "odd\udcff.png"
#: One that is UTF-8, as Python hands it out in another locale.
FOREIGN = "\udcc3\udcbcber"


def test_names_come_out_as_they_went_in() -> None:
    assert encoded(ODD) == b"odd\xff.png"
    assert encoded(FOREIGN) == encoded("über") == b"\xc3\xbcber"
    assert encoded("\ud800") == rb"\ud800"


def test_names_are_decoded_if_they_can_be() -> None:
    assert decoded(FOREIGN) == "über"
    assert decoded(ODD) == ODD
    assert decoded("\ud800") == "\ud800"


def test_a_sentence_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    report("a\nb")
    assert capsys.readouterr() == ("", "inkread: a\\nb\n")


def test_a_sentence_names_any_file(capsys: pytest.CaptureFixture[str]) -> None:
    report(f"{ODD} {FOREIGN} \u202eexe \x1b[2J \x9b")
    assert capsys.readouterr().err == "inkread: odd\\xff.png über \\u202eexe \\x1b[2J \\x9b\n"


def on_terminal(data: bytes) -> bytes:
    """What a terminal gets when `data` are written to standard output."""
    if sys.platform == "win32":
        pytest.skip("needs a pseudo-terminal")
    ours, theirs = os.openpty()
    before = os.dup(1)
    os.dup2(theirs, 1)
    os.close(theirs)
    try:
        with (
            open(1, "w", closefd=False) as terminal,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(sys, "stdout", terminal)
            with standard_output() as stream:
                stream.write(data)
    finally:
        os.dup2(before, 1)
        os.close(before)
    shown = os.read(ours, 10_000)
    os.close(ours)
    return shown.replace(b"\r\n", b"\n")


def test_a_terminal_sees_what_is_hidden() -> None:
    assert on_terminal(encoded("a\x1b[2J\u202eb\t\x9b\rü\n")) == (
        "a\\x1b[2J\\u202eb\t\\x9b\\rü\n".encode()
    )
    assert on_terminal(encoded(ODD)) == b"odd\\xff.png"


def test_what_is_no_terminal_gets_the_bytes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with standard_output() as stream:
        stream.write(b"a\x1b\xff\n")
    assert capfdbinary.readouterr().out == b"a\x1b\xff\n"


def test_without_standard_error_nothing_is_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    report("a")
    assert capsys.readouterr().out == ""


def test_a_closed_standard_output_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SaveFailed, match="closed"), standard_output():
        raise AssertionError("not reached")
