"""The drawings of one window as a journal: what is new is appended, nothing is written twice.

`inkread.data.canvas_records` describes the file, `inkread.data.canvas_recovery` reads it, be it
whole or damaged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from inkread.core.correction.edits import Edit
from inkread.core.errors import FileTooLarge, SaveFailed
from inkread.core.files import MEGABYTE, read_file, replacing
from inkread.core.ink import Stroke
from inkread.data.canvas_records import START, STATE, Sketch, new_records, record
from inkread.data.canvas_recovery import Parts

T = TypeVar("T")
#: Maximum size of a journal, bytes; chosen: five million strokes of 20 points.
MAX_BYTES = 1000 * MEGABYTE
#: A journal is written anew when it has doubled and grown by this many bytes; chosen: below, what
#: is superseded costs nobody anything.
_MIN_GROWTH = 4 * MEGABYTE
_UNKNOWN = -1


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

    def go_on_after(self, parts: Parts, sketches: Sequence[Sketch], size: int) -> None:
        """Append to the file that was read: its parts, what they hold, and its size in bytes."""
        self._strokes = _Numbers([each for each in parts.strokes if each is not None])
        self._edits = _Numbers([each for each in parts.edits if each is not None])
        used = sum(len(one.drawing.ink.strokes) for each in sketches for one in each.drawings)
        self._size = size
        self._written = round(size * used / max(1, len(parts.strokes)))

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
                for each in self._records(sketches):
                    file.write(each)
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
            size = stream.write(START)
            for each in self._records(sketches):
                size += stream.write(each)
        self._size = self._written = size

    def _records(self, sketches: Sequence[Sketch]) -> Iterator[bytes]:
        content = []
        for i, sketch in enumerate(sketches):
            drawings = []
            for j, one in enumerate(sketch.drawings):
                strokes, of_strokes = self._strokes.listed((i, j), one.drawing.ink.strokes)
                edits, of_edits = self._edits.listed((i, j), one.edits)
                yield from new_records(strokes, self._strokes.count, edits, self._edits.count)
                numbers = {"strokes": of_strokes.runs, "edits": of_edits.runs}
                drawings.append({"label": one.drawing.label} | numbers)
            content.append({"current": sketch.current, "drawings": drawings})
        yield record(STATE, json.dumps(content).encode())


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
    parts = Parts(memoryview(data))
    end = parts.read(is_given_up)
    sketches, damage = parts.content()
    journal = Journal(path)
    if end == len(data) and not damage and not parts.is_old:  # else the next save writes it anew
        journal.go_on_after(parts, sketches, end)
    return Found(sketches, journal, damage)
