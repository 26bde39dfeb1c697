"""How a benchmark judges readings: right or wrong, and whether a person is warned.

A reading is *flagged* if anything in it asks for a look: a glyph that is rejected or less probable
than 90 %, a page of which only a part was read, or nothing read at all. A *silent error* is wrong
and not flagged: the worst that a reader can do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Grey, Reading

TILE_HEIGHT = 120


@dataclass(slots=True)
class Tally:
    """Counts over readings, or over the numbers of pages."""

    total: int = 0
    right: int = 0
    flagged_wrong: int = 0
    flagged_right: int = 0

    def add(self, is_right: bool, is_flagged: bool) -> None:
        self.total += 1
        self.right += is_right
        self.flagged_wrong += is_flagged and not is_right
        self.flagged_right += is_flagged and is_right

    @property
    def wrong(self) -> int:
        return self.total - self.right

    @property
    def silent(self) -> int:
        """Wrong, and nobody is warned."""
        return self.wrong - self.flagged_wrong

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.total + other.total,
            self.right + other.right,
            self.flagged_wrong + other.flagged_wrong,
            self.flagged_right + other.flagged_right,
        )

    def __str__(self) -> str:
        return (
            f"flagged {percent(self.flagged_wrong, self.wrong)} of the wrong, "
            f"{percent(self.flagged_right, self.right)} of the right; "
            f"silent errors {percent(self.silent, self.total)}"
        )


def percent(count: int, of: int) -> str:
    """A share, with the counts that it rests on."""
    return f"{100 * count / max(1, of):.2f} % ({count}/{of})"


def is_flagged(reading: Reading) -> bool:
    """Whether a person is warned of anything in it."""
    return reading.is_empty or reading.is_partial or bool(reading.doubtful)


def line_outcomes(truth: Sequence[str], reading: Reading) -> Iterator[tuple[bool, bool]]:
    """For each number of a page, and each line too many: whether it is right, and flagged.

    A wrong number is flagged with any of the lines that stand in its place. One without a line in
    its place is not, unless the whole page is.
    """
    everywhere = reading.is_empty or reading.is_partial
    flags = [everywhere or any(glyph.is_doubtful for glyph in line) for line in reading.lines]
    matcher = difflib.SequenceMatcher(None, truth, reading.text.split("\n"), autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield from ((True, flag) for flag in flags[j1:j2])
        else:
            flag = everywhere or any(flags[j1:j2])
            yield from [(False, flag)] * max(i2 - i1, j2 - j1)


def digits_of(text: str) -> str:
    """The digits of a text, without signs, spaces and line breaks."""
    return "".join(sign for sign in text if sign.isdecimal())


def without_spaces(text: str) -> str:
    return "".join(text.split())


def _edits(a: str, b: str) -> NDArray[np.int64]:
    """(len(a) + 1, len(b) + 1): edits between their beginnings (Levenshtein 1966)."""
    table = np.add.outer(np.arange(len(a) + 1), np.arange(len(b) + 1))
    for i, x in enumerate(a, 1):
        for j, y in enumerate(b, 1):
            around = (table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (x != y))
            table[i, j] = min(around)
    return table


def distance(a: str, b: str) -> int:
    """Edits that make one text of the other."""
    return int(_edits(a, b)[-1, -1])


def matched(a: str, b: str) -> list[tuple[int, int]]:
    """Indices of the same sign in both texts, as the fewest edits align them."""
    table, pairs = _edits(a, b), list[tuple[int, int]]()
    i, j = len(a), len(b)
    while i and j:
        if table[i, j] == table[i - 1, j - 1] + (a[i - 1] != b[j - 1]):
            i, j = i - 1, j - 1
            if a[i] == b[j]:
                pairs.append((i, j))
        elif table[i, j] == table[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def tile(grey: Grey, text: str, width: int = 600) -> Grey:
    """A wrong one with its text, for a person to look at: (`TILE_HEIGHT`, `width`)."""
    scale = min(90 / grey.shape[0], (width - 8) / grey.shape[1])
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full((TILE_HEIGHT, width), 255, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    cv2.putText(canvas, text, (2, 114), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    return canvas


def save_tiles(tiles: Sequence[Grey], path: Path, columns: int = 2) -> None:
    """Write tiles of one size into a picture; none: no picture."""
    if tiles:
        padded = [*tiles, *[np.full_like(tiles[0], 255)] * (-len(tiles) % columns)]
        rows = [np.hstack(padded[i : i + columns]) for i in range(0, len(padded), columns)]
        cv2.imwrite(str(path), np.vstack(rows))
