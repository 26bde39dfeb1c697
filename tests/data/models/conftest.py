"""A library of models in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.data.models.library import ModelLibrary
from tests.data.libraries import library_in


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    return library_in(tmp_path)
