"""Two windows, or a window and a command, on the same folders."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot

from inkread.data.models.library import Card, ModelLibrary
from inkread.data.samples.store import SampleStore
from inkread.data.samples.watch import SampleNews
from tests.data.stores import sample
from tests.template_model import template_model
from tests.ui.window_driver import Window


@pytest.fixture
def library(tmp_path: Path, model: Path) -> ModelLibrary:
    """The library of the window's home, in another process."""
    return ModelLibrary(tmp_path / "home" / "data" / "models", model)


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    (tmp_path / "home" / "data").mkdir(parents=True, exist_ok=True)
    return SampleStore.open(tmp_path / "home" / "data" / "samples.db")


def words(window: Window) -> str:
    return window.main.statusBar().currentMessage()


def look(window: Window) -> None:
    """Look, and wait until all that was asked for before is done, however long that takes."""
    program = window.program
    program.models.look()
    program.samples.look()
    while program.models._queue.is_busy or program.samples._queue.is_busy:
        program.executor.wait()
        QCoreApplication.processEvents()


@pytest.fixture
def following(window: Window) -> Window:
    """A window that has seen how things are."""
    look(window)
    assert window.program.other_windows.is_active
    return window


def test_the_drawing_is_read_with_the_model_that_another_window_chose(
    following: Window, qtbot: QtBot, library: ModelLibrary
) -> None:
    following.write("4")
    other = library.keep(template_model("Theirs", tuple("9876543210")), Card("Theirs", "trained"))
    following.wait_for("5")
    assert words(following) == "Another window chose the model Theirs: it is in use here too"
    library.rename(other.id, "Ours")
    qtbot.waitUntil(lambda: "renamed" in words(following))
    assert words(following) == "Another window renamed the model Theirs: it is called Ours now"
    assert following.program.samples_controller.model.startswith("Ours ")
    library.use("shipped")
    library.delete(other.id)
    following.wait_for("4")
    assert words(following).startswith("Another window deleted the model Ours; ")


def test_a_model_that_another_window_deletes_before_it_is_opened_is_called_by_its_name(
    following: Window, qtbot: QtBot, library: ModelLibrary
) -> None:
    following.write("4")
    theirs = library.keep(template_model("Theirs"), Card("Theirs", "trained"), use=False)
    library.delete(theirs.id)
    following.program.models.used.emit(theirs)  # as if it was deleted just now
    assert following.wait_for_message() == (
        "Theirs: another window or command has deleted this model; choose another one."
    )
    following.write("44")  # the model before reads on


def test_the_open_library_shows_what_another_window_changed(
    following: Window, qtbot: QtBot, library: ModelLibrary
) -> None:
    following.commands.library.trigger()
    listed = following.find(QTreeWidget, "models")
    qtbot.waitUntil(lambda: listed.topLevelItemCount() == 1)
    kept = library.keep(template_model("Theirs"), Card("Theirs", "trained"), use=False)
    qtbot.waitUntil(lambda: listed.topLevelItemCount() == 2)
    assert words(following) == "Another window added the model Theirs"
    library.delete(kept.id)
    qtbot.waitUntil(lambda: listed.topLevelItemCount() == 1)
    assert words(following) == "Another window deleted the model Theirs"


def test_samples_of_another_window_are_announced_and_offered_for_learning(
    following: Window, qtbot: QtBot, store: SampleStore
) -> None:
    news: list[SampleNews] = []
    following.program.samples.changed_elsewhere.connect(news.append)
    ids = store.add_many([sample("1", seed) for seed in range(12)])
    qtbot.waitUntil(lambda: words(following) == "Another window added samples: 12")
    qtbot.waitUntil(lambda: following.main.workspace.learning_bar.is_offering)
    store.relabel(ids[:1], "7")
    store.delete(ids[1:3])
    # Both may be seen in one look, or in two.
    qtbot.waitUntil(lambda: sum(each.deleted + each.relabelled for each in news) == 3)
    assert words(following).endswith("Another window relabelled samples: 1") or words(
        following
    ) == ("Another window deleted samples: 2")


def test_own_changes_are_not_announced(following: Window) -> None:
    announced: list[object] = []
    following.program.models.changed_elsewhere.connect(announced.append)
    following.program.samples.changed_elsewhere.connect(announced.append)
    data, card = template_model("Mine"), Card("Mine", "trained")
    following.program.models.keep(lambda library: library.keep(data, card), lambda kept: kept)
    following.program._sample_store().add(sample("1"))
    look(following)
    assert announced == []


def test_a_window_that_cannot_be_seen_wakes_nothing_and_follows_when_it_is_back(
    following: Window, qtbot: QtBot, library: ModelLibrary
) -> None:
    following.main.showMinimized()
    assert not following.program.other_windows.is_active
    library.keep(template_model("Theirs"), Card("Theirs", "trained"), use=False)
    following.main.showNormal()
    assert following.program.other_windows.is_active
    qtbot.waitUntil(lambda: words(following) == "Another window added the model Theirs")


def test_a_minimised_window_looks_at_its_memory_only_until_all_is_given_back(
    window: Window, qtbot: QtBot
) -> None:
    memory = window.program._free_memory

    def stands_still() -> bool:
        memory.look()
        return not memory.is_looking

    window.main.showMinimized()
    qtbot.waitUntil(stands_still)
    window.main.showNormal()
    assert memory.is_looking


@pytest.mark.slow
def test_a_window_follows_the_command_line(
    following: Window, qtbot: QtBot, tmp_path: Path, start: Callable[[], Window]
) -> None:
    second = start()
    path = tmp_path / "theirs.onnx"
    path.write_bytes(template_model("Theirs"))
    for arguments in (["import", str(path)], ["use", "Theirs"]):
        command = [sys.executable, "-m", "inkread", "models", *arguments]
        subprocess.run([*command, "--home", str(tmp_path / "home")], check=True)
    wanted = "Another window chose the model Theirs: it is in use here too"
    for window in (following, second):
        qtbot.waitUntil(lambda window=window: words(window) == wanted)  # type: ignore[misc]
