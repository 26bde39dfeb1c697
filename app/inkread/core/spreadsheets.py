"""Cells of tables that a spreadsheet takes for text or a number, never for a formula.

Excel and LibreOffice calculate what begins with ``= + - @`` in a CSV file, and a formula can start
programs or send cells away. Such a text gets an apostrophe before it (OWASP, "CSV Injection").
"""

from __future__ import annotations

import re

#: Start of a formula, in full width too; spaces before it do not help.
_FORMULA = re.compile(r"[\s'\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]")
#: A sign with digits, points and commas, as numbers are read, and numbers without a sign after it:
#: nothing is calculated.
_NUMBER = re.compile(r"[+-][0-9.,]*(?: [0-9.,]+)*")
#: Where a spreadsheet may begin another cell: some split CSV at semicolons, in spite of quotes.
_SEPARATORS = re.compile(r"([;\t\r\n])")
#: White space that spreadsheets drop before they look at a cell.
_DROPPED = re.compile(r"'*[\t\r]")


def inert(text: str) -> str:
    """`text` as a cell that is no formula; numbers such as "-12,5" stay as they are."""
    parts = _SEPARATORS.split(text)
    parts[::2] = [f"'{part}" if _is_formula(part) else part for part in parts[::2]]
    cell = "".join(parts)
    return f"'{cell}" if _DROPPED.match(cell) else cell


def as_it_was(cell: str) -> str:
    """The text that `inert` made `cell` of."""
    if cell.startswith("'") and _DROPPED.match(cell[1:]):
        cell = cell[1:]
    parts = _SEPARATORS.split(cell)
    parts[::2] = [
        part[1:] if part.startswith("'") and _is_formula(part[1:]) else part for part in parts[::2]
    ]
    return "".join(parts)


def _is_formula(part: str) -> bool:
    return bool(_FORMULA.match(part)) and not _NUMBER.fullmatch(part)
