"""A sample inside of the PNG that shows it, so that it comes back as it was.

The picture alone is not enough: what is cut out of it anew is cropped and scaled anew, and strokes
become pixels. Other programs pass over the note, a text chunk (PNG specification, 11.3.4.3) called
``Inkread``: Base64 of deflated JSON. It does not hold the label, which is for the file's folder to
say, but a digest of the pixels: to a picture that somebody has painted on, it does not apply.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np

from inkread.core.cell import CELL_SIDE
from inkread.core.files import MEGABYTE
from inkread.core.picture.page import Page
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes
from inkread.data.samples.sample import Kind, Origin, Sample

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXT, _END, _KEY = b"tEXt", b"IEND", b"Inkread\0"
_FRAME = struct.Struct(">I4s")
_CHECK = 4
#: Ink of a million points is smaller, bytes.
_LARGEST_NOTE = 64 * MEGABYTE


def noted(png: bytes, page: Page, sample: Sample) -> bytes:
    """A picture of a sample with the sample in it.

    Parameters
    ----------
    png : bytes
        Without a note; ends as PNG ends.
    page : Page
        The same, decoded.
    sample : Sample
        What it shows.
    """
    facts = {
        "pixels": _digest(page),
        "cell": _written(sample.cell.tobytes()),
        "ink": None if sample.ink is None else _written(ink_to_bytes(sample.ink)),
        "has_picture": sample.picture is not None,
        "kind": sample.kind.value,
        "source": sample.source,
        "origin": sample.origin.value,
        "model": sample.model,
        "guess": sample.guess,
        "probability": sample.probability,
        "time": sample.time,
    }
    body = _KEY + base64.b64encode(zlib.compress(json.dumps(facts).encode()))
    frame = _FRAME.pack(len(body), _TEXT)
    chunk = frame + body + struct.pack(">I", zlib.crc32(_TEXT + body))
    end = len(png) - _FRAME.size - _CHECK
    return png[:end] + chunk + png[end:]


def sample_in(png: bytes, page: Page, label: str) -> Sample | None:
    """The sample that is noted in a picture, of which nothing is certain.

    Parameters
    ----------
    png : bytes
        The file.
    page : Page
        The same, decoded.
    label : str
        What it is.

    Returns
    -------
    Sample or None
        None if nothing is noted, or the pixels are others now.

    Raises
    ------
    LabelUnusable
    """
    found = next(_notes(png), None)
    if found is None:
        return None
    start, stop = found
    try:
        facts = _facts(png[start + _FRAME.size + len(_KEY) : stop - _CHECK])
        picture = png[:start] + png[stop:] if facts["has_picture"] is True else None
        return _sample(facts, label, picture) if facts["pixels"] == _digest(page) else None
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError, zlib.error):
        return None


def _notes(png: bytes) -> Iterator[tuple[int, int]]:
    """Where the chunks of notes begin and end."""
    at = len(_SIGNATURE) if png.startswith(_SIGNATURE) else len(png)
    while at + _FRAME.size + _CHECK <= len(png):
        length, kind = _FRAME.unpack_from(png, at)
        stop = at + _FRAME.size + length + _CHECK
        if kind == _TEXT and png.startswith(_KEY, at + _FRAME.size) and stop <= len(png):
            yield at, stop
        if kind == _END:
            return
        at = stop


def _facts(body: bytes) -> dict[str, Any]:
    text = zlib.decompressobj().decompress(base64.b64decode(body, validate=True), _LARGEST_NOTE)
    facts = json.loads(text)
    if not isinstance(facts, dict):
        raise TypeError("no object")
    return facts


def _sample(facts: dict[str, Any], label: str, picture: bytes | None) -> Sample:
    cell = np.frombuffer(base64.b64decode(facts["cell"], validate=True), np.uint8)
    ink, guess, odds = facts["ink"], facts["guess"], facts["probability"]
    time = str(facts["time"])
    if not cell.any() or (time and datetime.fromisoformat(time).tzinfo is None):
        raise ValueError("no sample")
    return Sample(
        label=label,
        cell=cell.reshape(CELL_SIDE, CELL_SIDE),
        kind=Kind(facts["kind"]),
        ink=None if ink is None else ink_from_bytes(base64.b64decode(ink, validate=True)),
        picture=picture,
        source=str(facts["source"]),
        origin=Origin(facts["origin"]),
        model=str(facts["model"]),
        guess=None if guess is None else str(guess),
        probability=None if odds is None else float(odds),
        time=time,
    )


def _written(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _digest(page: Page) -> str:
    shape = repr(page.grey.shape).encode()
    return hashlib.sha256(shape + page.grey.tobytes()).hexdigest()
