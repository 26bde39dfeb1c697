"""Versions of program and libraries; imported only on request."""

from __future__ import annotations

import platform
from importlib import metadata

from inkread import __version__

LIBRARIES = ("PySide6-Essentials", "numpy", "onnxruntime", "opencv-python-headless", "pillow")


def versions() -> dict[str, str]:
    """Part -> version, the program itself first."""
    libraries = {name: _version(name) for name in LIBRARIES}
    return {"Inkread": __version__, "Python": platform.python_version(), **libraries}


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "?"
