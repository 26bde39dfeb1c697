"""Journals of drawings that are cut off, damaged, old or foreign."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from zlib import crc32

import pytest

from inkread.core.correction.edits import relabelled
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.data.canvas_journal import Journal, read_journal
from inkread.data.canvas_records import Sketch, SketchDrawing
from inkread.data.canvas_recovery import GivenUp, NewerVersion
from inkread.data.ink_codec import ink_from_bytes
from tests.data.journals import dot, places, sketch
from tests.ui.readings import glyph


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "canvas.journal"


def test_a_file_that_was_cut_anywhere_holds_the_state_before(path: Path) -> None:
    journal = Journal(path)
    journal.save([sketch(dot(1))])
    first = path.stat().st_size
    journal.save([sketch(dot(1), dot(2))])
    data = path.read_bytes()
    for size in range(first, len(data)):
        path.write_bytes(data[:size])
        found = read_journal(path)
        assert (places(found.sketches), found.damage) == ([[1]], "")
        found.journal.save([sketch(dot(4))])
        assert places(read_journal(path).sketches) == [[4]]


def test_damage_is_told_from_a_cut_wherever_it_is(path: Path) -> None:
    journal = Journal(path)
    journal.save([sketch(dot(1))])
    first = path.stat().st_size
    journal.save([sketch(dot(2))])
    data = path.read_bytes()
    for at in range(first, len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        found = read_journal(path)
        assert places(found.sketches) == [[1]]
        assert found.damage


def records(data: bytes) -> list[tuple[int, int, bytes]]:
    """Begin, end and kind of each record."""
    found, begin = [], 8
    while begin < len(data):
        end = begin + 17 + int.from_bytes(data[begin + 1 : begin + 5], "little")
        found.append((begin, end, data[begin : begin + 1]))
        begin = end
    return found


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


#: Every byte of strokes is flipped, of the longer texts some.
STEPS = {b"": 1, b"I": 1, b"E": 997, b"S": 31}


@pytest.mark.slow
def test_a_flip_anywhere_costs_at_most_what_its_record_held(path: Path) -> None:
    journal, edits = Journal(path), [relabelled(glyph("4"), label) for label in "17"]
    states = [
        [sketch(dot(1), dot(2))],
        [sketch(dot(1), dot(2), dot(3)), sketch(dot(11), label="4")],
        [sketch(dot(1), dot(3)), sketch(dot(11), dot(12)), sketch(dot(21))],
        [sketch(dot(1), dot(3), dot(4)), sketch(dot(11), dot(12)), sketch(dot(21), dot(22))],
    ]
    dots = {x: dot(x) for state in states for drawn in places(state) for x in drawn}
    for i, state in enumerate(states):
        drawings = [[dots[x] for x in drawn] for drawn in places(state)]
        corrected = SketchDrawing(Drawing(None, Ink(tuple(drawings[0]))), tuple(edits[:i]))
        journal.save([Sketch((corrected,)), *(sketch(*each) for each in drawings[1:])])
    data, saved = path.read_bytes(), [places(state) for state in states]
    held = [(begin, end, kind, places_of(data, begin, end)) for begin, end, kind in records(data)]
    assert len(held) > 12
    for begin, end, kind, lost in [(0, 8, b"", set()), *held]:
        for at in (*range(begin, min(end, begin + 17)), *range(begin + 17, end, STEPS[kind])):
            path.write_bytes(flipped(data, at))
            found = read_journal(path)
            back = places(found.sketches)
            assert found.damage
            whole = [drawn for drawn in saved[-1] if not lost & set(drawn)]
            if kind == b"S" and end == len(data):
                assert back == saved[-2]
            else:
                assert all(drawn in back for drawn in whole)
                assert set(chain(*saved[-1])) - lost <= set(chain(*back))
            rests = [[[x for x in d if x not in lost] for d in state] for state in saved]
            assert back in saved or back in [[d for d in rest if d] for rest in rests]
            kept = found.sketches[0].drawings[0].edits
            assert [edit.label for edit in kept] == ["1", "7"][: len(kept)]


def places_of(data: bytes, begin: int, end: int) -> set[float]:
    if data[begin : begin + 1] != b"I":
        return set()
    ink = ink_from_bytes(data[begin + 17 : end])
    return {float(stroke.points[0, 0]) for stroke in ink.strokes}


def test_an_early_flip_costs_no_later_state_and_is_counted(path: Path) -> None:
    journal, dots = Journal(path), [dot(x) for x in range(100)]
    for count in range(3, 100):
        journal.save([sketch(*dots[:count]), sketch(dots[-1])])
    path.write_bytes(flipped(path.read_bytes(), 30))
    found = read_journal(path)
    assert places(found.sketches) == [[*range(3, 99)], [99]]
    assert found.damage == "3 strokes could not be read"
    found.journal.save(found.sketches)
    again = read_journal(path)
    assert (places(again.sketches), again.damage) == ([[*range(3, 99)], [99]], "")


def test_a_page_of_zeros_costs_what_it_covers(path: Path) -> None:
    journal, dots = Journal(path), [dot(x) for x in range(300)]
    for count in range(1, 301):
        journal.save([sketch(*dots[:count])])
    data = bytearray(path.read_bytes())
    data[4096:8192] = bytes(4096)
    path.write_bytes(data)
    found = read_journal(path)
    ((back,),) = [places(found.sketches)]
    assert found.damage == f"{300 - len(back)} strokes could not be read"
    assert len(back) > 300 - 4096 / (2 * 17 + 8 + 21)
    assert back == sorted(back)


def test_a_growing_stroke_that_is_lost_leaves_the_state_before(path: Path) -> None:
    journal, first = Journal(path), dot(1)
    for length in (1, 2, 3):
        journal.save([sketch(first, Stroke.of([[7, y] for y in range(length)]))])
    data = path.read_bytes()
    begin = [begin for begin, _, kind in records(data) if kind == b"I"][-1]
    path.write_bytes(flipped(data, begin + 20))
    found = read_journal(path)
    (one,) = found.sketches[0].drawings
    assert [len(stroke.points) for stroke in one.drawing.ink.strokes] == [1, 2]
    assert found.damage == "the latest changes could not be read"


def test_where_all_is_lost_it_is_refused(path: Path) -> None:
    Journal(path).save([sketch(dot(1))])
    data = path.read_bytes()
    for at in range(8, len(data)):
        path.write_bytes(flipped(data, at))
        with pytest.raises(ValueError, match="damaged"):
            read_journal(path)


def old(data: bytes) -> bytes:
    """A journal in the form of version 2: without numbers in its records."""
    whole = b"INKCANV\2"
    for begin, end, _ in records(data):
        head, payload = data[begin : begin + 9], data[begin + 17 : end]
        whole += head + crc32(head).to_bytes(4, "little") + payload
    return whole


def test_a_file_of_version_2_is_read_and_written_anew(path: Path) -> None:
    journal = Journal(path)
    journal.save([sketch(dot(1))])
    first = len(old(path.read_bytes()))
    journal.save([sketch(dot(2))])
    data = old(path.read_bytes())
    for at in range(first, len(data)):
        path.write_bytes(flipped(data, at))
        found = read_journal(path)
        assert places(found.sketches) == [[1]]
        assert found.damage
    path.write_bytes(data)
    found = read_journal(path)
    assert (places(found.sketches), found.damage) == ([[2]], "")
    found.journal.save([*found.sketches, sketch(dot(3))])
    assert places(read_journal(path).sketches) == [[2], [3]]
    assert path.read_bytes().startswith(b"INKCANV\3")


@pytest.mark.parametrize(
    "data", [b"", b"INKCANV", b"x" * 99, b"\0" * 99, b'{"version": 1, "sketches": []}']
)
def test_what_is_no_journal_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(ValueError):
        read_journal(path)


def test_a_newer_version_is_known_as_one(path: Path) -> None:
    path.write_bytes(b"INKCANV\4whatever")
    with pytest.raises(NewerVersion):
        read_journal(path)


def test_reading_can_be_given_up(path: Path) -> None:
    Journal(path).save([sketch(dot(1))])
    with pytest.raises(GivenUp):
        read_journal(path, lambda: True)
