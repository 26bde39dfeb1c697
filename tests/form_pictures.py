"""Printed forms, filled in by hand and scanned or photographed: what is written where is known.

A form is drawn by chance from a seed: a heading, printed words and fields of four kinds (box,
underline, comb, table). `scanned` makes the picture that a scanner or a phone takes of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.ink import draw_strokes
from inkread.core.reading import Grey
from tests.lighting import light
from tests.written import write

#: A4 at 150 dpi, px.
HEIGHT, WIDTH = 1754, 1240
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)
_WORDS = [
    "Name",
    "Street",
    "Number",
    "Date",
    "Amount",
    "Total",
    "Signature",
    "Account",
    "Customer",
    "Order",
    "Place",
    "Office",
    "Month",
    "Year",
    "Item",
    "Price",
    "Weight",
    "Height",
    "Visit",
    "Nurse",
    "Sample",
    "Result",
    "Reference",
    "Meter",
    "Reading",
    "Address",
    "Please",
    "write",
    "clearly",
    "Do",
    "not",
    "write",
    "here",
    "For",
    "office",
    "use",
    "Received",
    "Approved",
    "Department",
    "Invoice",
]
#: What a scan may be, and how strong it is.
SCANS: dict[str, dict[str, float]] = {
    "flat": {"shift": 0.01, "noise": 2.0},
    "shifted": {"shift": 0.05, "turn": 1.0, "noise": 3.0},
    "turned": {"shift": 0.03, "turn": 5.0, "noise": 3.0},
    "quarter": {"shift": 0.02, "turn": 2.0, "quarters": 1.0, "noise": 3.0},
    "upside down": {"shift": 0.02, "turn": 2.0, "quarters": 2.0, "noise": 3.0},
    "small": {"scale": 0.7, "turn": 1.0, "noise": 3.0},
    "large": {"scale": 1.5, "turn": 1.0, "noise": 3.0},
    "phone": {"perspective": 0.05, "turn": 4.0, "slope": 0.35, "vignette": 0.3, "noise": 4.0,
              "blur": 0.7, "table": 0.06, "scale": 1.2, "jpeg": 60.0},
    "phone in the dark": {"perspective": 0.08, "turn": 8.0, "slope": 0.5, "shadow": 0.35,
                          "dark": 0.3, "noise": 7.0, "blur": 0.9, "table": 0.08, "scale": 1.1,
                          "jpeg": 50.0},
    "bent": {"perspective": 0.03, "turn": 2.0, "slope": 0.3, "noise": 4.0, "blur": 0.6,
             "table": 0.06, "scale": 1.2, "bend": 0.006, "jpeg": 60.0},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrintedField:
    """A field: its name, where it is on the form, px, and how many digits fit in it.

    ``cells`` is 1, or the count of a comb's places.
    """

    name: str
    box: Box
    digits: int
    cells: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A blank form, black on white, and its fields."""

    picture: Grey
    fields: tuple[PrintedField, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A picture of a form, and where its points are.

    Attributes
    ----------
    picture : (h, w) array of uint8
    onto : (3, 3) array of float64
        Homography from the form, flattened, to the picture, px.
    bend : _Bend or None
        How the paper bends.
    """

    picture: Grey
    onto: NDArray[np.float64]
    bend: _Bend | None = None

    def at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points of the form, (n, 2), px, are on the picture."""
        flat = points if self.bend is None else self.bend.after(points)
        return np.asarray(cv2.perspectiveTransform(flat[np.newaxis], self.onto)[0], np.float64)


@dataclass(frozen=True, slots=True)
class _Bend:
    """Waves of paper that does not lie flat: how far they move points, px, and their phases."""

    most: float
    size: tuple[float, float]
    phases: tuple[float, float]

    def before(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where on the flat form is what is now at some points, (..., 2)."""
        x, y = points[..., 0] / self.size[0], points[..., 1] / self.size[1]
        dx = self.most / 2 * np.sin(1.1 * math.pi * y + self.phases[0])
        dy = self.most * np.sin(1.4 * math.pi * x + self.phases[1])
        return points + np.stack([dx, dy], axis=-1)

    def after(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points of the flat form are now."""
        now = points
        for _ in range(5):
            now = points - (self.before(now) - now)
        return now


def form(seed: int, rows: int = 9) -> Form:
    """A form with about twice as many fields as `rows`, or a table below."""
    rng = np.random.default_rng((17, seed))
    paper = np.full((HEIGHT, WIDTH), 255, np.uint8)
    font = _FONTS[int(rng.integers(len(_FONTS)))]
    line = int(rng.integers(2, 4))
    for row in range(int(rng.integers(1, 3))):
        _print(paper, _phrase(rng, 2 + row), (90, 110 + 55 * row), font, 1.5 - 0.6 * row, 3 - row)
    fields = list[PrintedField]()
    y = 260.0
    kinds = ("box", "underline", "comb", "pair")
    for _ in range(rows):
        kind = kinds[int(rng.integers(len(kinds)))]
        y = _add_row(paper, fields, kind, y, rng, font, line)
    if rng.random() < 0.6 and y < HEIGHT - 420:
        y = _add_table(paper, fields, y + 20, rng, font, line)
    _print(paper, _phrase(rng, 6), (90, HEIGHT - 70), font, 0.6, 1)
    return Form(paper, tuple(fields))


def _add_row(
    paper: Grey,
    fields: list[PrintedField],
    kind: str,
    y: float,
    rng: np.random.Generator,
    font: int,
    line: int,
) -> float:
    high = float(rng.integers(58, 78))
    left = float(rng.integers(300, 420))
    _print(
        paper, _phrase(rng, 1 + int(rng.integers(2))), (90, round(y + high * 0.65)), font, 0.9, 2
    )
    if kind == "pair":
        for side in (left, left + 420):
            width = float(rng.integers(230, 330))
            _field(paper, fields, Box(side, y, width, high), "box", line)
    else:
        digits = int(rng.integers(4, 9))
        width = digits * high * 0.85
        _field(paper, fields, Box(left, y, width, high), kind, line, digits)
    return y + high + float(rng.integers(30, 62))


def _field(
    paper: Grey, fields: list[PrintedField], box: Box, kind: str, line: int, digits: int = 0
) -> None:
    x, y, right, bottom = (round(v) for v in (box.x, box.y, box.right, box.bottom))
    cells = digits if kind == "comb" else 1
    if kind == "underline":
        cv2.line(paper, (x, bottom), (right, bottom), 0, line)
    else:
        cv2.rectangle(paper, (x, y), (right, bottom), 0, line)
    if kind == "comb":
        for place in range(1, digits):
            at = round(box.x + place * box.width / digits)
            cv2.line(paper, (at, y), (at, bottom), 0, line)
    fits = max(1, int(box.width / (0.62 * box.height)))
    fields.append(
        PrintedField(f"field {len(fields) + 1}", box, min(digits or fits, fits, 8), cells)
    )


def _add_table(
    paper: Grey,
    fields: list[PrintedField],
    y: float,
    rng: np.random.Generator,
    font: int,
    line: int,
) -> float:
    columns, rows = int(rng.integers(3, 5)), int(rng.integers(2, 5))
    wide, high = 1000 / columns, 64.0
    for column in range(columns):
        at = (round(110 + column * wide), round(y + 42))
        _print(paper, _phrase(rng, 1), at, font, 0.8, 2)
    for row in range(rows + 1):
        for column in range(columns):
            box = Box(100 + column * wide, y + row * high, wide, high)
            corner = (round(box.x), round(box.y))
            cv2.rectangle(paper, corner, (round(box.right), round(box.bottom)), 0, line)
            if row:
                fields.append(PrintedField(f"field {len(fields) + 1}", box, 5))
    return y + (rows + 1) * high


def _phrase(rng: np.random.Generator, count: int) -> str:
    return " ".join(_WORDS[int(i)] for i in rng.integers(0, len(_WORDS), count))


def _print(paper: Grey, text: str, at: tuple[int, int], font: int, size: float, pen: int) -> None:
    cv2.putText(paper, text, at, font, size, 0, pen, cv2.LINE_AA)


def values(form: Form, seed: int, empty: float = 0.2) -> dict[str, str]:
    """Numbers for the fields; this share of them stays empty."""
    rng = np.random.default_rng((23, seed))
    made = {}
    for field in form.fields:
        count = int(rng.integers(max(1, field.digits // 2), field.digits + 1))
        digits = "".join(str(d) for d in rng.integers(0, 10, count))
        made[field.name] = "" if rng.random() < empty else digits
    return made


def filled(form: Form, written: Mapping[str, str], seed: int = 0) -> Grey:
    """The form with digits written into its fields."""
    rng = np.random.default_rng((29, seed))
    paper = form.picture.copy()
    shade = float(rng.integers(20, 90))
    for index, field in enumerate(form.fields):
        text = written.get(field.name, "")
        height = field.box.height * rng.uniform(0.5, 0.68)
        parts = list(text) if field.cells > 1 else [text]
        step = field.box.width / field.cells
        for place, part in enumerate(parts):
            if not part:
                continue
            room = step if field.cells > 1 else field.box.width
            high = min(height, 1.05 * room / len(part))
            free = max(0.0, room - 0.95 * high * len(part))
            x = field.box.x + place * step + free * rng.uniform(0.25, 0.6)
            y = field.box.y + (field.box.height - high) * rng.uniform(0.3, 0.75)
            ink = write(part, height=high, width=max(3.0, 0.085 * high), at=(x, y),
                        seed=int(rng.integers(1 << 30)) + index)  # fmt: skip
            cover = draw_strokes(
                paper.shape, [s.points for s in ink.strokes], [s.width for s in ink.strokes]
            )
            share = cover.astype(np.float32) / 255
            paper = np.asarray(np.minimum(paper, paper * (1 - share) + shade * share), np.uint8)
    return paper


def scanned(picture: Grey, sizes: Mapping[str, float] | str, seed: int = 0) -> Scan:
    """A scan or a photo of a page.

    Parameters
    ----------
    picture : (h, w) array of uint8
        The page, flat.
    sizes : mapping or str
        The strength of each disturbance, as in `SCANS`, or a name of one there.
    seed : int
        Where all chance comes from.
    """
    sizes = SCANS[sizes] if isinstance(sizes, str) else sizes
    rng = np.random.default_rng((31, seed))
    height, width = picture.shape
    scale = sizes.get("scale", 1.0)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    seen = flat - flat.mean(axis=0)
    seen += rng.uniform(-1, 1, (4, 2)) * sizes.get("perspective", 0.0) * width
    angle = math.radians(sizes.get("turn", 0.0)) * float(rng.uniform(0.6, 1)) * rng.choice([-1, 1])
    angle += math.pi / 2 * sizes.get("quarters", 0.0)
    cos, sin = math.cos(angle), math.sin(angle)
    seen = scale * seen @ np.array([[cos, sin], [-sin, cos]])
    turned = int(sizes.get("quarters", 0.0)) % 2
    size = np.rint(np.array((height, width) if turned else (width, height)) * scale)
    if "table" in sizes:
        seen *= float(((1 - 2 * sizes["table"]) * size / np.ptp(seen, axis=0)).min())
        seen -= (seen.max(axis=0) + seen.min(axis=0)) / 2
    seen += size / 2 + rng.uniform(-1, 1, 2) * sizes.get("shift", 0.0) * width * scale
    onto = cv2.getPerspectiveTransform(flat.astype(np.float32), seen.astype(np.float32))
    shape = int(size[1]), int(size[0])
    back = 90.0 if "table" in sizes else 244.0
    source = np.where(picture > 244, 244, picture).astype(np.float32)
    bend = None
    if "bend" in sizes:
        phases = rng.uniform(0, 2 * math.pi, 2)
        bend = _Bend(sizes["bend"] * width, (width, height), (float(phases[0]), float(phases[1])))
        source = _bent(source, bend)
    taken = cv2.warpPerspective(source, onto, shape[::-1], None, cv2.INTER_AREA, 0, back)
    lit = np.asarray(taken, np.float32) * light(shape, sizes, rng)
    if "blur" in sizes:
        lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), sizes["blur"]), np.float32)
    lit = lit + rng.normal(0, sizes.get("noise", 0.0), shape).astype(np.float32)
    grey = np.clip(np.rint(lit), 0, 255).astype(np.uint8)
    if "jpeg" in sizes:
        data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, round(sizes["jpeg"])])[1]
        grey = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return Scan(grey, np.asarray(onto, np.float64), bend)


def _bent(page: NDArray[np.float32], bend: _Bend) -> NDArray[np.float32]:
    """A page that does not lie flat."""
    height, width = page.shape
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    from_ = bend.before(np.stack([x, y], axis=-1).astype(np.float64)).astype(np.float32)
    moved = cv2.remap(
        page, from_[..., 0], from_[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.float32)
