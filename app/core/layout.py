"""How what is written stands on the page, where somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from app.core.geometry import Box


class Layout(StrEnum):
    """What a page or drawing is taken for."""

    #: Decided by what is on it.
    AUTO = "auto"
    #: One sign: all parts that are no specks belong to it.
    DIGIT = "digit"
    #: One line, left to right, however its signs jump.
    LINE = "line"
    #: Several lines, one below the other.
    PAGE = "page"


def one_line(boxes: Sequence[Box]) -> list[int]:
    """Numbers of the boxes, left to right by their middles."""
    return sorted(range(len(boxes)), key=lambda i: boxes[i].centre[0])
