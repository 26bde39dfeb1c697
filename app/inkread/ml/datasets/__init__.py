"""Data sets of labelled cells, from files, folders and by name."""

from inkread.ml.datasets.combine import combined
from inkread.ml.datasets.dataset import Dataset, Loading, Purpose, Skipped, Unit, split
from inkread.ml.datasets.load import MNIST, STARTER, SourcePaths, load, loading

__all__ = [
    "MNIST",
    "STARTER",
    "Dataset",
    "Loading",
    "Purpose",
    "Skipped",
    "SourcePaths",
    "Unit",
    "combined",
    "load",
    "loading",
    "split",
]
