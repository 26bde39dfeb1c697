"""The content of an InkML file."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.core.ink import Ink

NAMESPACE = "http://www.w3.org/2003/InkML"


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Ink and its label.

    Attributes
    ----------
    label : str or None
        The annotated truth; None if there is none.
    ink : Ink
        In px.
    is_in_px : bool
        Whether the file says that its unit is px, so that the size on the canvas is known.
    """

    label: str | None
    ink: Ink
    is_in_px: bool = False


class BadInk(Exception):
    """Why a file cannot be read; becomes an `InkDamaged` with the file's name."""
