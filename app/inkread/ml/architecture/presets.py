"""List the network descriptions to choose from. Light: reads them without validation."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError

#: The network that is trained by default.
DEFAULT = "inkread"
#: Defaults of a description; see `inkread.ml.training.recipe.Recipe`.
_EPOCHS, _BATCH, _RATE = 12, 64, 0.003
_SUFFIX = ".toml"


class ArchitectureUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: there is no network description of that name; choose one of {names}, "
        "or a TOML file.",
    )


@dataclass(frozen=True, slots=True)
class Preset:
    """Summary of a network description.

    Attributes
    ----------
    name : str
        File name without suffix.
    title : str
        For people.
    path : Path
        The file.
    epochs, batch : int
        Training parameters, as in `Recipe`.
    rate : float
        Maximum learning rate.
    for_lines : bool
        Whether it reads whole lines, not cells.
    """

    name: str
    title: str
    path: Path
    epochs: int = _EPOCHS
    batch: int = _BATCH
    rate: float = _RATE
    for_lines: bool = False


def presets(folder: Path, for_lines: bool = False) -> tuple[Preset, ...]:
    """List the descriptions in a folder, the default first, then by name.

    Parameters
    ----------
    folder : Path
        Of TOML files; invalid ones are left out.
    for_lines : bool
        List those of line networks, not those of cells.
    """
    found = [preset for path in folder.glob(f"*{_SUFFIX}") if (preset := _preset(path))]
    found = [preset for preset in found if preset.for_lines == for_lines]
    return tuple(sorted(found, key=lambda preset: (preset.name != DEFAULT, preset.name)))


def preset_path(wanted: str, folder: Path, for_lines: bool = False) -> Path:
    """Path of a description.

    Parameters
    ----------
    wanted : str
        Name of one in the folder, or the path of a file.
    folder : Path
        Of TOML files.
    for_lines : bool
        Whether a line network is wanted.

    Raises
    ------
    ArchitectureUnknown
        If it is neither.
    """
    names = [preset.name for preset in presets(folder, for_lines)]
    if wanted in names:
        return folder / f"{wanted}{_SUFFIX}"
    if wanted.endswith(_SUFFIX) or os.path.lexists(wanted):
        return Path(wanted)
    raise ArchitectureUnknown(name=wanted, names=", ".join(names))


def _preset(path: Path) -> Preset | None:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        how = table.get("training", {})
        return Preset(
            name=path.stem,
            title=str(table.get("title", path.stem)),
            path=path,
            epochs=int(how.get("epochs", _EPOCHS)),
            batch=int(how.get("batch", _BATCH)),
            rate=float(how.get("rate", _RATE)),
            for_lines=list(table.get("input", ()))[1:] == ["any"],
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None
