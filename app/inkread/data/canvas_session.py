"""Save the canvas between two runs of the program."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkread.core.correction.edit_json import edit_from_json
from inkread.core.errors import (
    DrawingsLeft,
    DrawingsSetAside,
    FileNotAllowed,
    FileTooLarge,
    InkreadError,
    SaveFailed,
)
from inkread.core.files import MAX_FILE_BYTES, read_file, write_file
from inkread.core.inkml import Drawing
from inkread.data.canvas_journal import Found, Journal, read_journal
from inkread.data.canvas_records import Sketch, SketchDrawing
from inkread.data.canvas_recovery import GivenUp, NewerVersion
from inkread.data.file_lock import HeldLock, try_to_hold
from inkread.data.ink_codec import ink_from_bytes

#: Version of the files that were JSON as a whole; they are still read.
_JSON_VERSION = 1
_JSON, _JOURNAL, _LOCK, _DAMAGED = ".json", ".journal", ".lock", ".damaged"
#: Age of a half-written file that nobody is writing any more, s; chosen: no save takes that long,
#: and one that lost its file is repeated.
_TMP_AGE = 3600


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """Drawings that other windows left.

    Attributes
    ----------
    sketches : tuple of Sketch
        The oldest file first.
    notices : tuple of InkreadError
        What a person is to know of files that could not be read.
    """

    sketches: tuple[Sketch, ...] = ()
    notices: tuple[InkreadError, ...] = ()


@dataclass(slots=True, eq=False)
class _Lock:
    """A lock of the files of one stem; the last that is done with it releases it."""

    lock: HeldLock
    uses: int = 1

    def shared(self) -> _Lock:
        self.uses += 1
        return self

    def release(self, is_needed: bool = True) -> None:
        self.uses -= 1
        if not self.uses:
            self.lock.release(is_needed)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """A file, and the lock that makes it ours."""

    path: Path
    lock: _Lock
    journal: Journal | None = None  # None: it is read, and never written

    @property
    def is_ours(self) -> bool:
        """Not if somebody deleted the lock: another window may have taken the file over."""
        return self.lock.lock.is_valid

    def delete(self) -> None:
        if self.is_ours:
            with suppress(OSError):
                self.path.unlink()
        self.release()

    def release(self) -> None:
        self.lock.release(is_needed=_has_file(self.path))


class SketchFolder:
    """A folder with one file per window, each with a lock that its window holds while it lives.

    The system releases the lock of a window that is killed. A file whose lock is free was left by
    a window that is gone: the next window that looks takes it over. Names are never used twice.
    A window whose lock was deleted from outside, perhaps with the whole folder, begins a new file.

    Parameters
    ----------
    folder : Path
        May not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: _Held | None = None
        self._taken_over: list[_Held] = []

    def load(self, is_given_up: Callable[[], bool] = lambda: False) -> Left:
        """Take over what windows left that are gone, the oldest first.

        The files stay as they are until `save` is called with what is in them. What cannot be
        read for the moment is left alone; damaged files are set aside under new names.
        """
        found, notices = list[Sketch](), list[InkreadError]()
        paths = [*self._folder.glob(f"*{_JSON}"), *self._folder.glob(f"*{_JOURNAL}")]
        for path in sorted(paths, key=_age):
            try:
                left = self._taken(path, is_given_up)
            except GivenUp:
                self._release(self._taken_over)
                return Left()
            found += left.sketches
            notices += left.notices
        self._sweep()
        return Left(tuple(found), tuple(notices))

    def save(self, sketches: Sequence[Sketch], with_left: bool = True) -> None:
        """Keep these in the place of what was kept before.

        Parameters
        ----------
        sketches : sequence of Sketch
            Of this window; none: its file goes.
        with_left : bool
            Whether what was loaded is among them, or was done away with. Else the files that
            hold it stay.

        Raises
        ------
        SaveFailed
            If writing fails; the old files are kept then.
        """
        left = self._taken_over if with_left else []
        if self._own is not None and not self._own.is_ours:
            self._own.release()
            self._own = None
        if sketches:
            self._own = self._own or self._adopted(left) or self._begun()
            assert self._own.journal is not None
            self._own.journal.save(sketches)
        elif self._own is not None:
            self._own.delete()
            self._own = None
        while left:
            left.pop().delete()

    def close(self) -> None:
        """The window is gone: what it kept is there for the next one."""
        if self._own is not None:
            self._own.release()
            self._own = None
        self._release(self._taken_over)

    def _taken(self, path: Path, is_given_up: Callable[[], bool]) -> Left:
        """Content of a file, if its lock is free."""
        try:
            lock = self._lock_of(path)
        except OSError as error:
            reason = f"its lock file cannot be opened: {error.strerror or error}"
            return Left(notices=(DrawingsLeft(name=str(path), reason=reason),))
        if lock is None:
            return Left()
        if not path.exists():
            lock.release(is_needed=False)
            return Left()
        try:
            found = _read(path, is_given_up)
            notices = (_repaired(path, found),) if found.damage else ()
        except ValueError as error:
            return _set_aside(path, lock, str(error))
        except (InkreadError, NewerVersion, OSError, MemoryError) as error:
            lock.release()
            return Left(notices=(_left_alone(path, error),))
        except BaseException:
            lock.release()
            raise
        self._taken_over.append(_Held(path, lock, found.journal))
        return Left(found.sketches, notices)

    def _lock_of(self, path: Path) -> _Lock | None:
        """None if another window has the file, or this one has it already."""
        held = [*self._taken_over, *([self._own] if self._own else [])]
        if any(each.path == path for each in held):
            return None
        for each in held:
            if each.path.stem == path.stem and each.is_ours:
                return each.lock.shared()
        lock = try_to_hold(path.with_suffix(_LOCK))
        return None if lock is None else _Lock(lock)

    def _adopted(self, left: list[_Held]) -> _Held | None:
        """The largest file that was taken over goes on as this window's own."""
        journals = [each for each in left if each.path.suffix == _JOURNAL and each.is_ours]
        if not journals:
            return None
        own = max(journals, key=lambda each: _size(each.path))
        left.remove(own)
        return own

    def _begun(self) -> _Held:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            while True:
                path = self._folder / f"canvas-{secrets.token_hex(8)}{_JOURNAL}"
                lock = try_to_hold(path.with_suffix(_LOCK))
                if lock is not None:  # else another window is just sweeping
                    return _Held(path, _Lock(lock), Journal(path))
        except OSError as error:
            raise SaveFailed(name=str(self._folder), reason=error.strerror or str(error)) from error

    def _release(self, held: list[_Held]) -> None:
        while held:
            held.pop().release()

    def _sweep(self) -> None:
        """Delete what killed windows left beside their files."""
        for path in self._folder.glob(f"canvas-*{_LOCK}"):
            if not _has_file(path):
                with suppress(OSError):
                    _delete_free(path)
        for path in self._folder.glob(".inkread-*.tmp"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _TMP_AGE:
                    path.unlink()


def _has_file(path: Path) -> bool:
    """Whether there are drawings under the stem of a path, in either format."""
    return any(path.with_suffix(suffix).exists() for suffix in (_JSON, _JOURNAL))


def _delete_free(path: Path) -> None:
    """Delete a lock that nobody holds."""
    lock = try_to_hold(path)
    if lock is not None:
        lock.release(is_needed=False)


def _read(path: Path, is_given_up: Callable[[], bool]) -> Found:
    if path.suffix == _JSON:
        return Found(decode_sketches(read_file(path, MAX_FILE_BYTES)), Journal(path))
    return read_journal(path, is_given_up)


def _repaired(path: Path, found: Found) -> InkreadError:
    """Keep a copy of the damaged file, and in its place what could be read."""
    copy = _damaged_name(path)
    write_file(copy, path.read_bytes(), is_own=True)
    found.journal.save(found.sketches)
    return DrawingsSetAside(name=str(path), reason=found.damage, kept=str(copy))


def _set_aside(path: Path, lock: _Lock, reason: str) -> Left:
    copy = _damaged_name(path)
    try:
        path.replace(copy)
    except OSError as error:
        lock.release()
        return Left(notices=(_left_alone(path, error),))
    lock.release(is_needed=False)
    return Left(notices=(DrawingsSetAside(name=str(path), reason=reason, kept=str(copy)),))


def _damaged_name(path: Path) -> Path:
    """A name that no earlier copy has."""
    return path.with_name(f"{path.stem}-{secrets.token_hex(4)}{_DAMAGED}")


def _left_alone(path: Path, error: Exception) -> InkreadError:
    match error:
        case NewerVersion():
            reason = "a newer Inkread wrote it"
        case MemoryError() | FileTooLarge():
            reason = "it is too large"
        case FileNotAllowed():
            reason = "you are not allowed to open it"
        case InkreadError():
            reason = str(error.facts.get("reason", "it is no file"))
        case _:
            reason = getattr(error, "strerror", None) or str(error)
    return DrawingsLeft(name=str(path), reason=reason)


def decode_sketches(data: bytes) -> tuple[Sketch, ...]:
    """Decode a file that is JSON as a whole, as the program wrote them before there were journals.

    Raises
    ------
    NewerVersion
        If the program of some later day wrote it.
    ValueError
        If the data are anything else.
    """
    try:
        content = json.loads(data)
        version = content["version"]
        if isinstance(version, int) and version > _JSON_VERSION:
            raise NewerVersion
        if version != _JSON_VERSION:
            raise ValueError("it is of an unknown version")
        return tuple(_as_sketch(each) for each in content["sketches"])
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"these are no sketches: {error}") from error


def _as_sketch(content: Mapping[str, Any]) -> Sketch:
    drawings = tuple(map(_as_drawing, content["sheets"]))
    current = int(content["current"])
    if not 0 <= current < len(drawings):
        raise ValueError("none of its drawings is shown")
    return Sketch(drawings, current)


def _as_drawing(content: Mapping[str, Any]) -> SketchDrawing:
    label = content["label"]
    if not isinstance(label, str | None):
        raise ValueError("no label")
    ink = ink_from_bytes(base64.b64decode(content["ink"], validate=True))
    return SketchDrawing(Drawing(label, ink), tuple(map(edit_from_json, content["edits"])))


def _age(path: Path) -> tuple[float, str]:
    """For the order of files. A clock that was set back mixes them up; it costs none of them."""
    try:
        return path.stat().st_mtime, path.name
    except OSError:
        return 0.0, path.name


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
