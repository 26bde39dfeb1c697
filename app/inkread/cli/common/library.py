"""The library of models for the commands. Light: every start imports it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inkread.data.paths import home

if TYPE_CHECKING:
    from inkread.data.models.library import ModelLibrary
    from inkread.ml.inference.metadata import ModelInfo


def library_of(chosen_home: Path | None) -> ModelLibrary:
    """The library in the folder of ``--home``."""
    from inkread.data.models.library import ModelLibrary  # only if a command needs it

    return ModelLibrary.of(home(chosen_home), describe)


def describe(data: bytes, name: str) -> ModelInfo:
    """Try a model and return its metadata.

    Raises
    ------
    ModelUnusable
        If it does not fit.
    """
    from inkread.ml.inference.classifier import OnnxClassifier

    return OnnxClassifier(data, name).info
