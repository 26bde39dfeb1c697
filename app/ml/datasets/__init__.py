"""Data sets of labelled cells, from files, folders and by name."""

from app.ml.datasets.combine import combined
from app.ml.datasets.dataset import Dataset, Loading, Purpose, Skipped, Unit, split
from app.ml.datasets.load import MNIST, STARTER, Places, load, loading

__all__ = [
    "MNIST",
    "STARTER",
    "Dataset",
    "Loading",
    "Places",
    "Purpose",
    "Skipped",
    "Unit",
    "combined",
    "load",
    "loading",
    "split",
]
