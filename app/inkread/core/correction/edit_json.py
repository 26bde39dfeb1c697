"""Corrections of a picture as JSON and back, so that they outlive the program."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkread.core.cell import CELL_SIDE, to_float
from inkread.core.correction.edits import Edit
from inkread.core.correction.retype import is_same_text
from inkread.core.geometry import Box
from inkread.core.ink import MAX_COORDINATE
from inkread.core.reading import Glyph, Guess, Stage, StageName

#: Largest coordinate of a box, px. *Chosen*: pens may reach beyond the range of ink.
_MAX_EDGE = 2 * MAX_COORDINATE
_VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class Corrections:
    """The corrections of a picture, or of a file of ink.

    Attributes
    ----------
    edits : tuple of Edit
        In the order in which they were made.
    text : str or None
        The text of the picture with them; None: not known.
    doubtful : int
        How many of its glyphs are doubtful with them.
    typed : str or None
        A text typed for the whole picture, where its glyphs are not shown.
    drawings : tuple of str
        The text of each drawing of a file of ink, in the place of edits; empty: no corrections.
    """

    edits: tuple[Edit, ...] = ()
    text: str | None = None
    doubtful: int = 0
    typed: str | None = None
    drawings: tuple[str, ...] = ()

    @property
    def says(self) -> str | None:
        """The corrected text; None: the text of the reading."""
        return self.text if self.typed is None else self.typed

    @property
    def pending(self) -> str | None:
        """The typed text, unless the edits give the same text."""
        if self.typed is None or self.text is None:
            return self.typed
        return None if is_same_text(self.typed, self.text) else self.typed

    @property
    def left(self) -> int:
        """How many glyphs are still doubtful."""
        return self.doubtful if self.pending is None else 0

    @property
    def is_empty(self) -> bool:
        return not self.edits and not self.drawings and self.typed is None


def corrections_of_drawings(texts: Sequence[str]) -> Corrections:
    """The corrections of a file of ink with these texts, drawing by drawing."""
    return Corrections(text="\n".join(filter(None, texts)), drawings=tuple(texts))


def encode_corrections(corrections: Corrections) -> bytes:
    """JSON; of each glyph all but its stages."""
    content = {
        "version": _VERSION,
        "text": corrections.text,
        "doubtful": corrections.doubtful,
        "typed": corrections.pending,
        "drawings": corrections.drawings,
        "edits": [edit_to_json(edit) for edit in corrections.edits],
    }
    return json.dumps(content).encode()


def decode_corrections(data: bytes) -> Corrections:
    """The corrections in JSON that `encode_corrections` wrote.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    try:
        content = json.loads(data)
        if content["version"] != _VERSION:
            raise ValueError("another version")
        edits = tuple(edit_from_json(each) for each in content["edits"])
        text, typed = _text_or_none(content["text"]), _text_or_none(content["typed"])
        drawings = tuple(_text(each) for each in content.get("drawings", ()))
        return Corrections(edits, text, int(content["doubtful"]), typed, drawings)
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"not corrections: {error}") from error


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """A dict for JSON; of each glyph all but its stages."""
    return {
        "removed": [_glyph(glyph) for glyph in edit.removed],
        "added": [_glyph(glyph) for glyph in edit.added],
        "label": edit.label,
        "area": None if edit.area is None else _sides(edit.area),
        "is_firm": edit.is_firm,
    }


def edit_from_json(content: Mapping[str, Any]) -> Edit:
    """The edit that `edit_to_json` gave.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If it is anything else.
    """
    edit = Edit(
        tuple(_as_glyph(glyph) for glyph in content["removed"]),
        tuple(_as_glyph(glyph) for glyph in content["added"]),
        _text_or_none(content["label"]),
        None if content["area"] is None else _box(content["area"]),
        bool(content["is_firm"]),
    )
    if not edit.touched or (edit.label is not None and len(edit.removed) != 1):
        raise ValueError("an edit of nothing")
    return edit


def _glyph(glyph: Glyph) -> dict[str, Any]:
    cell = np.rint(glyph.cell * 255).astype(np.uint8)
    return {
        "box": _sides(glyph.box),
        "line": glyph.line,
        "guesses": [[guess.label, guess.probability] for guess in glyph.guesses],
        "cell": base64.b64encode(cell.tobytes()).decode(),
        "rejected": glyph.rejected,
        "is_mark": glyph.is_mark,
        "after_space": glyph.after_space,
        "confirmed": glyph.confirmed,
    }


def _as_glyph(content: Mapping[str, Any]) -> Glyph:
    pixels = base64.b64decode(content["cell"], validate=True)
    cell = np.frombuffer(pixels, np.uint8).reshape(CELL_SIDE, CELL_SIDE)
    guesses = tuple(Guess(_text(label), float(share)) for label, share in content["guesses"])
    if not guesses or not np.isfinite([guess.probability for guess in guesses]).all():
        raise ValueError("a glyph without a guess")
    return Glyph(
        _box(content["box"]),
        int(content["line"]),
        guesses,
        to_float(cell),
        (Stage(StageName.CELL, cell),),
        bool(content["rejected"]),
        bool(content["is_mark"]),
        bool(content["after_space"]),
        _text_or_none(content["confirmed"]),
    )


def _sides(box: Box) -> list[float]:
    return [float(side) for side in (box.x, box.y, box.width, box.height)]


def _box(sides: list[float]) -> Box:
    x, y, width, height = (float(side) for side in sides)
    edges = np.array([x, y, x + width, y + height])
    if not (np.abs(edges) <= _MAX_EDGE).all() or min(width, height) < 0:
        raise ValueError("this is no box")
    return Box(x, y, width, height)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)
