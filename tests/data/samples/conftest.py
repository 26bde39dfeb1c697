"""A store of samples in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.data.samples.store import SampleStore
from tests.data.stores import store_in


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    return store_in(tmp_path)
