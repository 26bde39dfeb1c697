"""Model libraries for tests: the bytes in them need be no ONNX, the library never looks inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inkread.core.errors import ModelUnusable
from inkread.data.models.library import Card, Kept, ModelLibrary

SHIPPED_DATA = b"the model that came with the program"


@dataclass(frozen=True)
class Info:
    """Metadata of a model, as `inkread.ml.inference.metadata.ModelInfo`."""

    name: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    data: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


def check(data: bytes, name: str) -> Info:
    """A model fits if it does not begin with an x; its bytes are its name."""
    if data.startswith(b"x"):
        raise ModelUnusable(name=name, reason="it begins with an x")
    return Info(data.decode(), {"accuracy": 0.5}, ("some data",), ("some parent",))


def as_text(data: bytes, name: str) -> str:
    """An opened model of these libraries."""
    return data.decode()


def library_in(folder: Path) -> ModelLibrary:
    """A library in `folder`/models; the shipped model is beside it."""
    shipped = folder / "shipped.onnx"
    if not shipped.exists():
        shipped.write_bytes(SHIPPED_DATA)
    return ModelLibrary(folder / "models", shipped)


def keep(library: ModelLibrary, name: str, use: bool = True) -> Kept:
    """Keep a model whose bytes are its name."""
    return library.keep(name.encode(), Card(name=name, source="trained"), use)


def names(library: ModelLibrary) -> list[str]:
    """Of all models, in the order of the list."""
    return [listed.kept.card.name for listed in library.models()]


def in_use(library: ModelLibrary) -> str:
    """The name of the model in use, as the list has it."""
    (name,) = [listed.kept.card.name for listed in library.models() if listed.in_use]
    return name


def content(folder: Path) -> dict[str, bytes]:
    """All files of the library's folder but the lock."""
    if not folder.exists():
        return {}
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}
