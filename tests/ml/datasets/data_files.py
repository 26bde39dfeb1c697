"""Small data sets in files of every kind, written here without the program's help."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inkread.core.ink import rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.ml.datasets.dataset import Dataset, Purpose
from tests.written import write

Pictures = NDArray[np.uint8]


def pictures(count: int = 12, side: int = 28, seed: int = 0) -> Pictures:
    """(count, side, side) pictures, bright on dark, all different, with 0 and 255 in each."""
    rng = np.random.default_rng(seed)
    made = np.zeros((count, side, side), np.uint8)
    made[:, 2:-2, 2:-2] = rng.integers(0, 256, (count, side - 4, side - 4))
    made[:, side // 2, side // 2] = 255
    return made


def digits(count: int = 12, classes: int = 3) -> NDArray[np.int64]:
    """0, 1, 2, 0, 1, 2, ..."""
    return np.arange(count, dtype=np.int64) % classes


def idx_bytes(values: NDArray[np.uint8]) -> bytes:
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return header + values.tobytes()


def write_idx(
    folder: Path, cells: Pictures, labels: Sequence[int], part: str = "train", gz: bool = False
) -> Path:
    """MNIST's two files; returns that of the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    pairs = (("images-idx3", cells), ("labels-idx1", np.array(labels, np.uint8)))
    for kind, values in pairs:
        data = idx_bytes(values)
        name = f"{part}-{kind}-ubyte" + (".gz" if gz else "")
        (folder / name).write_bytes(gzip.compress(data) if gz else data)
    return folder / (f"{part}-images-idx3-ubyte" + (".gz" if gz else ""))


def csv_text(
    cells: NDArray[np.generic], labels: Sequence[object], header: bool = True, separator: str = ","
) -> str:
    pixels = int(np.prod(cells.shape[1:]))
    lines = [separator.join(["label", *(f"pixel{i}" for i in range(pixels))])] if header else []
    for label, cell in zip(labels, cells, strict=True):
        lines.append(separator.join(map(str, [label, *cell.ravel().tolist()])))
    return "\n".join(lines) + "\n"


def write_picture(path: Path, text: str, seed: int = 0) -> Path:
    """A picture file with `text` written on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rasterise_page(write(text, seed=seed))).save(path)
    return path


def write_class_folders(folder: Path, labels: str = "037", count: int = 2) -> Path:
    for label in labels:
        for seed in range(count):
            write_picture(folder / label / f"{seed}.png", label, seed)
    return folder


def bitmap_text(cell: NDArray[np.generic]) -> str:
    return "".join("".join("1" if bit else "0" for bit in row) + "\r\n" for row in cell)


def write_inkml_file(path: Path, labels: Sequence[str | None]) -> Path:
    drawings = [Drawing(label, write(label or "1", seed=i)) for i, label in enumerate(labels)]
    path.write_bytes(write_inkml(drawings))
    return path


EVALUATION = Purpose.EVALUATION


def texts(found: Dataset) -> list[str]:
    return [found.labels[i] for i in found.targets]


def npz(path: Path, **arrays: Any) -> str:
    np.savez_compressed(path, **arrays)
    return str(path)


def dataset(
    labels: tuple[str, ...] = ("0", "1", "2"), count: int = 12, side: int = 28, name: str = "a"
) -> Dataset:
    targets = digits(count, len(labels))
    return Dataset(pictures(count, side), targets, labels, (name,))
