"""Save the canvas between two runs of the program."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkread.core.correction.edit_json import edit_from_json, edit_to_json
from inkread.core.correction.edits import Edit
from inkread.core.errors import InkreadError
from inkread.core.files import MAX_FILE_BYTES, read_file, write_file
from inkread.core.inkml import Drawing
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes

_VERSION = 1
_SUFFIX, _DAMAGED = ".json", ".damaged"


@dataclass(frozen=True, slots=True, eq=False)
class SketchDrawing:
    """One drawing, and the corrections of its reading."""

    drawing: Drawing
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """The drawings of one document; `current` is the index of the one that is shown."""

    drawings: tuple[SketchDrawing, ...]
    current: int = 0


class SketchFolder:
    """A folder with one file per open window; files of closed windows are taken over.

    Parameters
    ----------
    folder : Path
        May not exist yet.
    name : str
        Of this window's file, without suffix.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._own = folder / (name + _SUFFIX)
        self._taken_over: list[Path] = []

    def load(self) -> tuple[Sketch, ...]:
        """Load all files, the oldest first; damaged ones are renamed."""
        found = list[Sketch]()
        for path in sorted(self._folder.glob(f"*{_SUFFIX}"), key=_age):
            try:
                found += decode_sketches(read_file(path, MAX_FILE_BYTES))
            except ValueError:
                with suppress(OSError):
                    path.replace(path.with_suffix(_DAMAGED))
            except InkreadError:
                continue
            else:
                self._taken_over.append(path)
        return tuple(found)

    def save(self, sketches: Sequence[Sketch]) -> None:
        """Save these sketches and delete the files that were loaded.

        Raises
        ------
        SaveFailed
            If writing fails; the old files are kept then.
        """
        if sketches:
            write_file(self._own, encode_sketches(sketches))
        for path in {self._own, *self._taken_over} - ({self._own} if sketches else set()):
            with suppress(OSError):
                path.unlink()
        self._taken_over.clear()


def encode_sketches(sketches: Sequence[Sketch]) -> bytes:
    """Encode as JSON; the ink is exact."""
    content = [
        {"current": sketch.current, "sheets": [_drawing_json(each) for each in sketch.drawings]}
        for sketch in sketches
    ]
    return json.dumps({"version": _VERSION, "sketches": content}).encode()


def decode_sketches(data: bytes) -> tuple[Sketch, ...]:
    """Decode the output of `encode_sketches`.

    Raises
    ------
    ValueError
        If the data are anything else.
    """
    try:
        content = json.loads(data)
        if content["version"] != _VERSION:
            raise ValueError("another version")
        return tuple(_as_sketch(each) for each in content["sketches"])
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"these are no sketches: {error}") from error


def _drawing_json(one: SketchDrawing) -> dict[str, Any]:
    return {
        "label": one.drawing.label,
        "ink": base64.b64encode(ink_to_bytes(one.drawing.ink)).decode(),
        "edits": [edit_to_json(edit) for edit in one.edits],
    }


def _as_sketch(content: Mapping[str, Any]) -> Sketch:
    drawings = tuple(map(_as_drawing, content["sheets"]))
    current = int(content["current"])
    if not 0 <= current < len(drawings):
        raise ValueError("none of its drawings is shown")
    return Sketch(drawings, current)


def _as_drawing(content: Mapping[str, Any]) -> SketchDrawing:
    label = content["label"]
    if not isinstance(label, str | None):
        raise ValueError("no label")
    ink = ink_from_bytes(base64.b64decode(content["ink"], validate=True))
    return SketchDrawing(Drawing(label, ink), tuple(map(edit_from_json, content["edits"])))


def _age(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except OSError:
        return 0.0, path.name
