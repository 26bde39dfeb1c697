"""Paths of bundled files and of the user's folders."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "inkread"
#: Environment variable that moves all of the user's folders.
HOME_VARIABLE = "INKREAD_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The user's folders; they may not exist yet.

    Attributes
    ----------
    config : Path
        Settings.
    data : Path
        Samples and models.
    cache : Path
        Downloads, which can be repeated.
    """

    config: Path
    data: Path
    cache: Path


def home(chosen: str | os.PathLike[str] | None = None) -> Home:
    """Locate the user's folders.

    Parameters
    ----------
    chosen : path, optional
        A folder for everything (``--home``). The default is ``INKREAD_HOME``, or else the
        standard folders of the system.

    Returns
    -------
    Home
        Absolute paths. Nothing is created.
    """
    root = os.fspath(chosen) if chosen is not None else os.environ.get(HOME_VARIABLE, "")
    if root:
        folder = Path(root).expanduser().absolute()
        return Home(folder / "config", folder / "data", folder / "cache")
    import platformdirs  # imported here: recognition does not need it

    dirs = platformdirs.PlatformDirs(PROGRAM, appauthor=False)
    return Home(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path)


def bundled(name: str) -> Path:
    """Path of a file that is bundled with the program.

    Parameters
    ----------
    name : str
        Relative, with slashes, such as ``models/digits.onnx`` or ``assets/samples``.

    Returns
    -------
    Path
        In the installed package if it contains such files (a wheel does), else at the top level
        of the checkout. It may not exist.
    """
    package = Path(__file__).parents[1]
    installed = (package / "models").is_dir()
    return (package if installed else package.parents[1]) / name
