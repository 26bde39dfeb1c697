"""One or more small sound files of every format, made by our own code."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin
from PySide6.QtCore import QSettings

from inkread.core.cell import cell_from_ink
from inkread.core.correction.edit_json import Corrections, edit_to_json, encode_corrections
from inkread.core.correction.edits import relabelled
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.picture.page import Page, open_page
from inkread.core.reading import Grey
from inkread.core.recognition.recognise import read_ink
from inkread.data.canvas_journal import Journal
from inkread.data.canvas_records import Sketch, SketchDrawing
from inkread.data.ink_codec import ink_to_bytes
from inkread.data.models.card import Card
from inkread.data.paths import bundled
from inkread.data.samples.export import export
from inkread.data.samples.sample import Sample, sample_from_ink, sample_from_page
from inkread.data.samples.store import SampleStore
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from inkread.services.settings import Settings
from tests.ml import graphs
from tests.template_model import template_model
from tests.written import write

RECIPE = b"""title = "t"
network = "inkread"
epochs = 2
batch = 8
rate = 0.003
[cells]
file = "mnist.npz"
[strokes]
file = "digits.json.gz"
folds = [2, 3]
as_ink = 5
[letters]
file = "letters.json.gz"
folds = [2]
leave_out = "oO"
[others]
pairs = 90
weight = 0.5
[choice]
file = "digits.json.gz"
folds = [1]
refused = 0.008
[augment]
rotation = 12.0
scale = 0.12
[teachers]
also = ["one.onnx"]
share = 0.7
"""
INKML = b"""<?xml version="1.0"?>
<ink xmlns="http://www.w3.org/2003/InkML">
<definitions><context xml:id="c"><inkSource xml:id="s">
<traceFormat><channel name="X" type="integer" units="himetric"/><channel name="Y" type="integer"
 units="himetric"/><channel name="F" type="integer" min="0" max="1024"/>
<intermittentChannels><channel name="T" type="decimal"/></intermittentChannels></traceFormat>
<channelProperties><channelProperty channel="X" name="resolution" value="1000" units="1/cm"/>
</channelProperties></inkSource></context>
<brush xml:id="b"><brushProperty name="width" value="50" units="himetric"/></brush></definitions>
<traceGroup contextRef="#c" brushRef="#b"><annotation type="truth">4</annotation>
<trace xml:id="a">100 200 512 1, '20'30'0, "1"1"0, * * ?, !400 #1F4 90</trace>
<trace priorRef="#a" continuation="end">500 600 1, 700 900 2</trace></traceGroup>
<traceView traceDataRef="#a" from="1" to="2"/></ink>"""


@cache
def classifier() -> OnnxClassifier:
    return OnnxClassifier(template_model(), "template")


@cache
def _ink(digits: str = "47") -> Ink:
    return Ink(
        tuple(
            Stroke.of(stroke.points + np.array([130 * index, 0]), 12.0)
            for index, digit in enumerate(digits)
            for stroke in write(digit).strokes
        )
    )


@cache
def _grey() -> Grey:
    page = rasterise_page(_ink())
    return np.ascontiguousarray(page[::2, ::2])


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def _images() -> tuple[Image.Image, Image.Image, Image.Image]:
    grey = Image.fromarray(_grey())
    clear = grey.convert("RGBA")
    clear.putalpha(grey.point(lambda level: 255 - level))
    return grey, grey.convert("RGB"), clear


def png() -> list[bytes]:
    grey, colour, clear = _images()
    note = PngImagePlugin.PngInfo()
    note.add_text("Title", "a text")
    note.add_text("Comment", "packed " * 30, zip=True)
    deep = Image.fromarray(_grey().astype(np.uint16) * 257)
    few = colour.quantize(4)
    return [
        *(_saved(grey, "PNG", pnginfo=note), _saved(colour, "PNG"), _saved(clear, "PNG")),
        *(
            _saved(deep, "PNG"),
            _saved(few, "PNG", transparency=0),
            _saved(grey.convert("1"), "PNG"),
        ),
    ]


def jpeg() -> list[bytes]:
    grey, colour, _ = _images()
    exif = Image.Exif()
    exif[0x0112] = 6
    return [
        *(
            _saved(grey, "JPEG"),
            _saved(colour, "JPEG", exif=exif),
            _saved(colour.convert("CMYK"), "JPEG"),
        ),
        _saved(colour, "JPEG", progressive=True, quality=60),
    ]


def bmp() -> list[bytes]:
    grey, colour, clear = _images()
    return [_saved(image, "BMP") for image in (grey, colour, clear, grey.convert("1"))]


def gif() -> list[bytes]:
    grey, colour, _ = _images()
    more = _saved(grey, "GIF", save_all=True, append_images=[grey.rotate(90), grey], transparency=0)
    return [_saved(grey, "GIF"), _saved(colour.quantize(8), "GIF", interlace=0), more]


def tiff() -> list[bytes]:
    grey, colour, clear = _images()
    real = Image.fromarray(_grey().astype(np.float32) / 255)
    ways = ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
    return [
        *(_saved(colour if way == "jpeg" else grey, "TIFF", compression=way) for way in ways),
        *(
            _saved(clear, "TIFF"),
            _saved(real, "TIFF"),
            _saved(grey.convert("1"), "TIFF", compression="group4"),
        ),
        _saved(grey, "TIFF", save_all=True, append_images=[grey]),
    ]


def webp() -> list[bytes]:
    _, colour, clear = _images()
    return [
        *(_saved(colour, "WEBP", quality=60), _saved(clear, "WEBP", lossless=True)),
        _saved(colour, "WEBP", save_all=True, append_images=[colour.rotate(90)]),
    ]


def inkml() -> list[bytes]:
    pressed = Ink(
        tuple(Stroke.of(s.points, 8.0, np.full(len(s.points), 0.5)) for s in _ink("3").strokes)
    )
    return [
        write_inkml([Drawing(None, _ink())]),
        write_inkml([Drawing("3", pressed), Drawing("", _ink("5"))]),
        INKML,
    ]


def model() -> list[bytes]:
    info = ModelInfo(labels=tuple("0123456789"), name="m", temperature=1.5, rejection_threshold=0.4)
    return [
        *(template_model(), graphs.dense(), graphs.dense(shape=(1, 28, 28, 1))),
        graphs.dense(last="Softmax", metadata=info.to_metadata()),
    ]


def _cells() -> tuple[Grey, list[str]]:
    digits = "0123456789"
    cells = np.stack([np.rint(cell_from_ink(write(d).strokes)[0] * 255) for d in digits])
    return cells.astype(np.uint8), list(digits)


def _archive(**arrays: NDArray[Any]) -> bytes:
    """An NPZ without the time, so that a seed always gives the same."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue())
    return stream.getvalue()


def npz() -> list[bytes]:
    cells, labels = _cells()
    numbers = np.arange(10)
    return [
        _archive(x_train=cells, y_train=numbers, x_test=cells, y_test=numbers),
        _archive(images=cells[:, np.newaxis] / 255, labels=np.array(labels)),
        _archive(data=np.asfortranarray(cells.reshape(10, -1) / 16, np.float32), target=np.eye(10)),
    ]


def csv() -> list[bytes]:
    cells, labels = _cells()
    rows = [
        ",".join([label, *map(str, c[::4, ::4].ravel())])
        for label, c in zip(labels, cells, strict=True)
    ]
    head = ",".join(["label", *(f"pixel{i}" for i in range(49))])
    plain = "\n".join([head, *rows]).encode()
    return [plain, "\n".join(rows).replace(",", ";").encode(), gzip.compress(plain, mtime=0)]


def idx() -> list[bytes]:
    cells, _ = _cells()
    plain = struct.pack(">4i", 0x0803, *cells.shape) + cells.tobytes()
    return [plain, gzip.compress(plain, mtime=0)]


def idx_labels() -> list[bytes]:
    plain = struct.pack(">2i", 0x0801, 10) + bytes(range(10))
    return [plain, gzip.compress(plain, mtime=0)]


def strokes() -> list[bytes]:
    samples = [
        {
            "label": d,
            "writer": "w",
            "fold": 1,
            "strokes": [s.points.tolist() for s in write(d).strokes],
        }
        for d in "147"
    ]
    plain = json.dumps({"samples": samples}).encode()
    return [plain, gzip.compress(plain, mtime=0)]


def architecture() -> list[bytes]:
    folder = bundled("models/architectures")
    return [
        (folder / f"{name}.toml").read_bytes()
        for name in ("mlp-256-64", "fcn-16-16", "lenet-keras")
    ]


def recipe() -> list[bytes]:
    return [RECIPE]


@cache
def _page() -> Page:
    return open_page(png()[0], "page.png")


def samples() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "samples.db"
        store = SampleStore.open(path)
        ids = store.add_many(
            [
                sample_from_ink("4", _ink("4")),
                sample_from_ink("7", _ink("7")),
                sample_from_page("5", _page(), "page.png"),
            ]
        )
        store.relabel(ids[:1], "9")
        store.delete(ids[1:2])
        return [path.read_bytes()]


@cache
def sample() -> Sample:
    return sample_from_ink("4", _ink("4"))


def sample_picture() -> list[bytes]:
    """A picture that a folder of samples was exported to, with its sample embedded."""
    with tempfile.TemporaryDirectory() as folder:
        store = SampleStore.open(Path(folder) / "samples.db")
        store.add(sample_from_ink("4", _ink("4")))
        export(store.samples(), Path(folder) / "out")
        return [path.read_bytes() for path in Path(folder).rglob("*.png")]


def _sketches() -> list[Sketch]:
    reading = read_ink(_ink(), classifier())
    edits = tuple(relabelled(glyph, "8") for glyph in reading.glyphs[:1])
    drawings = (SketchDrawing(Drawing("47", _ink()), edits), SketchDrawing(Drawing(None, Ink())))
    return [Sketch(drawings, 1), Sketch((SketchDrawing(Drawing(None, _ink("3"))),))]


def session() -> list[bytes]:
    """A journal that was written at once, and one that went on."""
    sketches = _sketches()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "window.journal"
        journal = Journal(path)
        journal.save(sketches)
        whole = path.read_bytes()
        journal.save([*sketches[1:], *_sketches()])
        return [whole, path.read_bytes()]


def old_session() -> list[bytes]:
    """As it was kept before there were journals."""
    content = [
        {
            "current": sketch.current,
            "sheets": [
                {
                    "label": one.drawing.label,
                    "ink": base64.b64encode(ink_to_bytes(one.drawing.ink)).decode(),
                    "edits": [edit_to_json(edit) for edit in one.edits],
                }
                for one in sketch.drawings
            ],
        }
        for sketch in _sketches()
    ]
    return [json.dumps({"version": 1, "sketches": content}).encode()]


def corrections() -> list[bytes]:
    reading = read_ink(_ink(), classifier())
    edits = tuple(relabelled(glyph, "8") for glyph in reading.glyphs)
    return [
        encode_corrections(Corrections(edits, "88", 1, "99")),
        encode_corrections(Corrections(text="4\n7", drawings=("4", "7"))),
    ]


def card() -> list[bytes]:
    return [
        Card(
            *(
                "A model",
                "trained",
                "2026-01-02T03:04:05+00:00",
                {"accuracy": 0.9},
                {"accuracy": 0.95},
            ),
            *(
                ("starter",),
                {"epochs": 3, "rate": 0.1, "also": ["x", 1]},
                ("Parent",),
                "0" * 64,
                1000,
            ),
        ).to_json()
    ]


def uses() -> list[bytes]:
    return [b'["aaaa1111", "shipped", "bbbb2222"]']


def settings() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.ini"
        kept = Settings(path)
        kept.theme, kept.pen_width, kept.learned_up_to = "dark", 20.0, 7
        kept.recent_files, kept.geometry = ("/a/b.png", "/c d/e.png"), bytes(range(40))
        kept.pipeline_shown, kept.last_folder = False, "/a"
        kept.save()
        assert QSettings(str(path), QSettings.Format.IniFormat).status() == QSettings.Status.NoError
        return [path.read_bytes()]
