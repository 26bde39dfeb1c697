from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import inkread.core.batch.process_pool
import inkread.core.batch.read_many
import inkread.core.batch.thread_pool
from inkread.core.batch.folder_table import Row, read_folder
from inkread.core.batch.read_files import results_of
from inkread.core.batch.read_many import read_many
from inkread.core.batch.result_formats import Result
from inkread.core.batch.sources import Source, expand
from inkread.core.classifier import Classifier
from inkread.core.errors import ReaderEnded
from inkread.core.ink import rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.layout import Layout
from inkread.core.reading import Reading
from tests.core.templates import Templates
from tests.written import write


class Portable(Templates):
    @property
    def maker(self) -> Callable[[], Classifier]:
        return Portable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"a.png": "31\n4", "b.png": "20", "c.png": "5"}.items():
        Image.fromarray(rasterise_page(write(text))).save(tmp_path / name)
    (tmp_path / "broken.png").write_bytes((tmp_path / "a.png").read_bytes()[:70])
    (tmp_path / "d.inkml").write_bytes(write_inkml([Drawing(None, write("7"))]))
    return tmp_path


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (
        inkread.core.batch.read_many,
        inkread.core.batch.thread_pool,
        inkread.core.batch.process_pool,
    ):
        monkeypatch.setattr(module, "cores", lambda: 2)


@pytest.fixture
def many(two_cores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few files are worth processes."""
    monkeypatch.setattr(inkread.core.batch.read_many, "MIN_SECONDS", 0.0)


@pytest.fixture
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Any:
        pytest.fail("processes were begun")

    monkeypatch.setattr(inkread.core.batch.process_pool, "in_processes", refuse)


def facts(result: Result) -> object:
    reading = result.reading or Reading()
    glyphs = [(g.box, g.line, g.guesses, g.rejected, g.cell.tobytes()) for g in reading.glyphs]
    return result.path, reading.text, glyphs, str(result.error), type(result.error)


def rows(folder: Path, classifier: Classifier) -> list[Row]:
    return [row for step in read_folder(str(folder), classifier) for row in step.rows]


def test_processes_read_what_threads_read(folder: Path, many: None) -> None:
    sources = expand([str(folder)], recursive=True)
    assert len(sources) == 5
    by_threads, by_processes = (results_of(sources, c()) for c in (Templates, Portable))
    assert [facts(result) for result in by_processes] == [facts(result) for result in by_threads]


def test_a_table_is_the_same_too(folder: Path, many: None) -> None:
    one, other = rows(folder, Templates()), rows(folder, Portable())
    assert [row.text for row in one] == ["31\n4", "20", "", "5", "7"]
    for a, b in zip(one, other, strict=True):
        assert (a.path, a.text, a.confidence, a.digest) == (b.path, b.text, b.confidence, b.digest)
        assert (a.glyphs, a.rejected, a.doubtful) == (b.glyphs, b.rejected, b.doubtful)
        assert (str(a.error), a.thumbnail is None) == (str(b.error), b.thumbnail is None)
        if a.thumbnail is not None and b.thumbnail is not None:
            assert np.array_equal(a.thumbnail, b.thumbnail)
            assert not b.thumbnail.flags.writeable


def test_processes_end_when_nobody_wants_more(folder: Path, many: None) -> None:
    steps = read_folder(str(folder), Portable(), clock=iter(range(99)).__next__)
    next(steps)
    next(steps)
    assert len(multiprocessing.active_children()) == 2
    steps.close()
    assert multiprocessing.active_children() == []


def _ended(source: Source, classifier: Classifier, layout: Layout) -> str:
    if source.error is not None:
        return f"lost {source.error.facts['name']}"
    if source.name == "b":
        raise SystemExit(1)
    return source.name


def test_a_file_that_ends_its_process_is_reported(many: None) -> None:
    sources = [Source(name) for name in "abc"]
    found = read_many(sources, _ended, Portable(), Layout.AUTO)
    assert list(found) == ["a", "lost b", "c"]


def test_it_is_reported_in_a_sentence(
    folder: Path, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_processes(items: list[Source], _: object, lost: Callable[[Source], Any]) -> Any:
        yield from map(lost, items)

    monkeypatch.setattr(inkread.core.batch.process_pool, "in_processes", in_processes)
    sources = expand([str(folder)], recursive=True)
    errors = [result.error for result in results_of(sources, Portable())]
    errors += [row.error for row in rows(folder, Portable())]
    assert {type(error) for error in errors} == {ReaderEnded}
    assert [str(e).split(": the process")[0] for e in errors] == 2 * [s.name for s in sources]


def test_a_few_files_need_no_process(folder: Path, no_processes: None, two_cores: None) -> None:
    assert [row.text for row in rows(folder, Portable())] == ["31\n4", "20", "", "5", "7"]


@pytest.mark.parametrize(("count", "size"), [(700, 1), (3, 2_000_000)])
def test_many_files_and_large_ones_are_worth_it(
    count: int, size: int, tmp_path: Path, two_cores: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_processes(items: list[Source], *_: object) -> Any:
        yield from (f"process: {item.name}" for item in items)

    monkeypatch.setattr(inkread.core.batch.process_pool, "in_processes", in_processes)
    path = tmp_path / "a.png"
    path.write_bytes(bytes(size))
    sources = count * [Source(str(path))]
    found = read_many(sources, _ended, Portable(), Layout.AUTO)
    assert set(found) == {f"process: {path}"}
    found = read_many(sources[:2], _ended, Portable(), Layout.AUTO)
    assert set(found) == {str(path)}


def test_one_large_file_is_read_by_its_caller(
    tmp_path: Path, two_cores: None, no_processes: None
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(bytes(10_000_000))
    found = read_many([Source(str(path))], _thread, Portable(), Layout.AUTO)
    assert list(found) == [threading.get_ident()]


def test_below_another_pool_threads_read(
    folder: Path, many: None, no_processes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object())
    assert [row.text for row in rows(folder, Portable())] == ["31\n4", "20", "", "5", "7"]


@pytest.mark.parametrize(("size", "alone"), [(100, True), (300_000, False)])
def test_only_large_files_are_read_by_several_threads(
    size: int, alone: bool, tmp_path: Path, two_cores: None
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(bytes(size))
    sources = [Source(str(path)), Source(str(path))]
    found = read_many(sources, _thread, Templates(), Layout.AUTO)
    assert (set(found) == {threading.get_ident()}) == alone


def _thread(source: Source, classifier: Classifier, layout: Layout) -> int:
    return threading.get_ident()


def test_a_classifier_that_cannot_be_sent_stays(
    folder: Path, many: None, no_processes: None
) -> None:
    assert [row.text for row in rows(folder, Templates())] == ["31\n4", "20", "", "5", "7"]
