"""Two processes on one library: each sees what the other did, and not what it did itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inkread.core.errors import ModelDeleted, ModelUnknown
from inkread.data.models.library import SHIPPED, ModelLibrary
from inkread.data.models.watch import ModelNews
from tests.data.libraries import check, keep, library_in


@pytest.fixture
def other(tmp_path: Path) -> ModelLibrary:
    """The same library, in another process."""
    return library_in(tmp_path)


@pytest.fixture
def here(tmp_path: Path) -> ModelLibrary:
    library = library_in(tmp_path)
    library.watch.note_used(library.current().id)
    assert library.news() is None
    return library


def seen(here: ModelLibrary) -> ModelNews:
    """The news, which is new once only."""
    news = here.news()
    assert news is not None
    assert here.news() is None
    return news


def test_a_model_that_another_process_adds_and_uses_is_news(
    here: ModelLibrary, other: ModelLibrary
) -> None:
    kept = keep(other, "theirs")
    news = seen(here)
    assert (news.is_used, news.in_use, news.added) == (True, kept, ("theirs",))
    assert not news.lost


def test_going_back_is_news(here: ModelLibrary, other: ModelLibrary) -> None:
    keep(other, "theirs")
    seen(here)
    other.revert()
    news = seen(here)
    assert (news.is_used, news.in_use.id, news.added) == (True, SHIPPED, ())


def test_renaming_and_deleting_are_news(here: ModelLibrary, other: ModelLibrary) -> None:
    used, unused = keep(other, "used"), keep(other, "unused", use=False)
    seen(here)
    other.rename(used.id, "mine")
    news = seen(here)
    assert (news.renamed, news.is_renamed, news.is_used) == ((("used", "mine"),), True, False)
    other.delete(unused.id)
    assert seen(here) == ModelNews(news.in_use, deleted=("unused",))


def test_the_model_in_use_is_lost_when_it_is_deleted_elsewhere(
    here: ModelLibrary, other: ModelLibrary
) -> None:
    kept = keep(other, "theirs")
    seen(here)
    other.revert()
    other.delete(kept.id)
    news = seen(here)
    assert (news.is_used, news.lost, news.in_use.id, news.deleted) == (True, "theirs", SHIPPED, ())


def test_a_model_that_was_deleted_elsewhere_is_refused_by_its_name(
    here: ModelLibrary, other: ModelLibrary
) -> None:
    kept = keep(other, "theirs", use=False)
    with pytest.raises(ModelUnknown, match=r"^none: "):
        here.use("none")
    seen(here)
    other.delete(kept.id)
    for refused in (
        lambda: here.use(kept.id),
        lambda: here.rename(kept.id, "mine"),
        lambda: here.read(kept.id),
    ):
        with pytest.raises(ModelDeleted, match=r"^theirs: another window or command has deleted"):
            refused()


def test_own_changes_are_no_news(here: ModelLibrary, tmp_path: Path) -> None:
    kept = keep(here, "mine")
    assert here.news() is None
    here.revert()
    assert here.news() is None
    here.use(kept.id, check)
    assert here.news() is None
    here.rename(kept.id, "my own")
    assert here.news() is None
    here.use(SHIPPED)
    assert here.news() is None
    (tmp_path / "more.onnx").write_bytes(b"more")
    more = here.import_(tmp_path / "more.onnx", check)
    here.delete(kept.id)
    here.delete(more.id)
    assert here.news() is None


def test_a_foreign_change_is_seen_though_an_own_one_came_just_before_or_after(
    here: ModelLibrary, other: ModelLibrary
) -> None:
    keep(other, "before", use=False)
    mine = keep(here, "mine")
    theirs = keep(other, "after")
    news = seen(here)
    assert (news.added, news.in_use.id) == (("before", "after"), theirs.id)
    keep(other, "again")
    here.use(mine.id)
    news = seen(here)
    assert (news.added, news.is_used) == (("again",), False)


def test_what_was_chosen_before_the_first_look_is_news_if_another_model_is_open(
    tmp_path: Path, other: ModelLibrary
) -> None:
    here = library_in(tmp_path)
    here.watch.note_used(here.current().id)
    kept = keep(other, "theirs")
    news = seen(here)
    assert (news.is_used, news.in_use) == (True, kept)


def test_a_folder_that_cannot_be_reached_is_no_news(
    here: ModelLibrary, other: ModelLibrary, tmp_path: Path
) -> None:
    keep(other, "theirs")
    seen(here)
    shutil.move(tmp_path / "models", tmp_path / "away")
    assert here.news() is None
    shutil.move(tmp_path / "away", tmp_path / "models")
    assert here.news() is None
