"""What an InkML file holds."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.core.ink import Ink

NAMESPACE = "http://www.w3.org/2003/InkML"


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Ink and what it is said to be.

    Attributes
    ----------
    label : str or None
        The truth, as somebody annotated it; None if nobody did.
    ink : Ink
        In px.
    """

    label: str | None
    ink: Ink


class BadInk(Exception):
    """The reason why a file cannot be read, for `InkDamaged`, which knows the file's name."""
