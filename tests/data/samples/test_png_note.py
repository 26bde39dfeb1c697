"""The sample inside of a picture: exact, and worth nothing if anything about it is odd."""

from __future__ import annotations

import base64
import json
import struct
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest

from inkread.core.errors import LabelUnusable
from inkread.core.ink import Ink, Stroke
from inkread.core.ink_export import ink_to_png
from inkread.core.picture.page import open_page
from inkread.data.ink_codec import ink_to_bytes
from inkread.data.samples.png_note import embed_sample, extract_sample
from inkread.data.samples.sample import Origin, Sample
from tests.data.stores import cell

INK = Ink((Stroke.of([(1, 2), (30, 40.5)], 7.25, [0.25, 0.5]),))
SAMPLE = Sample(
    label="3",
    cell=cell(),
    ink=INK,
    source="é.png",
    origin=Origin.CORRECTED,
    model="m",
    guess="5",
    probability=0.625,
    time="2026-11-22T12:00:00.000+00:00",
)
PLAIN = ink_to_png(INK)
NOTED = embed_sample(PLAIN, open_page(PLAIN, "a.png"), SAMPLE)


def found(png: bytes, label: str = "4") -> Sample | None:
    return extract_sample(png, open_page(png, "a.png"), label)


def with_body(body: bytes) -> bytes:
    """The picture with another note."""
    chunk = b"tEXt" + b"Inkread\0" + body
    frame = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return PLAIN[:-12] + frame + PLAIN[-12:]


def with_facts(**changed: Any) -> bytes:
    start = NOTED.index(b"Inkread\0") + 8
    body = NOTED[start : NOTED.index(b"IEND") - 8]
    facts = json.loads(zlib.decompress(base64.b64decode(body))) | changed
    kept = {name: fact for name, fact in facts.items() if fact is not Ellipsis}
    return with_body(base64.b64encode(zlib.compress(json.dumps(kept).encode())))


def test_all_but_the_label_comes_back() -> None:
    back = found(NOTED)
    assert back is not None
    assert back.label == "4"
    np.testing.assert_array_equal(back.cell, SAMPLE.cell)
    assert back.ink is not None
    assert ink_to_bytes(back.ink) == ink_to_bytes(INK)
    for name in ("kind", "picture", "source", "origin", "model", "guess", "probability", "time"):
        assert getattr(back, name) == getattr(SAMPLE, name), name


def test_a_picture_of_its_own_comes_back_byte_by_byte() -> None:
    sample = Sample(label="3", cell=cell(), picture=PLAIN)
    back = found(embed_sample(PLAIN, open_page(PLAIN, "a.png"), sample))
    assert back is not None
    assert (back.picture, back.ink, back.time) == (PLAIN, None, "")


def test_other_programs_see_the_same_picture() -> None:
    np.testing.assert_array_equal(open_page(NOTED, "a").grey, open_page(PLAIN, "a").grey)


def test_a_label_that_cannot_be_is_reported() -> None:
    with pytest.raises(LabelUnusable):
        found(NOTED, " ")


def test_a_picture_without_a_note_holds_no_sample() -> None:
    assert found(PLAIN) is None


def test_to_a_picture_that_was_changed_the_note_does_not_apply() -> None:
    other = ink_to_png(Ink((Stroke.of([(1, 2), (30, 41.5)], 7.25),)))
    at = NOTED.index(b"Inkread\0") - 8
    note = NOTED[at : NOTED.index(b"IEND") - 4]
    moved = other[:-12] + note + other[-12:]
    assert found(PLAIN[:-12] + note + PLAIN[-12:]) is not None
    assert found(moved) is None


@pytest.mark.parametrize("body", [b"", b"%%%", b"AAAA", base64.b64encode(zlib.compress(b"[1]"))])
def test_what_is_no_note_is_passed_over(body: bytes) -> None:
    assert found(with_body(body)) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"cell": ...},
        {"cell": None},
        {"cell": "AAAA"},
        {"cell": base64.b64encode(bytes(784)).decode()},
        {"ink": "AAAA"},
        {"ink": 5},
        {"kind": "other"},
        {"origin": []},
        {"probability": 2},
        {"probability": "x"},
        {"probability": 10**400},
        {"time": "yesterday"},
        {"time": "2026-11-22"},
    ],
)
def test_a_note_with_an_odd_fact_is_passed_over(changed: dict[str, Any]) -> None:
    assert found(with_facts()) is not None
    assert found(with_facts(**changed)) is None


@pytest.mark.parametrize("file", [NOTED[:20], NOTED[:-30], b"", b"x" + NOTED])
def test_a_file_that_is_cut_off_is_passed_over(file: bytes) -> None:
    assert extract_sample(file, open_page(PLAIN, "a.png"), "4") is None


@pytest.mark.parametrize(
    "text",
    [
        b"[" + b"[]," * 1_000_000 + b"0]",
        b"[" * 100_000,
        b" " * 40_000_000,
        b'{"a": ' + b"9" * 1_000_000 + b"}",
    ],
    ids=["lists", "nested", "spaces", "digits"],
)
def test_a_note_that_unfolds_without_end_is_passed_over(text: bytes) -> None:
    bomb = with_body(base64.b64encode(zlib.compress(text)))
    tracemalloc.start()
    try:
        assert found(bomb) is None
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_many_chunks_before_the_note_are_not_all_looked_at() -> None:
    """A file of the largest size holds twenty million."""
    empty = struct.pack(">I", 0) + b"teSt" + struct.pack(">I", zlib.crc32(b"teSt"))
    page = open_page(PLAIN, "a.png")
    start = len(b"\x89PNG\r\n\x1a\n") + 25
    few, many = (NOTED[:start] + empty * count + NOTED[start:] for count in (1000, 200_000))
    assert extract_sample(few, page, "4") is not None
    assert extract_sample(many, page, "4") is None


def test_ink_of_any_size_that_is_kept_comes_back() -> None:
    points = np.random.default_rng(1).random((100_000, 2))
    sample = Sample(label="3", cell=cell(), ink=Ink((Stroke.of(points),)))
    back = found(embed_sample(PLAIN, open_page(PLAIN, "a.png"), sample))
    assert back is not None
    assert back.ink is not None
    assert ink_to_bytes(back.ink) == ink_to_bytes(sample.ink or Ink())
