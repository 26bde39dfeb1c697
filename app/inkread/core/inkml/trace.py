"""The text of a <trace> -> numbers (InkML 1.0, section 3.2)."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from inkread.core.inkml.drawing import BadInk

MAX_NUMBER = 1e30
"""Maximum of a number as written, and of a coordinate in px. Chosen: any unit fits, and what is
computed of such numbers stays finite. `ink_of` brings them into the range of ink."""

_MAX_POINT_LENGTH = 2000

_VALUE = re.compile(
    r"""
    \s* ([!'"]?)                                    # difference order
    \s* (?: ([-+]?) \s*                             # a number: sign,
            ( \#[0-9a-f]+                           # then hexadecimal digits
            | (?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)? )   # or a decimal with its exponent
          | ([TF*?]) )                              # a truth value or a wildcard
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_PLAIN = re.compile(r"[-.0-9\s,]*", re.ASCII)
_PLAIN_POINT_LENGTH = 100
_ORDERS = {"!": 0, "'": 1, '"': 2}


class _Channel:
    """One channel along a trace, with the running sums of differences."""

    __slots__ = ("acceleration", "order", "started", "value", "velocity")

    def __init__(self) -> None:
        self.order = 0
        self.started = False
        self.value = self.velocity = self.acceleration = 0.0

    def reach(self, value: float) -> float:
        velocity = value - self.value if self.started else 0.0
        self.acceleration = velocity - self.velocity
        self.value, self.velocity, self.started = value, velocity, True
        return value

    def take(self, number: float) -> float:
        if self.order == 1:
            number += self.value
        elif self.order == 2:
            number += self.value + self.velocity
        return self.reach(number)

    def go_on(self) -> float:
        """The wildcard ``*``: repeats the last value, velocity or acceleration."""
        last = (0.0, self.velocity, self.velocity + self.acceleration)[self.order]
        return self.reach(self.value + last)


def parse_trace(text: str, columns: Sequence[int | None]) -> NDArray[np.float64]:
    """The points of a trace.

    Parameters
    ----------
    text : str
        Points separated by commas, values by white space or nothing, with prefixes ``!``
        (explicit), ``'`` (difference), ``"`` (difference of differences).
    columns : sequence of int or None
        For each channel, the index of its value in a point; None if the trace lacks it.

    Returns
    -------
    (n, len(columns)) array of float64
        NaN where there is no value (``?``, missing intermittent channels).

    Raises
    ------
    BadInk
        If the text is no trace, or a number exceeds `MAX_NUMBER`.
    """
    plain = _plain_rows(text)
    rows = _rows(text, columns) if plain is None else _selected(plain, columns)
    if (np.abs(rows) > MAX_NUMBER).any():  # NaN stands for no value
        raise BadInk("a number is too large")
    return rows


def _plain_rows(text: str) -> NDArray[np.float64] | None:
    """A fast path for plain decimals with space between, as in most files."""
    if len(text) > _PLAIN_POINT_LENGTH * (text.count(",") + 1) or not _PLAIN.fullmatch(text):
        return None
    rows = [values for point in text.split(",") if (values := point.split())]
    try:
        return np.array(rows, np.float64).reshape(len(rows), -1) if rows else None
    except ValueError:  # rows of different lengths, or values without space between
        return None


def _selected(rows: NDArray[np.float64], columns: Sequence[int | None]) -> NDArray[np.float64]:
    selected = np.full((len(rows), len(columns)), np.nan)
    for i, column in enumerate(columns):
        if column is not None and column < rows.shape[1]:
            selected[:, i] = rows[:, column]
    return selected


def _rows(text: str, columns: Sequence[int | None]) -> NDArray[np.float64]:
    wanted = {column: i for i, column in enumerate(columns) if column is not None}
    channels = [_Channel() for _ in range(max(wanted, default=-1) + 1)]
    flat = array("d")
    for point in text.split(","):
        if not point or point.isspace():
            continue
        row = [np.nan] * len(columns)
        for (column, channel), (order, sign, number, letter) in zip(
            enumerate(channels), _values(point), strict=False
        ):
            if order:
                channel.order = _ORDERS[order]
            value = _resolved(channel, sign, number, letter)
            if column in wanted:
                row[wanted[column]] = value
        flat.extend(row)
    return np.array(flat, np.float64).reshape(-1, len(columns))


def _values(point: str) -> Iterator[tuple[str, str, str, str]]:
    if len(point) > _MAX_POINT_LENGTH:
        raise BadInk("a trace is not made of points")
    at, end = 0, len(point.rstrip())
    while at < end:
        match = _VALUE.match(point, at)
        if match is None:
            raise BadInk(f"a trace holds {point[at : at + 12].strip()!r}")
        yield match[1], match[2] or "", match[3] or "", match[4] or ""
        at = match.end()


def _resolved(channel: _Channel, sign: str, number: str, letter: str) -> float:
    if not letter:
        size = min(int(number[1:], 16), 1e300) if number[0] == "#" else float(number)
        return channel.take(float(-size if sign == "-" else size))
    if letter == "?":
        return float("nan")
    if letter == "*":
        return channel.go_on()
    return channel.reach(float(letter in "Tt"))
