"""The network descriptions that come with the program, and those in files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from app.core.errors import InkreadError
from app.data.paths import bundled

FOLDER = "models/architectures"
DEFAULT = "inkread"
SUFFIX = ".toml"


class ArchitectureUnknown(InkreadError):
    template: ClassVar[str] = (
        "{name}: there is no network description of that name; choose one of {names}, "
        "or a TOML file."
    )


def presets() -> tuple[str, ...]:
    """Names of the descriptions that come with the program, the shipped network's first."""
    names = sorted(path.stem for path in bundled(FOLDER).glob(f"*{SUFFIX}"))
    return tuple(sorted(names, key=lambda name: name != DEFAULT))


def architecture_path(wanted: str) -> Path:
    """Where a description is.

    Parameters
    ----------
    wanted : str
        Name of a preset, or else the path of a file.

    Raises
    ------
    ArchitectureUnknown
        If it is neither.
    """
    if wanted in presets():
        return bundled(FOLDER) / f"{wanted}{SUFFIX}"
    if wanted.endswith(SUFFIX) or os.path.lexists(wanted):
        return Path(wanted)
    raise ArchitectureUnknown(name=wanted, names=", ".join(presets()))
