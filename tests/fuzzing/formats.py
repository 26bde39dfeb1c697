"""Every format that the program reads: its seeds, how they are changed, and who reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from inkread.core.batch.read_files import open_bytes, read_content
from inkread.core.correction.edits import edited
from inkread.core.errors import InkreadError
from inkread.core.files import MEGABYTE, read_file
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.ink_export import ink_to_png, ink_to_svg
from inkread.core.inkml import Drawing, read_inkml, write_inkml
from inkread.core.reading import Reading
from inkread.core.recognition.recognise import read_ink
from inkread.data.canvas_session import SketchFolder
from inkread.data.correction_files import CorrectionFolder
from inkread.data.ink_codec import ink_from_bytes, ink_to_bytes
from inkread.data.models.folder import ModelFolder
from inkread.data.models.library import ModelLibrary
from inkread.data.paths import bundled
from inkread.data.samples.importing import read_sample_file
from inkread.data.samples.store import SampleStore
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.datasets.load import load
from inkread.ml.datasets.strokes import read_strokes
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.synthesis.recipe_file import parse_recipe
from inkread.services.settings import Setting, Settings
from tests.fuzzing import seeds
from tests.fuzzing.byte_changes import BYTES, MAX_SIZE, TEXT, Change
from tests.fuzzing.random_ink import ink_text, pack, packed_ink, random_strokes, unpack
from tests.fuzzing.structure_changes import (
    double_key,
    gzip_content,
    journal_records,
    jpeg_segments,
    json_tree,
    onnx_graph,
    png_chunks,
    riff_chunks,
    sql_content,
    tiff_entries,
    zip_members,
)

#: Takes the bytes and an empty folder; whether they were read. What is refused in silence, because
#: the program goes on without it, is not. Raises an `InkreadError` if they are refused.
Read = Callable[[bytes, Path], bool]


@dataclass(frozen=True)
class Format:
    """A format, and the reader that the window and the command line use.

    Attributes
    ----------
    seeds : callable
        Makes sound files of it.
    changes : sequence of Change
        One of each file's one to three changes is as likely as another.
    read : Read
    """

    seeds: Callable[[], list[bytes]]
    changes: Sequence[Change]
    read: Read

    def case(self, rng: Random) -> bytes:
        sound = _made(self.seeds)
        data = rng.choice(sound)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            data = rng.choice(self.changes)(rng, data, sound)[: 4 * MAX_SIZE]
        return data


@cache
def _made(make: Callable[[], list[bytes]]) -> list[bytes]:
    return make()


class RandomInk(Format):
    """No file is changed: strokes are drawn by chance."""

    def case(self, rng: Random) -> bytes:
        return pack(random_strokes(rng))


def read_picture(data: bytes, folder: Path) -> bool:
    read_content(open_bytes(data, "picture"), seeds.classifier())
    return True


def read_model(data: bytes, folder: Path) -> bool:
    model = OnnxClassifier(data, "model")
    model.probabilities(np.zeros((3, 1, 28, 28), np.float32))
    return True


def read_data_set(name: str, beside: Callable[[], bytes] | None = None, other: str = "") -> Read:
    def read(data: bytes, folder: Path) -> bool:
        (folder / name).write_bytes(data)
        if beside is not None:
            (folder / other).write_bytes(beside())
        load([str(folder / name)])
        return True

    return read


def read_stroke_file(data: bytes, folder: Path) -> bool:
    path = folder / "strokes.json"
    path.write_bytes(data)
    read_strokes(path)
    return True


def read_architecture(data: bytes, folder: Path) -> bool:
    path = folder / "network.toml"
    path.write_bytes(data)
    parse_architecture(read_file(path, MEGABYTE), "network").model(3)
    return True


def read_recipe(data: bytes, folder: Path) -> bool:
    path = folder / "recipe.toml"
    path.write_bytes(data)
    parse_recipe(read_file(path, MEGABYTE), "recipe")
    return True


def read_samples(data: bytes, folder: Path) -> bool:
    """Opened, listed, changed, undone, and opened again."""
    path = folder / "samples.db"
    path.write_bytes(data)
    store = SampleStore.open(path)
    found = store.samples()
    store.counts()
    store.count_after(0)
    for sample in found:
        if sample.ink is not None:
            ink_to_png(sample.ink)
    if store.can_undo():
        store.undo()
    store.add(found[0] if found else seeds.sample())
    store.relabel([store.samples()[-1].id], "5")
    SampleStore.open(path).samples()
    return store.notice is None


def read_sample_picture(data: bytes, folder: Path) -> bool:
    path = folder / "000001.png"
    path.write_bytes(data)
    (sample,) = read_sample_file(path, "4").samples
    if sample.ink is not None:
        ink_to_png(sample.ink)
    return True


def read_session(name: str) -> Read:
    return lambda data, folder: _read_session(data, folder / name)


def _read_session(data: bytes, path: Path) -> bool:
    """Loaded as the window does at its start, and read."""
    path.write_bytes(data)
    session = SketchFolder(path.parent)
    sketches = session.load().sketches
    session.save(sketches)
    session.close()
    for sketch in sketches:
        for one in sketch.drawings[:5]:
            reading = read_ink(one.drawing.ink, seeds.classifier())
            str(edited(reading, one.edits).text)
            ink_to_png(one.drawing.ink)
    return bool(sketches)


def read_corrections(data: bytes, folder: Path) -> bool:
    digest = hashlib.sha256(b"picture").hexdigest()
    (folder / f"{digest}.json").write_bytes(data)
    corrections = CorrectionFolder(folder).known([digest]).get(digest)
    if corrections is None:
        return False
    str((corrections.says, corrections.left, corrections.pending, corrections.is_empty))
    str(edited(Reading((), True), corrections.edits).text)
    return True


def read_card(data: bytes, folder: Path) -> bool:
    (folder / "aaaa1111.json").write_bytes(data)
    (folder / "aaaa1111.onnx").write_bytes(b"model")
    library = ModelLibrary(folder, bundled("models/digits.onnx"))
    entry = library.models()[-1]
    library.current()
    return entry.kept.card.source != "imported"


def read_uses(data: bytes, folder: Path) -> bool:
    (folder / "current").write_bytes(data)
    library = ModelLibrary(folder, bundled("models/digits.onnx"))
    library.models()
    library.open_current(lambda *_: None)
    try:
        return bool(ModelFolder(folder).uses())
    except ValueError:  # the library catches it, too
        return False


def read_settings(data: bytes, folder: Path) -> bool:
    path = folder / "settings.ini"
    path.write_bytes(data)
    settings = Settings(path)
    names = [name for name, value in vars(Settings).items() if isinstance(value, Setting)]
    values = [getattr(settings, name) for name in names]
    settings.remember_file("/a/new.png")
    settings.save()
    return len(values) == len(names)


def read_kept_ink(data: bytes, folder: Path) -> bool:
    try:
        ink = ink_from_bytes(data)
    except ValueError:  # whoever keeps ink catches it
        return False
    use_ink(ink)
    return True


def read_random_ink(data: bytes, folder: Path) -> bool:
    """The same strokes made, decoded, and read as a file; what one of them takes is used."""
    strokes = unpack(data)
    made = False
    try:
        ink = Ink(tuple(Stroke.of(points, width) for points, width in strokes))
    except ValueError:  # the contract of whoever makes strokes
        pass
    else:
        use_ink(ink)
        made = True
    drawings = read_inkml(ink_text(strokes), "ink.inkml")
    for drawing in drawings:
        use_ink(drawing.ink)
    return made


def use_ink(ink: Ink) -> None:
    """Everything that is done with ink; what goes out comes back as it was."""
    try:
        _use_ink(ink)
    except InkreadError as error:
        raise AssertionError(f"ink that was taken is refused: {error}") from error


def _use_ink(ink: Ink) -> None:
    read_ink(ink, seeds.classifier())
    rasterise_page(ink)
    ink_to_png(ink)
    ink_to_svg(ink)
    kept = ink_from_bytes(ink_to_bytes(ink))
    assert _same(kept, ink), "kept ink comes back as it was"
    (drawing,) = read_inkml(write_inkml([Drawing(None, ink)]), "ink.inkml")
    assert _same(drawing.ink, ink), "exported ink comes back as it was"


def _same(first: Ink, second: Ink) -> bool:
    return [stroke.points.tobytes() for stroke in first.strokes] == [
        stroke.points.tobytes() for stroke in second.strokes
    ]


def _kept_ink() -> list[bytes]:
    return [packed_ink(Random(seed)) for seed in range(12)]


_JSON = (json_tree, json_tree, json_tree, double_key, *TEXT, *BYTES[:4])
FORMATS: dict[str, Format] = {
    "png": Format(seeds.png, (*BYTES, *(png_chunks,) * 8), read_picture),
    "jpeg": Format(seeds.jpeg, (*BYTES, *(jpeg_segments,) * 6), read_picture),
    "bmp": Format(seeds.bmp, BYTES, read_picture),
    "gif": Format(seeds.gif, BYTES, read_picture),
    "tiff": Format(seeds.tiff, (*BYTES, *(tiff_entries,) * 8), read_picture),
    "webp": Format(seeds.webp, (*BYTES, *(riff_chunks,) * 6), read_picture),
    "inkml": Format(seeds.inkml, (*TEXT, *TEXT, *BYTES), read_picture),
    "ink": RandomInk(list, (), read_random_ink),
    "kept ink": Format(_kept_ink, BYTES, read_kept_ink),
    "onnx": Format(seeds.model, (*BYTES, *(onnx_graph,) * 10), read_model),
    "npz": Format(seeds.npz, (*BYTES, *(zip_members,) * 8), read_data_set("data.npz")),
    "csv": Format(seeds.csv, (*TEXT, *BYTES[:5], gzip_content), read_data_set("data.csv")),
    "idx": Format(
        seeds.idx,
        (*BYTES, *(gzip_content,) * 4),
        read_data_set("train-idx3-ubyte", lambda: seeds.idx_labels()[0], "train-idx1-ubyte"),
    ),
    "idx labels": Format(
        seeds.idx_labels,
        (*BYTES, *(gzip_content,) * 4),
        read_data_set("train-idx1-ubyte", lambda: seeds.idx()[0], "train-idx3-ubyte"),
    ),
    "strokes": Format(seeds.strokes, (*_JSON, gzip_content), read_stroke_file),
    "architecture": Format(seeds.architecture, (*TEXT, *BYTES[:5]), read_architecture),
    "recipe": Format(seeds.recipe, (*TEXT, *BYTES[:5]), read_recipe),
    "samples": Format(seeds.samples, (*BYTES, *(sql_content,) * 8), read_samples),
    "sample picture": Format(
        seeds.sample_picture, (*BYTES, *(png_chunks,) * 4), read_sample_picture
    ),
    "session": Format(
        seeds.session, (*BYTES, *(journal_records,) * 9), read_session("window.journal")
    ),
    "old session": Format(seeds.old_session, _JSON, read_session("window.json")),
    "corrections": Format(seeds.corrections, _JSON, read_corrections),
    "card": Format(seeds.card, _JSON, read_card),
    "uses": Format(seeds.uses, _JSON, read_uses),
    "settings": Format(seeds.settings, (*TEXT, *BYTES[:5]), read_settings),
}
