"""Changes of bytes and of text that know nothing, or little, of the format."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

#: A file, and the other seeds of its format -> a changed file.
Change = Callable[[Random, bytes, Sequence[bytes]], bytes]

#: Bytes; chosen: far more than any seed, and read in a moment.
MAX_SIZE = 1_000_000
_EXTREMES = (0, 1, -1, 0x7F, 0x80, 0x7FFF, 0x8000, 0x7FFFFFFF, -0x80000000, 10**9)
_FLOATS = (float("nan"), float("inf"), -float("inf"), 1e30, -1e38, 3.4e38, 1e-45, 1e308, -0.0)
NUMBERS = (
    *("0", "-0", "-1", "1", "2", "255", "256", "1e30", "-1e30", "1e12", "3.4e38", "1e39", "1e308"),
    *("1e400", "-1e400", "NaN", "nan", "Infinity", "inf", "-inf", "1e-45", "1e-320", "0.0000001"),
    *("2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775808", "1e", "--1"),
    *("9" * 400, "9" * 5000, "0x7fffffff", "1_000", "١٢", "1.5.2", "true", ""),
)
TEXTS = (
    *("", " ", "=1+1", "\0", "\x1b[31m", "\u202e4", "\ud7ff", "<b>&amp;", "../../x", "a" * 300),
    *("b" * 70_000, "9" * 5000, "\n\n", "é" * 65, "%00", "con", "NaN", "\ufeff", "'\"", "{name}"),
)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_QUOTED = re.compile(rb'"[^"\n]*"')


def _span(rng: Random, size: int, longest: int = 64) -> tuple[int, int]:
    start = rng.randrange(size + 1)
    return start, min(size, start + rng.randint(1, longest))


def flip_bits(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def overwrite(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, stop = _span(rng, len(data))
    filler = rng.choice((b"\0", b"\xff", b"A", rng.randbytes(1)))
    return data[:start] + filler * (stop - start) + data[stop:]


def noise(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, stop = _span(rng, len(data))
    return data[:start] + rng.randbytes(rng.randint(0, 64)) + data[stop:]


def cut_off(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def leave_out(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, stop = _span(rng, len(data), max(1, len(data) // 4))
    return data[:start] + data[stop:]


def repeat(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, stop = _span(rng, len(data), max(1, len(data) // 2))
    times = min(rng.choice((2, 3, 30, 3000)), max(1, MAX_SIZE // max(1, stop - start)))
    return data[:start] + data[start:stop] * times + data[stop:]


def swap(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    places = sorted(rng.randrange(len(data) + 1) for _ in range(4))
    a, b, c, d = places
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def splice(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def extreme_field(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A number of 1 to 8 bytes at any place, in either order of bytes."""
    order, kind = rng.choice("<>"), rng.choice("bhiqfd")
    if kind in "fd":
        field = struct.pack(order + "d", rng.choice(_FLOATS))
        if kind == "f":
            field = struct.pack(order + "I", rng.choice((0x7FC00000, 0x7F800000, 0x7149F2CA, 1)))
    else:
        size = struct.calcsize(order + kind)
        number = rng.choice(_EXTREMES) & ((1 << 8 * size) - 1)
        field = number.to_bytes(size, "little" if order == "<" else "big")
    near_start = rng.random() < 0.5
    start = rng.randrange(min(len(data), 64) + 1 if near_start else len(data) + 1)
    return data[:start] + field + data[start + len(field) :]


BYTES: tuple[Change, ...] = (
    *(flip_bits, overwrite, noise, cut_off, leave_out, repeat, swap, splice),
    *(extreme_field, extreme_field),
)


def other_number(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    for match in sorted(
        rng.sample(found, min(len(found), rng.choice((1, 1, 3)))),
        reverse=True,
        key=lambda m: m.start(),
    ):
        data = data[: match.start()] + rng.choice(NUMBERS).encode() + data[match.end() :]
    return data


def other_text(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    found = list(_QUOTED.finditer(data))
    if not found:
        return data
    match = rng.choice(found)
    text = rng.choice(TEXTS).encode("utf-8", "surrogatepass")
    return data[: match.start() + 1] + text + data[match.end() - 1 :]


def change_list(rng: Random, items: list[Any]) -> None:
    """One item twice, many times, gone or elsewhere."""
    at = rng.randrange(len(items))
    match rng.randrange(3):
        case 0:
            items[at:at] = [items[at]] * rng.choice((1, 1, 20, 500))
        case 1:
            del items[at]
        case _:
            items.insert(rng.randrange(len(items)), items.pop(at))


def change_lines(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A line longer, twice, many times, gone or elsewhere."""
    lines = data.split(b"\n")
    if rng.randrange(4):
        change_list(rng, lines)
    else:
        lines[rng.randrange(len(lines))] *= rng.choice((2, 500))
    return b"\n".join(lines)[: 2 * MAX_SIZE]


def nest(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Brackets or elements within one another, at any place."""
    left, right = rng.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"{a=", b"}"), (b"<a>", b"</a>"), (b"<traceGroup>", b""))
    )
    depth, at = rng.choice((2, 60, 300, 1500, 100_000)), rng.randrange(len(data) + 1)
    return data[:at] + left * depth + b"1" + right * depth + data[at:]


def recode(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    text = data.decode("utf-8", "replace")
    coding = rng.choice(("utf-16", "utf-8-sig", "latin-1", "utf-32", "cp500", "utf-7"))
    return text.encode(coding, "replace")


TEXT: tuple[Change, ...] = (
    *(other_number, other_number, other_number, other_text, other_text),
    *(change_lines, change_lines, nest, recode),
)
