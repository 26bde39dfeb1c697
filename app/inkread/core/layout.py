"""How what is written stands on the page, where somebody says so."""

from __future__ import annotations

from enum import StrEnum


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
