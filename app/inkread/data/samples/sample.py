"""A labelled sample: one written glyph and its label."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import cv2
import numpy as np

from inkread.core.cell import CELL_SIDE, cell_from_glyph
from inkread.core.errors import SampleBlank, SampleTooLarge
from inkread.core.files import MEGABYTE
from inkread.core.ink import Ink
from inkread.core.labels import normalise_label, valid_utf8
from inkread.core.picture.page import Page
from inkread.core.reading import Grey, Stage, StageName
from inkread.core.recognition.single_glyph import stages_of_ink, stages_of_page
from inkread.data.ink_codec import encoded_size
from inkread.data.samples.limits import MAX_INK_BYTES, MAX_PICTURE_BYTES

#: Other texts of a sample are cut to this length, characters.
MAX_TEXT_LENGTH = 1000
#: Maximum side of stored crops of pictures, px.
_MAX_CROP_SIDE = 256
CANVAS = "canvas"


class Kind(StrEnum):
    """Whether a sample is ink or was cut out of a page."""

    INK = "ink"
    PAGE = "page"


class Origin(StrEnum):
    """How a sample was obtained."""

    TAUGHT = "taught"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sample:
    """One glyph and its label, ready to be stored.

    Attributes
    ----------
    label : str
        1 to 64 printable characters on one line.
    cell : (28, 28) array of uint8, read-only
        Input of the network, 0 (background) to 255 (ink).
    kind : Kind
        Drawn as ink, or cut out of a page.
    ink : Ink or None
        Its strokes.
    picture : bytes or None
        Its crop of the page: a grey PNG.
    source : str
        Name of the file, or ``canvas``.
    origin : Origin
        Taught without a reading, or a confirmation or correction of one.
    model : str
        Name and checksum of the model that read it; empty if none did.
    guess : str or None
        Answer of that model.
    probability : float or None
        Of that answer, 0 to 1.
    time : str
        When it was labelled, ISO 8601 in UTC; empty until it is stored.
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
        """Normalise the texts and make the cell read-only.

        Raises
        ------
        LabelUnusable
            If the label is empty, too long, or has a character that is not printed.
        SampleTooLarge
            If the ink or the picture takes more room than is kept of one sample.
        ValueError
            If the cell has another shape or type, or the probability is not 0 to 1.
        """
        if self.cell.shape != (CELL_SIDE, CELL_SIDE) or self.cell.dtype != np.uint8:
            raise ValueError(f"a cell of shape {self.cell.shape}, {self.cell.dtype}")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError(f"a probability of {self.probability}")
        self._check_size()
        cell = self.cell.copy()
        cell.setflags(write=False)
        object.__setattr__(self, "cell", cell)
        object.__setattr__(self, "label", self._normal_label())
        for name in ("source", "model"):
            object.__setattr__(self, name, valid_utf8(getattr(self, name))[:MAX_TEXT_LENGTH])
        if self.guess is not None:
            object.__setattr__(self, "guess", valid_utf8(self.guess)[:MAX_TEXT_LENGTH])

    def _normal_label(self) -> str:
        return normalise_label(self.label)

    def _check_size(self) -> None:
        if self.ink is not None and encoded_size(self.ink) > MAX_INK_BYTES:
            raise SampleTooLarge(name=self.source, limit=MAX_INK_BYTES // MEGABYTE)
        if self.picture is not None and len(self.picture) > MAX_PICTURE_BYTES:
            raise SampleTooLarge(name=self.source, limit=MAX_PICTURE_BYTES // MEGABYTE)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StoredSample(Sample):
    """A sample in the store.

    Attributes
    ----------
    id : int
        Never assigned to another sample.
    """

    id: int

    def _normal_label(self) -> str:
        return self.label  # as it was stored, perhaps by a newer Python


class ListedSample(NamedTuple):
    """Facts of a stored sample for a list: without ink and crop, which take long to decode.

    Attributes
    ----------
    id : int
    label : str
    cell : bytes
        28 rows of 28, 0 (background) to 255 (ink).
    source : str
    guess : str or None
    probability : float or None
    """

    id: int
    label: str
    cell: bytes
    source: str
    guess: str | None
    probability: float | None

    @property
    def pixels(self) -> Grey:
        """The cell as a (28, 28) array of uint8, read-only."""
        return np.frombuffer(self.cell, np.uint8).reshape(CELL_SIDE, CELL_SIDE)


def sample_from_ink(label: str, ink: Ink, source: str = CANVAS) -> Sample:
    """Make a sample from a drawing of one glyph.

    Raises
    ------
    SampleBlank
        If it is blank.
    LabelUnusable
    """
    stages = stages_of_ink(ink)
    if not stages:
        raise SampleBlank(name=source)
    return Sample(label=label, cell=stages[-1].image, ink=ink, source=source)


def sample_from_page(label: str, page: Page, source: str) -> Sample:
    """Make a sample from a picture of one glyph; raises as `sample_from_ink`."""
    stages = stages_of_page(page)
    if not stages:
        raise SampleBlank(name=source)
    return Sample(
        label=label,
        cell=stages[-1].image,
        kind=Kind.PAGE,
        picture=glyph_crop(stages),
        source=source,
    )


def sample_from_cell(label: str, cell: Grey, source: str) -> Sample:
    """Make a sample from a cell of a data set.

    Parameters
    ----------
    label : str
        Its label.
    cell : (h, w) array of uint8
        0 (background) to 255 (ink); sizes other than 28 x 28 are preprocessed like pictures.
    source : str
        Name of its source.

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


def glyph_crop(stages: tuple[Stage, ...]) -> bytes | None:
    """The grey crop of a glyph as PNG; None for ink."""
    for stage in stages:
        if stage.name is StageName.GREY and stage.image.size:
            return _png(stage.image)
    return None


def _png(grey: Grey) -> bytes:
    scale = _MAX_CROP_SIDE / max(grey.shape)
    if scale < 1:
        size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    _, data = cv2.imencode(".png", grey)
    return data.tobytes()
