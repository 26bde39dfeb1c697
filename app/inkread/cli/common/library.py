"""The library of models for the commands. Light: every start imports it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from inkread.cli.common.interrupts import ctrl_c_ends_at_once
from inkread.data.paths import home

if TYPE_CHECKING:
    from inkread.data.models.library import ModelLibrary
    from inkread.ml.inference.gate import Gate
    from inkread.ml.inference.metadata import ModelInfo


def library_of(chosen_home: Path | None) -> ModelLibrary:
    """The library in the folder of ``--home``."""
    from inkread.data.models.library import ModelLibrary  # only if a command needs it

    def describe(data: bytes, name: str) -> ModelInfo:
        return gate_of(library).describe(data, name)

    library = ModelLibrary.of(home(chosen_home), describe)
    return library


@lru_cache(maxsize=1)
def gate_of(library: ModelLibrary) -> Gate:
    """Opens models, of the library or others; knows those that were tried.

    A library has one: what it refused is not tried again in this process.
    """
    from inkread.ml.inference.gate import Gate

    return Gate(library.tried, ctrl_c_ends_at_once)
