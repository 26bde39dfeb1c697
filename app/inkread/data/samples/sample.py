"""A labelled sample: one sign as somebody wrote it, and what they say that it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from inkread.core.cell import CELL_SIDE, cell_from_glyph
from inkread.core.errors import LabelUnusable, SampleBlank
from inkread.core.ink import Ink
from inkread.core.picture.page import Page
from inkread.core.reading import Grey, Stage, StageName
from inkread.core.recognition.single_glyph import stages_of_ink, stages_of_page

#: Models keep no longer labels (`inkread.ml.inference.metadata`), characters.
MAX_LABEL_LENGTH = 64
#: What else is said of a sample is cut to this, characters.
_LONGEST_TEXT = 1000
#: Crops of pictures are kept at most this large, px.
_LARGEST_CROP = 256
CANVAS = "canvas"
_SPACES = re.compile(" +")


class Kind(StrEnum):
    """What a sample was written on."""

    INK = "ink"
    PAGE = "page"


class Origin(StrEnum):
    """How a sample came about."""

    TAUGHT = "taught"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sample:
    """One sign and its label, ready to be kept.

    Attributes
    ----------
    label : str
        What it is: 1 to 64 printable characters on one line.
    cell : (28, 28) array of uint8, read-only
        What a network is to see, 0 (paper) to 255 (ink).
    kind : Kind
        Drawn, or cut out of a picture.
    ink : Ink or None
        Its strokes.
    picture : bytes or None
        What it looks like on paper: a grey PNG.
    source : str
        Name of the file, or ``canvas``.
    origin : Origin
        Just taught, or said of an answer: that it is right, or what is right instead.
    model : str
        The model that answered, by name and checksum; empty: none did.
    guess : str or None
        What that model took it for.
    probability : float or None
        Of that guess, 0 to 1.
    time : str
        When it was said, ISO 8601 in UTC; empty until it is kept.
    """

    label: str
    cell: Grey
    kind: Kind = Kind.INK
    ink: Ink | None = None
    picture: bytes | None = None
    source: str = CANVAS
    origin: Origin = Origin.TAUGHT
    model: str = ""
    guess: str | None = None
    probability: float | None = None
    time: str = ""

    def __post_init__(self) -> None:
        """Tidy the texts and guard the cell.

        Raises
        ------
        LabelUnusable
            If the label is empty, too long, or more than one line.
        ValueError
            If the cell is not one, or the probability not 0 to 1.
        """
        if self.cell.shape != (CELL_SIDE, CELL_SIDE) or self.cell.dtype != np.uint8:
            raise ValueError(f"a cell of shape {self.cell.shape}, {self.cell.dtype}")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError(f"a probability of {self.probability}")
        cell = self.cell.copy()
        cell.setflags(write=False)
        object.__setattr__(self, "cell", cell)
        object.__setattr__(self, "label", tidy_label(self.label))
        for name in ("source", "model"):
            object.__setattr__(self, name, _tidy(getattr(self, name))[:_LONGEST_TEXT])
        if self.guess is not None:
            object.__setattr__(self, "guess", _tidy(self.guess)[:_LONGEST_TEXT])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StoredSample(Sample):
    """A sample in the store.

    Attributes
    ----------
    id : int
        Its number: never given to another one.
    """

    id: int


def tidy_label(label: str) -> str:
    """The label as it is kept: as InkML reads it, several spaces are one.

    Raises
    ------
    LabelUnusable
        If it is empty, too long, or more than one line.
    """
    tidy = _SPACES.sub(" ", _tidy(label).strip())
    if not (tidy and tidy.isprintable() and len(tidy) <= MAX_LABEL_LENGTH):
        raise LabelUnusable(name=label, limit=MAX_LABEL_LENGTH)
    return tidy


def _tidy(text: str) -> str:
    """Text that is UTF-8: bytes of file names that are not become question marks."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def of_ink(label: str, ink: Ink, source: str = CANVAS) -> Sample:
    """The sample of a drawing of one sign.

    Raises
    ------
    SampleBlank
        If nothing is written.
    LabelUnusable
    """
    stages = stages_of_ink(ink)
    if not stages:
        raise SampleBlank(name=source)
    return Sample(label=label, cell=stages[-1].image, ink=ink, source=source)


def of_page(label: str, page: Page, source: str) -> Sample:
    """The sample of a picture of one sign; raises as `of_ink`."""
    stages = stages_of_page(page)
    if not stages:
        raise SampleBlank(name=source)
    return Sample(
        label=label,
        cell=stages[-1].image,
        kind=Kind.PAGE,
        picture=crop_of(stages),
        source=source,
    )


def of_cell(label: str, cell: Grey, source: str) -> Sample:
    """The sample of a bare cell, as data sets hold them.

    Parameters
    ----------
    label : str
        What it is.
    cell : (h, w) array of uint8
        0 (paper) to 255 (ink); of another size than 28 x 28 it is fitted as a picture is.
    source : str
        Where it comes from.

    Raises
    ------
    SampleBlank, LabelUnusable
    """
    if not cell.any():
        raise SampleBlank(name=source)
    if cell.shape != (CELL_SIDE, CELL_SIDE):
        _, stages = cell_from_glyph(cell)
        cell = stages[-1].image
    return Sample(label=label, cell=cell, kind=Kind.PAGE, source=source)


def crop_of(stages: tuple[Stage, ...]) -> bytes | None:
    """What a picture shows of a glyph, as PNG; None of ink."""
    for stage in stages:
        if stage.name is StageName.GREY and stage.image.size:
            return _png(stage.image)
    return None


def _png(grey: Grey) -> bytes:
    scale = _LARGEST_CROP / max(grey.shape)
    if scale < 1:
        size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    _, data = cv2.imencode(".png", grey)
    return data.tobytes()
