"""Read the records of an SQLite file without SQLite, page by page, however damaged it is.

For damaged files only. SQLite stops at the first page that is wrong, and it runs what is in the
file: views, triggers, checks, generated columns. Here every page stands for itself and nothing is
run. Time and memory are linear in the size of the file: each overflow page belongs to one record,
and each record to one page. Format: https://www.sqlite.org/fileformat2.html (sections 1.3 to 2.3
and 4).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

#: A value of a record; text that cannot be decoded stays bytes.
Value = int | float | str | bytes | None

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100
_ENCODING_AT = 56
_ENCODINGS = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
_U16, _U32 = struct.Struct(">H"), struct.Struct(">I")
#: Page size of every file that this program makes, bytes; SQLite's default.
DEFAULT_PAGE_SIZE = 4096
_MIN_USABLE = 480
_LOG_MAGIC = (0x377F0682, 0x377F0683)
_LOG_HEADER, _FRAME_HEADER = struct.Struct(">IIIIIIII"), struct.Struct(">IIIIII")
_INTEGER_SIZES = (0, 1, 2, 3, 4, 6, 8)
_FLOAT, _ZERO, _ONE, _BLOB = 7, 8, 9, 12
#: Maximum length of a variable-length integer, bytes.
_MAX_VARINT = 9


class PageKind(IntEnum):
    """First byte of a page that holds records."""

    INDEX = 2
    INDEX_LEAF = 10
    TABLE_LEAF = 13


_KINDS = frozenset(PageKind)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the pages of a file are laid out.

    Attributes
    ----------
    page_size : int
        Bytes.
    usable : int
        Bytes of a page that hold records.
    encoding : str
        Of text.
    """

    page_size: int = DEFAULT_PAGE_SIZE
    usable: int = DEFAULT_PAGE_SIZE
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a table, or of an index.

    Attributes
    ----------
    row : int or None
        Its row id; None in an index.
    values : tuple or None
        None if it is damaged.
    """

    row: int | None
    values: tuple[Value, ...] | None


def layout_of(stream: BinaryIO) -> Layout:
    """The layout that the header states; the default if that is impossible."""
    stream.seek(0)
    head = stream.read(_HEADER_SIZE)
    if len(head) < _HEADER_SIZE or not head.startswith(_MAGIC):
        return Layout()
    size = 65_536 if head[16:18] == b"\0\1" else _U16.unpack_from(head, 16)[0]
    usable = size - head[20]
    if size < 512 or size & (size - 1) or usable < _MIN_USABLE:
        return Layout()
    (encoding,) = _U32.unpack_from(head, _ENCODING_AT)
    return Layout(size, usable, _ENCODINGS.get(encoding, "utf-8"))


class SqlitePages:
    """The pages of a file, as its log says they are.

    Parameters
    ----------
    stream : BinaryIO
        The file.
    log : BinaryIO or None
        Its write-ahead log.
    layout : Layout
        As `layout_of` says.
    limit : int
        Maximum bytes of each that are looked at.
    min_size : int
        Smaller records of tables are not decoded, which takes ten times as long as to pass over
        them; bytes.
    """

    def __init__(
        self,
        stream: BinaryIO,
        log: BinaryIO | None,
        layout: Layout,
        limit: int,
        min_size: int = 0,
    ) -> None:
        self._stream = stream
        self._log = log
        self._layout = layout
        self._min_size = min_size
        self._logged = {} if log is None else _logged_pages(log, layout.page_size, limit)
        size = min(stream.seek(0, 2), limit)
        self._count = max([-(-size // layout.page_size), *self._logged])
        self._free = self._free_pages()
        self._overflowing: set[int] = set()

    def records(self) -> Iterator[Record]:
        """All records in leaves of tables and pages of indices, in the order of the pages."""
        for number in range(1, self._count + 1):
            if number not in self._free:
                start = _HEADER_SIZE if number == 1 else 0
                yield from self._records_of(self._page(number), start)

    def _page(self, number: int) -> bytes:
        size = self._layout.page_size
        if self._log is not None and number in self._logged:
            self._log.seek(self._logged[number])
            return self._log.read(size)
        self._stream.seek((number - 1) * size)
        return self._stream.read(size)

    def _free_pages(self) -> set[int]:
        """Pages of the free list, which hold deleted records; none if the list is damaged."""
        head = self._page(1)[:40]
        if len(head) < 40 or not head.startswith(_MAGIC):
            return set()
        trunk, count = struct.unpack_from(">II", head, 32)
        free: set[int] = set()
        while 1 < trunk <= self._count and trunk not in free:
            page = self._page(trunk)
            if len(page) < self._layout.usable:
                return set()
            free.add(trunk)
            trunk, leaves = struct.unpack_from(">II", page)
            if leaves > self._layout.usable // 4 - 2:
                return set()
            free.update(struct.unpack_from(f">{leaves}I", page, 8))
        return free if len(free) == count else set()

    def _records_of(self, page: bytes, start: int) -> Iterator[Record]:
        if len(page) < start + 8 or page[start] not in _KINDS:
            return
        kind = PageKind(page[start])
        (count,) = _U16.unpack_from(page, start + 3)
        pointers = start + (12 if kind is PageKind.INDEX else 8)
        left = self._layout.usable  # cells do not overlap
        for at in range(pointers, min(pointers + 2 * count, len(page) - 1), 2):
            try:
                record, size = self._record(page, _U16.unpack_from(page, at)[0], kind)
            except (IndexError, struct.error, _Damaged):
                continue
            left -= size
            if left < 0:
                return
            yield record

    def _record(self, page: bytes, at: int, kind: PageKind) -> tuple[Record, int]:
        """The record of a cell, and its size on this page."""
        start = at
        at += 4 if kind is PageKind.INDEX else 0
        size, at = _varint(page, at)
        row = None
        if kind is PageKind.TABLE_LEAF:
            row, at = _varint(page, at)
            row -= (row >> 63) << 64
        local = self._local_size(size, kind)
        if row is not None and size < self._min_size:
            return Record(row, None), at + local - start
        payload = page[at : at + local]
        end = at + local
        if local < size:
            payload += self._overflow(page, end, size - local)
            end += 4
        try:
            return Record(row, _values(payload, self._layout.encoding)), end - start
        except (IndexError, struct.error, _Damaged):
            return Record(row, None), end - start

    def _local_size(self, size: int, kind: PageKind) -> int:
        usable = self._layout.usable
        low = (usable - 12) * 32 // 255 - 23
        high = usable - 35 if kind is PageKind.TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if size <= high:
            return size
        local = low + (size - low) % (usable - 4)
        return local if local <= high else low

    def _overflow(self, page: bytes, at: int, size: int) -> bytes:
        """The rest of a record, from its chain of overflow pages; cut off if that is damaged."""
        if size > self._count * self._layout.usable:
            return b""
        parts = []
        (number,) = _U32.unpack_from(page, at)
        while size > 0 and 1 < number <= self._count and number not in self._overflowing:
            part = self._page(number)
            # The number of the next page comes first; a page of records begins with its kind.
            if len(part) < self._layout.usable or part[0]:
                break
            self._overflowing.add(number)
            parts.append(part[4 : min(self._layout.usable, size + 4)])
            size -= len(parts[-1])
            (number,) = _U32.unpack_from(part)
        return b"".join(parts)


class _Damaged(Exception):
    """A record is not as the format says."""


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """An integer of variable length, and where it ends."""
    value = 0
    for _ in range(_MAX_VARINT - 1):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1


def _values(payload: bytes, encoding: str) -> tuple[Value, ...]:
    body, at = _varint(payload, 0)
    if body > len(payload):
        raise _Damaged
    values: list[Value] = []
    end = body
    while at < body:
        kind = payload[at]
        if kind < 0x80:  # most are: no call for them
            at += 1
        else:
            kind, at = _varint(payload, at)
        start, end = end, end + _size(kind)
        if end > len(payload):
            raise _Damaged
        values.append(_value(kind, payload[start:end], encoding))
    return tuple(values)


def _size(kind: int) -> int:
    if kind < len(_INTEGER_SIZES):
        return _INTEGER_SIZES[kind]
    if kind == _FLOAT:
        return 8
    return max(0, (kind - _BLOB) // 2)


def _value(kind: int, data: bytes, encoding: str) -> Value:
    if kind == 0:
        return None
    if kind < len(_INTEGER_SIZES):
        return int.from_bytes(data, "big", signed=True)
    if kind == _FLOAT:
        return float(struct.unpack(">d", data)[0])
    if kind in (_ZERO, _ONE):
        return kind - _ZERO
    if kind < _BLOB:
        raise _Damaged
    return lenient_text(data, encoding) if kind % 2 else data


def lenient_text(data: bytes, encoding: str = "utf-8") -> str | bytes:
    """A text of a record; bytes that are no text stay what they are."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data


def _logged_pages(log: BinaryIO, page_size: int, limit: int) -> dict[int, int]:
    """Offset in the log of the last committed version of each page, bytes."""
    log.seek(0)
    head = log.read(_LOG_HEADER.size)
    if len(head) < _LOG_HEADER.size:
        return {}
    magic, _, size, _, *salts, _, _ = _LOG_HEADER.unpack(head)
    if magic not in _LOG_MAGIC or size != page_size:
        return {}
    committed: dict[int, int] = {}
    pending: dict[int, int] = {}
    step = _FRAME_HEADER.size + page_size
    end = min(log.seek(0, 2), limit)
    for at in range(_LOG_HEADER.size, end - step + 1, step):
        log.seek(at)
        number, commit, *frame_salts, _, _ = _FRAME_HEADER.unpack(log.read(_FRAME_HEADER.size))
        if frame_salts != salts or not 0 < number <= limit // page_size:
            break
        pending[number] = at + _FRAME_HEADER.size
        if commit:
            committed.update(pending)
            pending.clear()
    return committed
