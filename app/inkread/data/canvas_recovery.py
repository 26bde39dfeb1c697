"""Read the records of a journal of drawings as far as they are sound.

Reading goes on behind a damaged record: the number in the next one says how many strokes or edits
are missing. A drawing that lists a missing stroke comes back without it, and a correction without
those that followed a missing one. The last state of which nothing is missing is used instead if
everything that is left of the last one is in it. Version 2 had no numbers in its records, so such
a file is read as far as its first damaged one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import takewhile
from typing import Any, TypeVar
from zlib import crc32

from inkread.core.correction.edit_json import edit_from_json
from inkread.core.correction.edits import Edit
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.data.canvas_records import (
    CHECK,
    EDITS,
    HEAD,
    INK,
    MAGIC,
    OLD_HEAD,
    START,
    STATE,
    VERSION,
    Head,
    Sketch,
    SketchDrawing,
)
from inkread.data.ink_codec import ink_from_bytes

T = TypeVar("T")
#: Maximum times that each stroke may be listed; chosen: two documents never share one.
_MAX_USES = 4
#: Minimum size of a stroke or an edit, bytes: a stroke of one point without pressures.
_MIN_ITEM = 21
#: Maximum places that are looked at for the next sound record; measured: 200,000 take 1.1 s on a
#: busy machine. Chosen: 17 MB of any bytes have as many.
_MAX_PLACES = 200_000


class GivenUp(Exception):
    """Reading was given up."""


class NewerVersion(Exception):
    """Written by a newer version of the program."""


class Parts:
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
        self._is_start_damaged = data[: len(START)] != START
        if len(data) < len(START):
            raise ValueError("it is no journal of drawings")
        self._head, self._seed = HEAD, crc32(START)
        if not self._is_start_damaged or self._head_at(len(START)) is not None:
            return
        if data[: len(MAGIC)] != MAGIC:
            raise ValueError("it is no journal of drawings")
        if data[len(MAGIC)] > VERSION:
            raise NewerVersion
        self._is_start_damaged = False
        self._head, self._seed = OLD_HEAD, 0

    @property
    def is_old(self) -> bool:
        """Whether its records are those of version 2."""
        return self._head is OLD_HEAD

    def read(self, is_given_up: Callable[[], bool]) -> int:
        """Read all records; returns the end of the last whole one, bytes."""
        start, body = len(START), self._head.size + CHECK.size
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

    def _head_at(self, start: int) -> Head | None:
        """Head of the record that begins at `start`; None if it is damaged."""
        end = start + self._head.size
        if end + CHECK.size > len(self._data):
            return None
        head = self._data[start:end]
        if CHECK.unpack_from(self._data, end) != (crc32(head, self._seed),):
            return None
        return Head(*self._head.unpack(head))

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

    def _add(self, head: Head, payload: bytes) -> bool:
        """Whether the record is sound."""
        if crc32(payload) != head.checksum:
            return False
        try:
            with _as_value_error():
                self._add_sound(head, payload)
        except ValueError:
            return False
        return True

    def _add_sound(self, head: Head, payload: bytes) -> None:
        if head.kind == INK:
            self._put(self.strokes, head.first, ink_from_bytes(payload).strokes)
        elif head.kind == EDITS:
            self._put(self.edits, head.first, tuple(map(edit_from_json, json.loads(payload))))
        elif head.kind == STATE:
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


class _State:
    """The drawings that a state lists.

    Attributes
    ----------
    missing_strokes, missing_edits : int
        Count of those that it lists and that are not there.
    """

    def __init__(self, parts: Parts, payload: bytes) -> None:
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
