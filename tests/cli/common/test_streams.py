from __future__ import annotations

import sys

import pytest

from inkread.cli.common.streams import printable, readable, report, standard_output
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


def test_sentences_name_files_readably() -> None:
    assert readable(FOREIGN) == "über"
    assert readable(ODD) == r"odd\xff.png"
    assert readable("\ud800") == r"\ud800"


def test_control_characters_are_escaped_and_nothing_else() -> None:
    assert printable("a\tb\nc\rd\0\x1b\x7f\x9b") == r"a\tb\nc\rd\x00\x1b\x7f\x9b"
    assert printable("ä 1\u00a0\\") == "ä 1\u00a0\\"


def test_a_sentence_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    report("a\nb")
    assert capsys.readouterr() == ("", "inkread: a\\nb\n")


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
