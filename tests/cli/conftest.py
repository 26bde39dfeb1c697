"""Fixtures of the command line's tests: a small model that can read, pictures to read."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inkread.cli import main
from inkread.core.ink import rasterise_page
from tests.template_model import template_model
from tests.written import write

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that can read what `write` writes."""
    path = tmp_path_factory.mktemp("model") / "templates.onnx"
    path.write_bytes(template_model())
    return path


@pytest.fixture
def run(model: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``inkread read ARGUMENTS`` with that model: exit status, standard output and error."""

    def call(*arguments: str | Path, model: Path | str = model) -> tuple[int, str, str]:
        status = main(["read", *map(str, arguments), "--model", str(model)])
        out, err = capfdbinary.readouterr()
        return status, out.decode("utf-8", "surrogateescape"), err.decode("utf-8")

    return call


@pytest.fixture
def rows(run: Run) -> Callable[..., list[dict[str, Any]]]:
    """``inkread read ARGUMENTS --json``, parsed."""

    def call(*arguments: str | Path) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(run(*arguments, "--json")[1])
        return found

    return call


def picture(path: Path, text: str) -> Path:
    """A picture file with `text` on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rasterise_page(write(text))).save(path)
    return path


def blank(path: Path) -> Path:
    """A picture file with nothing on it."""
    Image.new("L", (90, 60), 255).save(path)
    return path


def texts(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["text"] for row in rows]
