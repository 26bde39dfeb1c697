"""The process that renders answers one request after the other."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np

from tests.core.pdfs import pdf_of


def answers(data: bytes, requests: bytes) -> bytes:
    return subprocess.run(
        [sys.executable, "-m", "inkread.core.picture.pdf_process"],
        input=len(data).to_bytes(8, "little") + data + requests,
        capture_output=True,
        check=True,
    ).stdout


def test_the_count_comes_first_then_pixels() -> None:
    picture = np.full((20, 30), 200, np.uint8)
    count, header, pixels = answers(pdf_of([picture, picture]), b"1 1000\n").split(b"\n", 2)
    assert json.loads(count) == {"count": 2}
    facts = json.loads(header)
    assert (facts["width"], facts["height"], facts["scale"]) == (30, 20, 1)
    assert len(pixels) == 30 * 20 * facts["channels"]


def test_a_page_that_is_not_there() -> None:
    picture = np.full((20, 30), 200, np.uint8)
    _, answer = answers(pdf_of([picture]), b"7 1000\n").splitlines()
    assert json.loads(answer) == {"error": "damaged"}


def test_what_is_no_pdf() -> None:
    assert json.loads(answers(b"%PDF-", b"")) == {"error": "damaged"}
