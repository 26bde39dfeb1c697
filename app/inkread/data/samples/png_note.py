"""Embed a sample in its PNG picture, and extract it unchanged.

The picture alone is not enough: a new import would crop and scale it again, and strokes would
become pixels. Other programs ignore the note, a text chunk (PNG specification, 11.3.4.3) called
``Inkread``: Base64 of deflated JSON. It does not contain the label, which is the folder's name, but
a digest of the pixels: for an edited picture the note is invalid.
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
from inkread.core.picture.page import Page
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes
from inkread.data.samples.limits import MAX_INK_BYTES
from inkread.data.samples.sample import Kind, Origin, Sample

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXT, _END, _KEY = b"tEXt", b"IEND", b"Inkread\0"
_FRAME = struct.Struct(">I4s")
_CHECK = 4
#: Maximum size of the facts of a note, bytes. Chosen: the largest ink that is kept, in Base64, and
#: as much again.
_MAX_NOTE_BYTES = 2 * MAX_INK_BYTES
#: Maximum count of lists and objects in the facts, which need 100 bytes of memory for two. Chosen:
#: there is one; texts of the facts may hold further brackets.
_MAX_BRACKETS = 10_000
#: Maximum count of chunks before the note. Chosen: 256 MB of pixels in pieces of 8 kB are 32,000.
_MAX_CHUNKS = 100_000


def embed_sample(png: bytes, page: Page, sample: Sample) -> bytes:
    """Embed a sample in its picture.

    Parameters
    ----------
    png : bytes
        Without a note; a complete PNG file.
    page : Page
        The same, decoded.
    sample : Sample
        The sample in the picture.
    """
    facts = {
        "pixels": _digest(page),
        "cell": _base64(sample.cell.tobytes()),
        "ink": None if sample.ink is None else _base64(ink_to_bytes(sample.ink)),
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


def extract_sample(png: bytes, page: Page, label: str) -> Sample | None:
    """Extract the sample that is embedded in an untrusted picture.

    Parameters
    ----------
    png : bytes
        The file.
    page : Page
        The same, decoded.
    label : str
        Of the sample.

    Returns
    -------
    Sample or None
        None if there is no valid note, or the pixels have changed.

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
    """Start and end of each chunk with a note."""
    offset = len(_SIGNATURE) if png.startswith(_SIGNATURE) else len(png)
    for _ in range(_MAX_CHUNKS):
        if offset + _FRAME.size + _CHECK > len(png):
            return
        length, kind = _FRAME.unpack_from(png, offset)
        stop = offset + _FRAME.size + length + _CHECK
        if kind == _TEXT and png.startswith(_KEY, offset + _FRAME.size) and stop <= len(png):
            yield offset, stop
        if kind == _END:
            return
        offset = stop


def _facts(body: bytes) -> dict[str, Any]:
    if len(body) > _MAX_NOTE_BYTES:
        raise ValueError("too large")
    text = zlib.decompressobj().decompress(base64.b64decode(body, validate=True), _MAX_NOTE_BYTES)
    if text.count(b"[") + text.count(b"{") > _MAX_BRACKETS:
        raise ValueError("too many parts")
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


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _digest(page: Page) -> str:
    shape = repr(page.grey.shape).encode()
    return hashlib.sha256(shape + page.grey.tobytes()).hexdigest()
