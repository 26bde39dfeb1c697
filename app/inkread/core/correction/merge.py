"""Join the corrections that two windows make of one picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from inkread.core.correction.edit_json import Corrections, edit_to_json
from inkread.core.correction.edits import Edit


def merged(base: Corrections, own: Corrections, theirs: Corrections) -> Corrections:
    """The corrections of one window, and what another one added meanwhile.

    Where both corrected the same, the own ones hold: they are the last.

    Parameters
    ----------
    base : Corrections
        What the own ones were made of.
    own, theirs : Corrections
        Of this window; of the other one.

    Returns
    -------
    Corrections
        Their text and count of doubtful glyphs are those of `own`.
    """
    drawings = own.drawings
    if len(base.drawings) == len(own.drawings) == len(theirs.drawings):
        drawings = tuple(map(_newer, base.drawings, own.drawings, theirs.drawings))
    elif own.drawings == base.drawings:
        drawings = theirs.drawings
    is_typed = own.typed == base.typed and theirs.typed is not None
    typed = theirs.typed if is_typed else own.typed
    edits = (*own.edits, *_added(base.edits, own.edits, theirs.edits))
    return replace(own, edits=edits, typed=typed, drawings=drawings)


def _newer(base: str, own: str, theirs: str) -> str:
    return theirs if own == base else own


def _added(base: Sequence[Edit], own: Sequence[Edit], theirs: Sequence[Edit]) -> list[Edit]:
    """Their new edits of what is not edited here."""
    known = {_key(edit) for edit in (*base, *own)}
    return [edit for edit in theirs if _key(edit) not in known and not _meet(edit, own)]


def _meet(edit: Edit, others: Sequence[Edit]) -> bool:
    boxes = [box for other in others for box in other.touched]
    return any(box.shared_area(other) > 0 for box in edit.touched for other in boxes)


def _key(edit: Edit) -> str:
    """The same for an edit and for what comes back of it from a file."""
    return json.dumps(edit_to_json(edit))
