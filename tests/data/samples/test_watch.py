"""Two processes on one sample store: each sees what the other did, not what it did itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.data.samples.store import SampleStore
from inkread.data.samples.watch import OwnChanges, SampleNews, SampleWatch
from tests.data.stores import sample, store_in


class Process:
    """A process with a store and a watch."""

    def __init__(self, folder: Path) -> None:
        self.own = OwnChanges()
        self.store = SampleStore.open(folder / "samples.db", self.own)
        self.watch = SampleWatch(self.own)
        assert self.look() is None

    def look(self) -> SampleNews | None:
        return self.watch.news(self.store.file_id(), self.store.labels())


@pytest.fixture
def here(tmp_path: Path) -> Process:
    return Process(tmp_path)


@pytest.fixture
def other(tmp_path: Path) -> SampleStore:
    return store_in(tmp_path)


def test_what_another_process_does_is_news_once(here: Process, other: SampleStore) -> None:
    ids = other.add_many([sample("1", 1), sample("2", 2), sample("3", 3)])
    assert here.look() == SampleNews(added=3)
    assert here.look() is None
    other.relabel(ids[:2], "7")
    other.delete(ids[2:])
    assert here.look() == SampleNews(deleted=1, relabelled=2)
    other.undo()
    assert here.look() == SampleNews(added=1)


def test_own_changes_are_no_news(here: Process, tmp_path: Path) -> None:
    ids = here.store.add_many([sample("1", 1), sample("2", 2)])
    assert here.look() is None
    here.store.relabel(ids, "7")
    assert here.look() is None
    here.store.undo()
    assert here.look() is None
    here.store.delete(ids[:1])
    here.store.add_new([sample("2", 2), sample("5", 5)])
    second = SampleStore.open(tmp_path / "samples.db", here.own)
    second.add(sample("6", 6))
    assert here.look() is None


def test_both_are_told_apart_whichever_came_first(here: Process, other: SampleStore) -> None:
    theirs = other.add(sample("1", 1))
    mine = here.store.add(sample("2", 2))
    other.add(sample("3", 3))
    assert here.look() == SampleNews(added=2)
    here.store.relabel([theirs], "9")
    assert here.look() is None
    other.relabel([theirs, mine], "4")
    assert here.look() == SampleNews(relabelled=2)


def test_a_change_that_fails_is_nobodys(here: Process, other: SampleStore) -> None:
    one = here.store.add(sample("1", 1))
    with pytest.raises(Exception, match="7"):
        here.store.relabel([one, 7], "2")
    assert here.look() is None
    other.relabel([one], "2")
    assert here.look() == SampleNews(relabelled=1)


def test_another_file_in_its_place_says_nothing_of_samples(here: Process, tmp_path: Path) -> None:
    here.store.add(sample("1", 1))
    assert here.look() is None
    (tmp_path / "new").mkdir()
    store_in(tmp_path / "new").add(sample("2", 2))
    (tmp_path / "new" / "samples.db").replace(tmp_path / "samples.db")
    assert here.look() == SampleNews()
    assert here.look() is None


def test_a_file_that_cannot_be_reached_is_no_news(here: Process, tmp_path: Path) -> None:
    here.store.add(sample("1", 1))
    assert here.look() is None
    (tmp_path / "samples.db").rename(tmp_path / "away")
    assert here.look() is None
    (tmp_path / "away").rename(tmp_path / "samples.db")
    assert here.look() is None
