"""Sample stores for tests, and samples that need no drawing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from inkread.core.ink import rasterise_page
from inkread.core.picture.page import Page, open_page, page_of
from inkread.core.reading import Grey
from inkread.data.samples.sample import Sample
from inkread.data.samples.store import SampleStore
from tests.written import write

#: Enough that SQLite's log gets larger than the memory that it shares between processes.
MANY = 60


def store_in(folder: Path) -> SampleStore:
    return SampleStore.open(folder / "samples.db")


def cell(seed: int = 0) -> Grey:
    """A cell that no other seed has."""
    written = np.random.default_rng(seed).integers(0, 256, (20, 20)).astype(np.uint8)
    return np.pad(written, 4)


def sample(label: str, seed: int = 0) -> Sample:
    return Sample(label=label, cell=cell(seed))


def labels(store: SampleStore) -> list[str]:
    return [one.label for one in store.samples()]


def sql(path: Path, *statements: str) -> list[tuple[object, ...]]:
    """SQLite's own answer to the last of the statements."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        *_, last = [connection.execute(statement).fetchall() for statement in statements]
        return last


def picture(text: str) -> Page:
    return page_of(rasterise_page(write(text)), "a.png")


def decoded(png: bytes | None) -> Grey:
    assert png is not None
    return open_page(png, "crop").grey
