"""What a journal of drawings is made of."""

from __future__ import annotations

import json
from zlib import crc32

from inkread.core.correction.edits import relabelled
from inkread.data.canvas_records import EDITS, INK, START, STATE, new_records, record
from inkread.data.ink_codec import ink_from_bytes
from tests.data.journals import dot
from tests.ui.readings import glyph


def test_a_record_is_what_the_table_says() -> None:
    found = record(STATE, b"payload", 7)
    numbers = (number.to_bytes(4, "little") for number in (7, crc32(b"payload"), 7))
    head = b"S" + b"".join(numbers)
    assert START == b"INKCANV\3"
    assert found == head + crc32(START + head).to_bytes(4, "little") + b"payload"


def test_what_is_new_is_numbered_behind_what_was_there() -> None:
    strokes, edits = [dot(x) for x in range(5001)], [relabelled(glyph("4"), "9")]
    first, second, third = new_records(strokes, 6001, edits, 4)
    heads = [(one[:1], int.from_bytes(one[9:13], "little")) for one in (first, second, third)]
    assert heads == [(INK, 1000), (INK, 6000), (EDITS, 3)]
    assert ink_from_bytes(second[17:]).strokes[0].points.tolist() == [[5000, 0]]
    assert len(json.loads(third[17:])) == 1


def test_where_nothing_is_new_there_is_no_record() -> None:
    assert list(new_records([], 9, [], 9)) == []
