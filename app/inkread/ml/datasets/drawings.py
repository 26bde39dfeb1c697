"""Read InkML files whose labelled groups are single glyphs."""

from __future__ import annotations

from pathlib import Path

from inkread.core.errors import LabelsMissing
from inkread.core.files import read_file
from inkread.core.inkml import read_inkml
from inkread.core.inkml.reader import MAX_BYTES
from inkread.core.reading import Grey
from inkread.core.recognition.single_glyph import cell_of_ink
from inkread.ml.datasets.dataset import Loader, Loading, Skipped, Unit
from inkread.ml.datasets.folders import BLANK, build_dataset
from inkread.ml.datasets.labels import clean, fault


def read_drawings(path: Path) -> Loader:
    """Load the labelled drawings of an InkML file; those without a label are skipped.

    Raises
    ------
    LabelsMissing
        If none has a label.
    InkDamaged, DataEmpty, DataBlank, FileMissing, ...
    """
    drawings = read_inkml(read_file(path, MAX_BYTES), str(path))
    if all(drawing.label is None for drawing in drawings):
        raise LabelsMissing(name=str(path), reason="none of its drawings is annotated")
    cells: list[Grey] = []
    texts: list[str] = []
    skipped: list[Skipped] = []
    for number, drawing in enumerate(drawings, 1):
        label = clean(drawing.label or "")
        cell = cell_of_ink(drawing.ink)
        reason = BLANK if cell is None else fault(label)
        if cell is None or reason is not None:
            skipped.append(Skipped(f"{path.name}, drawing {number}", reason or ""))
        else:
            cells.append(cell)
            texts.append(label)
        yield Loading(str(path), number, len(drawings), Unit.SAMPLES)
    return build_dataset(path, cells, texts, skipped)
