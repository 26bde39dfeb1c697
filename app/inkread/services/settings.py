"""Settings that outlive the program: one typed descriptor each.

The file is a QSettings INI file. Reading a setting always gives a value of its type and range:
an invalid one counts as not set.
"""

from __future__ import annotations

import math
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar, overload

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from inkread.core.errors import InkreadError, SettingsUnusable
from inkread.core.field_types.field_type import FieldType
from inkread.core.labels import valid_utf8
from inkread.core.layout import Layout
from inkread.core.line_labels import LINE_LABELS

T = TypeVar("T")
#: A stored value -> the setting's value; None if it is invalid.
Parse = Callable[[object], "T | None"]

THEMES = ("system", "light", "dark")
MIN_PEN, MAX_PEN = 4.0, 40.0
MAX_RECENT_FILES = 8


def choice(*allowed: str) -> Parse[str]:
    return lambda stored: stored if isinstance(stored, str) and stored in allowed else None


def number(minimum: float, maximum: float) -> Parse[float]:
    def parse(stored: object) -> float | None:
        try:
            value = float(stored) if isinstance(stored, str | int | float) else math.nan
        except (ValueError, OverflowError):
            return None
        return value if minimum <= value <= maximum else None

    return parse


def count(stored: object) -> int | None:
    value = number(0, 2**53)(stored)
    return None if value is None else int(value)


def text(stored: object) -> str | None:
    return stored if isinstance(stored, str) else None


def readable_type(stored: object) -> str | None:
    """A type whose signs can be read; empty: none."""
    if not isinstance(stored, str) or not stored:
        return text(stored)
    try:
        found = FieldType.parse(stored)
        found.check_readable(LINE_LABELS)
    except InkreadError:
        return None
    return found.text


def flag(stored: object) -> bool | None:
    """INI files return False as 'false', which is true to Python."""
    return {"true": True, "false": False}.get(str(stored).lower())


def texts(stored: object) -> tuple[str, ...] | None:
    """INI files return a list of one as a text, and an empty one as None."""
    if isinstance(stored, str):
        return (stored,) if stored else ()
    if isinstance(stored, list | tuple) and all(isinstance(item, str) for item in stored):
        return tuple(stored)
    return None


def blob(stored: object) -> bytes | None:
    if isinstance(stored, QByteArray):
        return bytes(stored.data())
    return stored if isinstance(stored, bytes) else None


def _is_other_than_file(path: Path) -> bool:
    with suppress(OSError):
        return not stat.S_ISREG(path.stat().st_mode)
    return False


class Setting(Generic[T]):
    """One value of a `Settings`; a change emits its signal."""

    def __init__(self, key: str, default: T, parse: Parse[T], signal: str) -> None:
        self.key = key
        self.default = default
        self._parse = parse
        self._signal = signal

    @overload
    def __get__(self, owner: None, kind: type) -> Setting[T]: ...
    @overload
    def __get__(self, owner: Settings, kind: type) -> T: ...
    def __get__(self, owner: Settings | None, kind: type) -> Setting[T] | T:
        if owner is None:
            return self
        value = self._parse(owner.stored(self.key))
        return self.default if value is None else value

    def __set__(self, owner: Settings, value: T) -> None:
        if self._parse(value) is None:
            raise ValueError(f"{self.key} cannot be {value!r}")
        if value != self.__get__(owner, Settings):
            owner.store(self.key, value)
            getattr(owner, self._signal).emit(value)


class Settings(QObject):
    """All settings."""

    theme_changed = Signal(str)
    pen_width_changed = Signal(float)
    language_changed = Signal(str)
    pipeline_shown_changed = Signal(bool)
    checks_sums_changed = Signal(bool)
    layout_changed = Signal(str)
    field_type_changed = Signal(str)
    keeps_samples_changed = Signal(bool)
    offers_learning_changed = Signal(bool)
    learned_up_to_changed = Signal(int)
    last_folder_changed = Signal(str)
    recent_files_changed = Signal(tuple)
    geometry_changed = Signal(bytes)

    theme = Setting("window/theme", "system", choice(*THEMES), "theme_changed")
    pen_width = Setting("pen/width", 14.0, number(MIN_PEN, MAX_PEN), "pen_width_changed")
    #: A locale's name; empty: the system's.
    language = Setting("window/language", "", text, "language_changed")
    pipeline_shown = Setting("window/pipeline", True, flag, "pipeline_shown_changed")
    checks_sums = Setting("window/check_sums", False, flag, "checks_sums_changed")
    layout = Setting("reading/layout", "auto", choice(*Layout), "layout_changed")
    #: What is written in each line; empty: anything.
    field_type = Setting("reading/field_type", "", readable_type, "field_type_changed")
    keeps_samples = Setting("samples/keep", True, flag, "keeps_samples_changed")
    offers_learning = Setting("learning/offer", True, flag, "offers_learning_changed")
    #: Id of the last sample that was learned, or for which an offer to learn was dismissed.
    learned_up_to = Setting("learning/up_to", 0, count, "learned_up_to_changed")
    last_folder = Setting("files/last_folder", "", text, "last_folder_changed")
    recent_files = Setting[tuple[str, ...]]("files/recent", (), texts, "recent_files_changed")
    geometry = Setting("window/geometry", b"", blob, "geometry_changed")

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        #: Why the file cannot be used: settings then last as long as the program.
        self.problem: InkreadError | None = None
        self._unkept: dict[str, object] = {}
        self._file: QSettings | None = None
        if _is_other_than_file(path):  # QSettings would wait for a pipe for ever
            self.problem = SettingsUnusable(name=str(path))
            return
        self._file = QSettings(str(path), QSettings.Format.IniFormat, self)
        self._file.setFallbacksEnabled(False)

    def remember_file(self, path: str) -> None:
        """Put a file on top of the recent ones, and its folder first in dialogs.

        The recent files of other windows stay. Not a file whose name holds bytes that are no
        UTF-8: the file of settings cannot name it.
        """
        if valid_utf8(path) != path:
            return
        self.save()
        others = (other for other in self.recent_files if other != path)
        self.recent_files = tuple((path, *others)[:MAX_RECENT_FILES])
        self.last_folder = str(Path(path).parent)

    def forget_files(self, paths: Iterable[str]) -> None:
        gone = set(paths)
        self.recent_files = tuple(path for path in self.recent_files if path not in gone)

    def save(self) -> None:
        if self._file is not None:
            self._file.sync()

    def load(self) -> None:
        """Take over what another window has saved: its recent files, and what it has learned.

        A window keeps its own look: other changes are not emitted.
        """
        recent, learned = self.recent_files, self.learned_up_to
        self.save()
        if self.recent_files != recent:
            self.recent_files_changed.emit(self.recent_files)
        if self.learned_up_to != learned:
            self.learned_up_to_changed.emit(self.learned_up_to)

    def stored(self, key: str) -> object:
        return self._unkept.get(key) if self._file is None else self._file.value(key)

    def store(self, key: str, value: object) -> None:
        stored = value
        if isinstance(value, tuple):
            stored = list(value)
        elif isinstance(value, bytes):
            stored = QByteArray(value)
        if self._file is None:
            self._unkept[key] = stored
        else:
            self._file.setValue(key, stored)
