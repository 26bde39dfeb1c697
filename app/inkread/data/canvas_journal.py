"""The drawings of one window as a journal: what is new is appended, nothing is written twice.

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

Reading goes on behind a damaged record: the number in the next one says how many strokes or edits
are missing. A drawing that lists a missing stroke comes back without it, and a correction without
those that followed a missing one. The last state of which nothing is missing is used instead if
everything that is left of the last one is in it. Version 2 had no numbers in its records, so such
a file is read as far as its first damaged one.
"""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar
from zlib import crc32

from inkread.core.correction.edit_json import edit_from_json, edit_to_json
from inkread.core.correction.edits import Edit
from inkread.core.errors import FileTooLarge, SaveFailed
from inkread.core.files import MEGABYTE, read_file, replacing
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes

T = TypeVar("T")
_MAGIC, _VERSION = b"INKCANV", 3
_START = _MAGIC + bytes([_VERSION])
_HEAD, _OLD_HEAD, _CHECK = struct.Struct("<cIII"), struct.Struct("<cII"), struct.Struct("<I")
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
#: Minimum size of a stroke or an edit, bytes: a stroke of one point without pressures.
_MIN_ITEM = 21
#: Maximum places that are looked at for the next sound record; measured: 200,000 take 1.1 s on a
#: busy machine. Chosen: 17 MB of any bytes have as many.
_MAX_PLACES = 200_000
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
        self.count = len(written)
        #: Items listed last at each place, without the last one, and their numbers. The last one
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
            self._of[item] = self.count
            self.count += 1
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
        with replacing(self.path, is_own=True) as stream:
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
                yield from _new(strokes, self._strokes.count, edits, self._edits.count)
                numbers = {"strokes": of_strokes.runs, "edits": of_edits.runs}
                drawings.append({"label": one.drawing.label} | numbers)
            content.append({"current": sketch.current, "drawings": drawings})
        yield _record(_STATE, json.dumps(content).encode())


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Content of a file of drawings; `damage` says what of it could not be read."""

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
    parts = _Parts(memoryview(data))
    end = parts.read(is_given_up)
    sketches, damage = parts.content()
    journal = Journal(path)
    if end == len(data) and not damage and not parts.is_old:  # else the next save writes it anew
        parts.hand_over(journal, sketches, end)
    return Found(sketches, journal, damage)


class _Head(NamedTuple):
    """Head of a record; `first` is None in version 2."""

    kind: bytes
    length: int
    checksum: int
    first: int | None = None


class _Parts:
    """Content of the records of a journal; None stands for each missing stroke and edit."""

    def __init__(self, data: memoryview) -> None:
        self.strokes: list[Stroke | None] = []
        self.edits: list[Edit | None] = []
        self._data = data
        #: The last state before the first damage, and all behind it.
        self._states: list[bytes] = []
        #: Bytes of damaged records, and whether one is behind the last state.
        self._lost, self._is_end_lost = 0, False
        self._places = _MAX_PLACES
        self._is_start_damaged = data[: len(_START)] != _START
        if len(data) < len(_START):
            raise ValueError("it is no journal of drawings")
        self._head, self._seed = _HEAD, crc32(_START)
        if not self._is_start_damaged or self._head_at(len(_START)) is not None:
            return
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("it is no journal of drawings")
        if data[len(_MAGIC)] > _VERSION:
            raise NewerVersion
        self._is_start_damaged = False
        self._head, self._seed = _OLD_HEAD, 0

    @property
    def is_old(self) -> bool:
        """Whether its records are those of version 2."""
        return self._head is _OLD_HEAD

    def read(self, is_given_up: Callable[[], bool]) -> int:
        """Read all records; returns the end of the last whole one, bytes."""
        start, body = len(_START), self._head.size + _CHECK.size
        while start + body <= len(self._data):
            if is_given_up():
                raise GivenUp
            head = self._head_at(start)
            if head is None:
                end = self._next_head(start + 1)
                self._lose(end - start)
            elif (end := start + body + head.length) > len(self._data):
                break
            elif not self._add(head, bytes(self._data[start + body : end])):
                self._lose(end - start)
            if self._lost and self.is_old:
                break
            start = end
        return start

    def _head_at(self, start: int) -> _Head | None:
        """Head of the record that begins at `start`; None if it is damaged."""
        end = start + self._head.size
        if end + _CHECK.size > len(self._data):
            return None
        head = self._data[start:end]
        if _CHECK.unpack_from(self._data, end) != (crc32(head, self._seed),):
            return None
        return _Head(*self._head.unpack(head))

    def _next_head(self, start: int) -> int:
        """Start of the next sound record, or the end of the file."""
        for match in re.compile(rb"[IES]").finditer(self._data, start):
            self._places -= 1
            if self._places < 0:
                break
            if self._head_at(match.start()) is not None:
                return match.start()
        return len(self._data)

    def _lose(self, size: int) -> None:
        self._lost += size
        self._is_end_lost = True

    def _add(self, head: _Head, payload: bytes) -> bool:
        """Whether the record is sound."""
        if crc32(payload) != head.checksum:
            return False
        try:
            with _as_value_error():
                self._add_sound(head, payload)
        except ValueError:
            return False
        return True

    def _add_sound(self, head: _Head, payload: bytes) -> None:
        if head.kind == _INK:
            self._put(self.strokes, head.first, ink_from_bytes(payload).strokes)
        elif head.kind == _EDITS:
            self._put(self.edits, head.first, tuple(map(edit_from_json, json.loads(payload))))
        elif head.kind == _STATE:
            if not self._lost:
                self._states.clear()
            self._states.append(payload)
            self._is_end_lost = False
        else:
            raise ValueError("it has a record of an unknown kind")

    def _put(self, items: list[T | None], first: int | None, new: Sequence[T]) -> None:
        gap = 0 if first is None else first - len(items)
        if not 0 <= gap <= self._room:
            raise ValueError("a record does not go on where the one before ended")
        items += [None] * gap
        items += new

    @property
    def _room(self) -> int:
        """Maximum strokes or edits in what is damaged."""
        return self._lost // _MIN_ITEM

    def content(self) -> tuple[tuple[Sketch, ...], str]:
        """The drawings, and what is wrong with the file; ValueError if there are none in it."""
        if not self._states:
            if self._lost:
                raise ValueError("its records are damaged")
            return (), "its beginning is damaged" if self._is_start_damaged else ""
        state = _State(self, self._states[-1])
        is_older = self._is_end_lost
        if state.is_incomplete and (whole := self._last_whole()) and whole.holds(state):
            state, is_older = whole, True
        if state.is_incomplete and not state.sketches:
            raise ValueError("its records are damaged")
        return state.sketches, self._damage(state, is_older)

    def _last_whole(self) -> _State | None:
        for payload in reversed(self._states[:-1]):
            with suppress(ValueError):
                state = _State(self, payload)
                if not state.is_incomplete:
                    return state
        return None

    def _damage(self, state: _State, is_older: bool) -> str:
        if not self._lost and not self._is_start_damaged:
            return ""
        found = [
            f"{count} {name}{'s' * (count != 1)}"
            for count, name in (
                (state.missing_strokes, "stroke"),
                (state.missing_edits, "correction"),
            )
            if count
        ]
        found += ["the latest changes"] * is_older
        return f"{' and '.join(found) or 'nothing that matters'} could not be read"

    def hand_over(self, journal: Journal, sketches: Sequence[Sketch], size: int) -> None:
        """Let a journal append to the file that was read."""
        journal._strokes = _Numbers([each for each in self.strokes if each is not None])
        journal._edits = _Numbers([each for each in self.edits if each is not None])
        used = sum(len(one.drawing.ink.strokes) for each in sketches for one in each.drawings)
        journal._size = size
        journal._written = round(size * used / max(1, len(self.strokes)))


class _State:
    """The drawings that a state lists.

    Attributes
    ----------
    missing_strokes, missing_edits : int
        Count of those that it lists and that are not there.
    """

    def __init__(self, parts: _Parts, payload: bytes) -> None:
        self.missing_strokes = self.missing_edits = 0
        self._parts = parts
        with _as_value_error():
            found = [self._sketch(each) for each in json.loads(payload)]
        self.sketches = tuple(each for each in found if each is not None)

    @property
    def is_incomplete(self) -> bool:
        return self.missing_strokes + self.missing_edits > 0

    def holds(self, other: _State) -> bool:
        """Whether each stroke and correction of the other is in this one."""
        return other._items() <= self._items()

    def _items(self) -> set[int]:
        drawings = [one for each in self.sketches for one in each.drawings]
        return {id(item) for one in drawings for item in (*one.drawing.ink.strokes, *one.edits)}

    def _sketch(self, content: dict[str, Any]) -> Sketch | None:
        """None if nothing is left of it."""
        missing = self.missing_strokes
        drawings = tuple(map(self._drawing, content["drawings"]))
        current = _checked_index(content["current"], len(drawings))
        is_left = (
            any(one.drawing.ink.strokes for one in drawings) or missing == self.missing_strokes
        )
        return Sketch(drawings, current) if is_left else None

    def _drawing(self, content: dict[str, Any]) -> SketchDrawing:
        label = content["label"]
        if not isinstance(label, str | None):
            raise ValueError("a label is no text")
        room = self._parts._room
        listed = _picked(self._parts.strokes, content["strokes"], room)
        strokes = tuple(stroke for stroke in listed if stroke is not None)
        self.missing_strokes += len(listed) - len(strokes)
        all_edits = _picked(self._parts.edits, content["edits"], room)
        # A correction may rest on the one before it.
        edits = tuple(takewhile(lambda edit: edit is not None, all_edits))
        self.missing_edits += len(all_edits) - len(edits)
        kept = tuple(edit for edit in edits if edit is not None)
        return SketchDrawing(Drawing(label, Ink(strokes)), kept)


@contextmanager
def _as_value_error() -> Iterator[None]:
    """Turn what foreign JSON causes into ValueError."""
    try:
        yield
    except (
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
        IndexError,
    ) as error:
        raise ValueError(f"these are no drawings: {error}") from error


def _new(
    strokes: Sequence[Stroke], count: int, edits: Sequence[Edit], edit_count: int
) -> Iterator[bytes]:
    """Records of what is new; the counts are those of all, with these."""
    for start in range(0, len(strokes), _CHUNK):
        ink = Ink(tuple(strokes[start : start + _CHUNK]))
        yield _record(_INK, ink_to_bytes(ink), count - len(strokes) + start)
    if edits:
        payload = json.dumps([edit_to_json(edit) for edit in edits]).encode()
        yield _record(_EDITS, payload, edit_count - len(edits))


def _record(kind: bytes, payload: bytes, first: int = 0) -> bytes:
    head = _HEAD.pack(kind, len(payload), crc32(payload), first)
    return head + _CHECK.pack(crc32(head, crc32(_START))) + payload


def _picked(
    items: Sequence[T | None], runs: Iterable[tuple[int, int]], room: int
) -> list[T | None]:
    """The items of these numbers; `room` more may be missing behind the last one."""
    picked: list[T | None] = []
    for first, count in runs:
        if not (first >= 0 and count > 0 and first + count <= len(items) + room):
            raise ValueError("a drawing has strokes that are not there")
        found = items[first : first + count]
        picked += found
        picked += [None] * (count - len(found))
        if len(picked) > _MAX_USES * (len(items) + room):
            raise ValueError("a drawing has a stroke too often")
    return picked


def _checked_index(index: object, count: int) -> int:
    if not isinstance(index, int) or not 0 <= index < count:
        raise ValueError("none of its drawings is shown")
    return index
