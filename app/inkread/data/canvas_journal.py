"""The drawings of one window as a journal: what is new is appended, nothing is written twice.

The file begins with ``INKCANV`` and one byte, its version. Records follow:

====================  ====================================================================
1 byte                ``I`` strokes, ``E`` edits, ``S`` state
uint32                length of the payload, bytes
uint32                CRC-32 of the payload
uint32                CRC-32 of the nine bytes before
payload               strokes as by `ink_to_bytes`; edits and state as JSON
====================  ====================================================================

Strokes and edits are numbered in the order in which they are written. A state lists the drawings
by ranges of these numbers; the last one counts. A process that is killed while it appends leaves
an unfinished record, and the state before it.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from zlib import crc32

from inkread.core.correction.edit_json import edit_from_json, edit_to_json
from inkread.core.correction.edits import Edit
from inkread.core.errors import FileTooLarge, SaveFailed
from inkread.core.files import MEGABYTE, read_file, replacing
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes

T = TypeVar("T")
_MAGIC, _VERSION = b"INKCANV", 2
_START = _MAGIC + bytes([_VERSION])
_HEAD, _CHECK = struct.Struct("<cII"), struct.Struct("<I")
_INK, _EDITS, _STATE = b"I", b"E", b"S"
#: Maximum size of a journal, bytes; chosen: five million strokes of 20 points.
MAX_BYTES = 1000 * MEGABYTE
#: Strokes in one record; chosen: reading stops within 0.2 s when it is given up.
_CHUNK = 5000
#: A journal is written anew when it has doubled and grown by this many bytes; chosen: below, what
#: is superseded costs nobody anything.
_MIN_GROWTH = 4 * MEGABYTE
#: Maximum times that each stroke may be listed; chosen: two documents never share one.
_MAX_USES = 4
_UNKNOWN = -1


class GivenUp(Exception):
    """Reading was given up."""


class NewerVersion(Exception):
    """Written by a newer version of the program."""


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


@dataclass(slots=True)
class _Ranges:
    """Numbers, as first number and count of each run."""

    runs: list[tuple[int, int]] = field(default_factory=list)

    def add(self, number: int) -> None:
        if self.runs and sum(self.runs[-1]) == number:
            first, count = self.runs[-1]
            self.runs[-1] = first, count + 1
        else:
            self.runs.append((number, 1))


class _Numbers(Generic[T]):
    """The numbers of what is in the file; compared by identity."""

    def __init__(self, written: Sequence[T] = ()) -> None:
        self._of = {item: number for number, item in enumerate(written)}
        self._count = len(written)
        #: What was listed last at each place, without its last item, and its numbers. That item
        #: may be a stroke that is still growing.
        self._listed: dict[object, tuple[tuple[T, ...], _Ranges]] = {}

    def listed(self, place: object, items: tuple[T, ...]) -> tuple[list[T], _Ranges]:
        """The items to be written, which get the next numbers; and the numbers of all."""
        before, ranges = self._listed.get(place, ((), _Ranges()))
        if items[: len(before)] != before:  # compares pointers: 4 ms for 200,000
            before, ranges = (), _Ranges()
        rest = items[len(before) :]
        new = [item for item in dict.fromkeys(rest) if item not in self._of]
        for item in new:
            self._of[item] = self._count
            self._count += 1
        settled = _Ranges(list(ranges.runs))
        for item in rest[:-1]:
            settled.add(self._of[item])
        whole = _Ranges(list(settled.runs))
        for item in rest[-1:]:
            whole.add(self._of[item])
        self._listed[place] = items[:-1], settled
        return new, whole


class Journal:
    """A file with the drawings of one window.

    Parameters
    ----------
    path : Path
        Written by the first `save`; its folder exists then.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begin_anew()

    def save(self, sketches: Sequence[Sketch]) -> None:
        """Keep these in the place of what was kept before; they are on the disk then.

        Raises
        ------
        SaveFailed
            If writing fails. What was kept before can still be read.
        """
        is_grown = self._size > 2 * self._written + _MIN_GROWTH
        if self._size == _UNKNOWN or is_grown or not self._append(sketches):
            self._write_anew(sketches)

    def _begin_anew(self) -> None:
        self._strokes, self._edits = _Numbers[Stroke](), _Numbers[Edit]()
        #: Bytes of the file, and how many of them were in use when it was written or read.
        self._size = self._written = _UNKNOWN

    def _append(self, sketches: Sequence[Sketch]) -> bool:
        """Whether the file is still as it was left."""
        # Until all is on the disk, nobody knows how much of it is there.
        size, self._size = self._size, _UNKNOWN
        try:
            with self.path.open("r+b") as file:
                if file.seek(0, os.SEEK_END) != size:
                    return False
                for record in self._records(sketches):
                    file.write(record)
                file.flush()
                os.fsync(file.fileno())
                self._size = file.tell()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise SaveFailed(name=str(self.path), reason=error.strerror or str(error)) from error
        return True

    def _write_anew(self, sketches: Sequence[Sketch]) -> None:
        self._begin_anew()
        with replacing(self.path) as stream:
            size = stream.write(_START)
            for record in self._records(sketches):
                size += stream.write(record)
        self._size = self._written = size

    def _records(self, sketches: Sequence[Sketch]) -> Iterator[bytes]:
        content = []
        for i, sketch in enumerate(sketches):
            drawings = []
            for j, one in enumerate(sketch.drawings):
                strokes, of_strokes = self._strokes.listed((i, j), one.drawing.ink.strokes)
                edits, of_edits = self._edits.listed((i, j), one.edits)
                yield from _new(strokes, edits)
                numbers = {"strokes": of_strokes.runs, "edits": of_edits.runs}
                drawings.append({"label": one.drawing.label} | numbers)
            content.append({"current": sketch.current, "drawings": drawings})
        yield _record(_STATE, json.dumps(content).encode())


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a file of drawings holds; `damage` says what of it could not be read."""

    sketches: tuple[Sketch, ...]
    journal: Journal
    damage: str = ""


def _never() -> bool:
    return False


def read_journal(path: Path, is_given_up: Callable[[], bool] = _never) -> Found:
    """Read a journal as far as it goes; saving in it goes on where it ends.

    Raises
    ------
    InkreadError
        If the file cannot be read for the moment.
    NewerVersion
        If a newer version of the program wrote it.
    GivenUp
        As soon as that is asked for.
    ValueError
        If it is no journal, or nothing of it can be read.
    """
    with suppress(OSError):
        if path.stat().st_size > MAX_BYTES:  # else its first gigabyte would be read
            raise FileTooLarge(name=str(path), limit=MAX_BYTES // MEGABYTE)
    data = read_file(path, MAX_BYTES)
    if not data.startswith(_MAGIC) or len(data) < len(_START):
        raise ValueError("it is no journal of drawings")
    if data[len(_MAGIC)] > _VERSION:
        raise NewerVersion
    parts = _Parts()
    journal = Journal(path)
    damage = ""
    try:
        end = parts.read(memoryview(data), len(_START), is_given_up)
    except ValueError as error:
        if parts.state is None:
            raise
        end, damage = _UNKNOWN, str(error)
    sketches = parts.sketches()
    if end == len(data):  # else the next save writes it anew
        parts.hand_over(journal, sketches, end)
    return Found(sketches, journal, damage)


class _Parts:
    """What the records of a journal hold."""

    def __init__(self) -> None:
        self.strokes: list[Stroke] = []
        self.edits: list[Edit] = []
        self.state: bytes | None = None

    def read(self, data: memoryview, start: int, is_given_up: Callable[[], bool]) -> int:
        """Where the last whole record ends; ValueError at the first damaged one."""
        while (record := _record_at(data, start)) is not None:
            if is_given_up():
                raise GivenUp
            kind, payload = record
            self._add(kind, payload)
            start += _HEAD.size + _CHECK.size + len(payload)
        return start

    def _add(self, kind: bytes, payload: bytes) -> None:
        if kind == _INK:
            self.strokes += ink_from_bytes(payload).strokes
        elif kind == _EDITS:
            with _as_value_error():
                self.edits += map(edit_from_json, json.loads(payload))
        elif kind == _STATE:
            self.state = payload
        else:
            raise ValueError("it has a record of an unknown kind")

    def sketches(self) -> tuple[Sketch, ...]:
        """The drawings of the last state; ValueError if that is none."""
        if self.state is None:
            return ()
        with _as_value_error():
            return tuple(self._sketch(each) for each in json.loads(self.state))

    def _sketch(self, content: dict[str, Any]) -> Sketch:
        drawings = tuple(self._drawing(each) for each in content["drawings"])
        return Sketch(drawings, _checked_index(content["current"], len(drawings)))

    def _drawing(self, content: dict[str, Any]) -> SketchDrawing:
        label = content["label"]
        if not isinstance(label, str | None):
            raise ValueError("a label is no text")
        strokes = _picked(self.strokes, content["strokes"])
        edits = _picked(self.edits, content["edits"])
        return SketchDrawing(Drawing(label, Ink(strokes)), edits)

    def hand_over(self, journal: Journal, sketches: Sequence[Sketch], size: int) -> None:
        """Let a journal append to the file that was read."""
        journal._strokes, journal._edits = _Numbers(self.strokes), _Numbers(self.edits)
        used = sum(len(one.drawing.ink.strokes) for each in sketches for one in each.drawings)
        journal._size = size
        journal._written = round(size * used / max(1, len(self.strokes)))


class _as_value_error:  # noqa: N801
    """Turns what foreign JSON causes into ValueError."""

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        foreign = KeyError, TypeError, AttributeError, RecursionError, OverflowError, IndexError
        if isinstance(error, foreign):
            raise ValueError(f"these are no drawings: {error}") from error


def _new(strokes: Sequence[Stroke], edits: Sequence[Edit]) -> Iterator[bytes]:
    for start in range(0, len(strokes), _CHUNK):
        yield _record(_INK, ink_to_bytes(Ink(tuple(strokes[start : start + _CHUNK]))))
    if edits:
        yield _record(_EDITS, json.dumps([edit_to_json(edit) for edit in edits]).encode())


def _record(kind: bytes, payload: bytes) -> bytes:
    head = _HEAD.pack(kind, len(payload), crc32(payload))
    return head + _CHECK.pack(crc32(head)) + payload


def _record_at(data: memoryview, start: int) -> tuple[bytes, bytes] | None:
    """Kind and payload; None if the rest is no whole record. ValueError if it is damaged."""
    body = start + _HEAD.size + _CHECK.size
    if len(data) < body:
        return None
    head = data[start : start + _HEAD.size]
    if _CHECK.unpack_from(data, start + _HEAD.size) != (crc32(head),):
        raise ValueError("a record is damaged")
    kind, length, checksum = _HEAD.unpack(head)
    if len(data) < body + length:
        return None
    payload = bytes(data[body : body + length])
    if crc32(payload) != checksum:
        raise ValueError("a record is damaged")
    return kind, payload


def _picked(items: Sequence[T], runs: Iterable[tuple[int, int]]) -> tuple[T, ...]:
    picked: list[T] = []
    for first, count in runs:
        if not (first >= 0 and count > 0 and first + count <= len(items)):
            raise ValueError("a drawing has strokes that are not there")
        picked += items[first : first + count]
        if len(picked) > _MAX_USES * len(items):
            raise ValueError("a drawing has a stroke too often")
    return tuple(picked)


def _checked_index(index: object, count: int) -> int:
    if not isinstance(index, int) or not 0 <= index < count:
        raise ValueError("none of its drawings is shown")
    return index
