"""Where things are: what the program brings along, and what it keeps for its user."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "inkread"
#: The environment variable that moves everything that the program keeps.
HOME_VARIABLE = "INKREAD_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The folders that the program keeps things in; they need not exist yet.

    Attributes
    ----------
    config : Path
        Settings.
    data : Path
        What is dear to the user: samples, models.
    cache : Path
        What can be had again: downloads.
    """

    config: Path
    data: Path
    cache: Path


def home(chosen: str | os.PathLike[str] | None = None) -> Home:
    """The program's folders.

    Parameters
    ----------
    chosen : path, optional
        A folder that holds everything (``--home``). Without it ``INKREAD_HOME`` counts, and
        without that each system's own places do.

    Returns
    -------
    Home
        Absolute paths. Nothing is created.
    """
    root = os.fspath(chosen) if chosen is not None else os.environ.get(HOME_VARIABLE, "")
    if root:
        folder = Path(root).expanduser().absolute()
        return Home(folder / "config", folder / "data", folder / "cache")
    import platformdirs  # only here: reading a picture needs none of it

    dirs = platformdirs.PlatformDirs(PROGRAM, appauthor=False)
    return Home(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path)


def bundled(name: str) -> Path:
    """The path of a file that comes with the program.

    Parameters
    ----------
    name : str
        Relative, with slashes, such as ``models/digits.onnx`` or ``assets/samples``.

    Returns
    -------
    Path
        In the installed package if it carries such files (a wheel does), else at the top level
        of the checkout. It need not exist.
    """
    package = Path(__file__).parents[1]
    installed = (package / "models").is_dir()
    return (package if installed else package.parents[1]) / name
