"""Tables as texts that spreadsheets take: tab-separated, and as HTML for the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from inkread.core.spreadsheets import inert

Rows = Sequence[Sequence[str]]


def stacked(tables: Sequence[Rows]) -> list[Sequence[str]]:
    """The rows of tables one below another, an empty row between two."""
    rows: list[Sequence[str]] = []
    for index, table in enumerate(tables):
        rows += [[], *table] if index else table
    return rows


def tab_separated(tables: Sequence[Rows]) -> str:
    """A line for each row, a tab between cells; no cell is a formula, nor more than one line."""
    return "\n".join("\t".join(map(_cell, row)) for row in stacked(tables))


def html_tables(tables: Sequence[Rows]) -> str:
    """The same as tables in HTML."""
    return "<br>".join(
        "<table>"
        + "".join(
            "<tr>"
            + "".join(f"<td>{escape(_cell(text), quote=False)}</td>" for text in row)
            + "</tr>"
            for row in rows
        )
        + "</table>"
        for rows in tables
    )


def _cell(text: str) -> str:
    return inert(" ".join(text.split()))
