"""Make the sample pictures in assets/samples: ``python3 -m tests.make_samples``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkread.core.ink import Ink, rasterise_page
from inkread.data.paths import bundled
from tests.written import write

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]


def coloured(ink: Ink, pen: Colour, paper: Colour, margin: float = 40.0) -> Picture:
    """(h, w, 3) RGB picture of the ink."""
    cover = 1 - rasterise_page(ink, margin)[..., None] / 255
    mixed = cover * np.array(pen) + (1 - cover) * np.array(paper)
    return np.asarray(np.rint(mixed), dtype=np.uint8)


def digit() -> Picture:
    return coloured(write("3", height=180, width=16, seed=3), (20, 20, 24), (255, 255, 255))


def number() -> Picture:
    return coloured(write("2047", seed=1), (24, 44, 140), (252, 250, 244))


def dark() -> Picture:
    return coloured(write("618", width=9, seed=2), (236, 238, 240), (24, 26, 30))


def lines() -> Picture:
    text = "31415\n9265\n35897"
    return coloured(write(text, height=80, width=8, seed=4), (30, 30, 34), (255, 255, 255))


def shade() -> Picture:
    """Grey ink on paper under a lamp: light from one corner, grain everywhere."""
    picture = coloured(write("5093", width=10, seed=5), (70, 66, 80), (255, 250, 240), 60)
    height, width = picture.shape[:2]
    light = np.linspace(1.0, 0.62, width)[None, :] * np.linspace(1.0, 0.8, height)[:, None]
    grain = np.random.default_rng(5).normal(0, 4, (height, width))
    lit = picture * light[..., None] + grain[..., None]
    return np.asarray(np.clip(np.rint(lit), 0, 255), dtype=np.uint8)


#: File name -> how it is made, and what is written in it.
SAMPLES: dict[str, tuple[Callable[[], Picture], str]] = {
    "digit.png": (digit, "3"),
    "number.png": (number, "2047"),
    "dark.png": (dark, "618"),
    "lines.png": (lines, "31415\n9265\n35897"),
    "shade.jpg": (shade, "5093"),
}


def make(folder: Path) -> None:
    for name, (picture, _) in SAMPLES.items():
        image = Image.fromarray(picture())
        if name.endswith(".png"):
            image.quantize(64).save(folder / name, optimize=True)
        else:
            image.save(folder / name, quality=80)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else bundled("assets/samples"))
