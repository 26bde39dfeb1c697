"""Records of a journal of drawings, and the drawings that are kept in one.

The file begins with ``INKCANV`` and one byte, its version. Records follow:

====================  ====================================================================
1 byte                ``I`` strokes, ``E`` edits, ``S`` state
uint32                length of the payload, bytes
uint32                CRC-32 of the payload
uint32                number of the first stroke or edit in it
uint32                CRC-32 of the beginning of the file and the 13 bytes before
payload               strokes as by `ink_to_bytes`; edits and state as JSON
====================  ====================================================================

Strokes and edits are numbered in the order in which they are written. A state lists the drawings
by ranges of these numbers; the last one counts. A process that is killed while it appends leaves
an unfinished record, and the state before it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

from inkread.core.correction.edit_json import edit_to_json
from inkread.core.correction.edits import Edit
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.data.ink_codec import ink_to_bytes

MAGIC, VERSION = b"INKCANV", 3
START = MAGIC + bytes([VERSION])
HEAD, OLD_HEAD, CHECK = struct.Struct("<cIII"), struct.Struct("<cII"), struct.Struct("<I")
INK, EDITS, STATE = b"I", b"E", b"S"
#: Strokes in one record; chosen: reading stops within 0.2 s when it is given up.
_CHUNK = 5000


@dataclass(frozen=True, slots=True, eq=False)
class SketchDrawing:
    """One drawing, and the corrections of its reading."""

    drawing: Drawing
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """The drawings of one document; `current` is the index of the one that is shown."""

    drawings: tuple[SketchDrawing, ...]
    current: int = 0


class Head(NamedTuple):
    """Head of a record; `first` is None in version 2."""

    kind: bytes
    length: int
    checksum: int
    first: int | None = None


def new_records(
    strokes: Sequence[Stroke], count: int, edits: Sequence[Edit], edit_count: int
) -> Iterator[bytes]:
    """Records of what is new; the counts are those of all, with these."""
    for start in range(0, len(strokes), _CHUNK):
        ink = Ink(tuple(strokes[start : start + _CHUNK]))
        yield record(INK, ink_to_bytes(ink), count - len(strokes) + start)
    if edits:
        payload = json.dumps([edit_to_json(edit) for edit in edits]).encode()
        yield record(EDITS, payload, edit_count - len(edits))


def record(kind: bytes, payload: bytes, first: int = 0) -> bytes:
    head = HEAD.pack(kind, len(payload), crc32(payload), first)
    return head + CHECK.pack(crc32(head, crc32(START))) + payload
