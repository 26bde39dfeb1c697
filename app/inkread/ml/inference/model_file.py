"""Files of models: how large they may be."""

from __future__ import annotations

import os

from inkread.core.errors import FileTooLarge, ModelUnusable
from inkread.core.files import MEGABYTE, read_file

MAX_MODEL_BYTES = 100 * MEGABYTE


def read_model(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a model file.

    Raises
    ------
    ModelUnusable, FileMissing, FileNotAllowed, FileIsFolder, FileUnusable
    """
    try:
        return read_file(path, MAX_MODEL_BYTES)
    except FileTooLarge as error:
        raise _too_large(os.fspath(path)) from error


def check_size(data: bytes, name: str) -> None:
    """Check the size of a model that did not come from a file.

    Raises
    ------
    ModelUnusable
    """
    if len(data) > MAX_MODEL_BYTES:
        raise _too_large(name)


def _too_large(name: str) -> ModelUnusable:
    return ModelUnusable(name=name, reason=f"it has more than {MAX_MODEL_BYTES // MEGABYTE} MB")
