"""Load MNIST from its public mirrors.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998: 60,000 digits for
training, 10,000 for testing. Sizes and checksums are those of the files as first published;
other libraries list the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from inkread.ml.datasets.dataset import Loader, Purpose
from inkread.ml.datasets.download import RemoteFile, fetch
from inkread.ml.datasets.idx import read_idx

TITLE = "MNIST"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
#: Pictures and labels of each part.
FILES = {
    Purpose.TRAINING: (
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
    ),
    Purpose.EVALUATION: (
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
}


def read_mnist(cache: Path, purpose: Purpose, mirrors: Sequence[str] = MIRRORS) -> Loader:
    """Load MNIST's training or test part; download it into `cache` if it is missing.

    Raises
    ------
    DownloadFailed, SaveFailed
    """
    pictures, _ = yield from fetch(FILES[purpose], mirrors, cache / "mnist", TITLE)
    dataset = yield from read_idx(pictures)
    return replace(dataset, sources=(TITLE,))
