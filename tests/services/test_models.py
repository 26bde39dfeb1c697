"""The model library for the window: changes, lists, and which model is in use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from inkread.core.errors import LineModelUnusable, ModelDeleted, ModelUnknown, ModelUnusable
from inkread.core.recognition.recognise import lines_of
from inkread.data.models.library import Card, Kept, ModelLibrary
from inkread.ml.inference import trial
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.services.background.tasks import ThreadExecutor
from inkread.services.models import Models
from tests.core.line_readers import Knowing
from tests.services.manual import ManualExecutor
from tests.template_model import template_model


def library_in(folder: Path) -> ModelLibrary:
    shipped = folder / "shipped.onnx"
    shipped.write_bytes(template_model())
    return ModelLibrary(folder / "models", shipped)


class Bench:
    """Models whose worker works when a test says so; `heard` is all that they emitted."""

    def __init__(self, folder: Path) -> None:
        self.executor = ManualExecutor()
        self.library = library_in(folder)
        self.models = Models(lambda: self.library, self.executor)
        self.heard: list[tuple[str, object]] = []
        self.models.listed.connect(lambda listed: self.hear("listed", len(listed)))
        self.models.used.connect(lambda kept: self.hear("used", kept.id))
        self.models.exported.connect(lambda name: self.hear("exported", name))
        self.models.importing.connect(lambda is_on: self.hear("importing", is_on))
        self.models.failed.connect(lambda error: self.hear("failed", type(error)))
        self.models.passed_over.connect(lambda error: self.hear("passed over", type(error)))

    def hear(self, what: str, value: object) -> None:
        self.heard.append((what, value))

    def work(self) -> list[tuple[str, object]]:
        self.heard.clear()
        self.executor.drain()
        return self.heard

    def add(self, name: str = "Other", use: bool = False) -> Kept:
        return self.library.keep(template_model(name), Card(name, "imported"), use=use)


@pytest.fixture
def bench(qapp: QCoreApplication, tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_model_that_comes_into_use_is_emitted_before_the_list(bench: Bench) -> None:
    other = bench.add()
    bench.models.use(other.id)
    assert bench.work() == [("used", other.id), ("listed", 2)]
    bench.models.revert()
    assert bench.work() == [("used", "shipped"), ("listed", 2)]


def test_other_changes_leave_the_model_in_use(bench: Bench, tmp_path: Path) -> None:
    other = bench.add()
    bench.models.rename(other.id, "Mine")
    bench.models.export(other.id, tmp_path / "mine.onnx")
    bench.models.delete(other.id)
    bench.models.import_file(tmp_path / "mine.onnx")
    heard = bench.work()
    assert ("exported", "mine.onnx") in heard
    assert heard[-1] == ("listed", 2)
    assert {what for what, _ in heard} == {"exported", "importing", "listed"}


def test_what_fails_is_not_followed_by_a_list(bench: Bench) -> None:
    bench.models.use("nobody")
    assert bench.work() == [("failed", ModelUnknown)]


def test_a_model_that_is_gone_before_it_is_opened_is_refused_in_one_sentence(bench: Bench) -> None:
    other, broken = bench.add(), bench.add("Broken")
    other_window = ModelLibrary(bench.library.path, bench.library.find("shipped").path)
    other_window.delete(other.id)
    with pytest.raises(ModelDeleted) as refused:
        bench.models.open_kept(other)
    assert str(refused.value) == (
        "Other: another window or command has deleted this model; choose another one."
    )
    broken.path.unlink()
    with pytest.raises(ModelUnusable, match=r"^Broken: .* \(its file is missing\); choose another"):
        bench.models.open_kept(broken)


def test_a_model_is_opened_under_the_name_on_its_card(bench: Bench) -> None:
    kept = bench.library.rename(bench.add().id, "Mine")
    opened = bench.models.open_kept(kept)
    assert isinstance(opened, OnnxClassifier)
    assert opened.info.name == "Mine"


def test_a_new_model_is_in_use_if_its_keeper_says_so(bench: Bench) -> None:
    bench.models.keep(lambda _: bench.add(), lambda _: None)
    assert bench.work() == [("listed", 2)]
    bench.models.keep(lambda _: bench.add(use=True), lambda kept: kept)
    assert bench.work() == [("used", bench.library.current().id), ("listed", 3)]


def test_who_keeps_a_model_hears_of_the_failure_instead_of_all(bench: Bench) -> None:
    def fail(_: ModelLibrary) -> Kept:
        raise ValueError("full")

    heard: list[Exception] = []
    bench.models.keep(fail, lambda kept: kept, heard.append)
    assert bench.work() == []
    assert str(heard[0]) == "full"


def test_a_worker_that_passes_a_model_over_reports_it_in_the_gui_thread(
    qtbot: QtBot, tmp_path: Path
) -> None:
    bench = Bench(tmp_path)
    bench.add(use=True).path.write_bytes(b"no network")
    threads: list[threading.Thread] = []
    bench.models.passed_over.connect(lambda _: threads.append(threading.current_thread()))
    executor = ThreadExecutor()
    executor.submit(lambda: bench.hear("opened", bench.models.open_current().labels))
    executor.wait()
    assert threads == []
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.main_thread()]
    assert bench.heard[0] == ("opened", tuple("0123456789"))


def stand_in(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[str]:
    """Instead of a trial in another process, `act` is called; returns the names of the tried."""
    names: list[str] = []

    def trying(data: bytes, name: str) -> Generator[None, None, int]:
        names.append(name)
        act()
        yield
        return 256

    monkeypatch.setattr(trial, "trying", trying)
    return names


def foreign_file(folder: Path, name: str = "Foreign") -> Path:
    path = folder / f"{name}.onnx"
    path.write_bytes(template_model(name))
    return path


def test_a_foreign_model_is_tried_when_it_is_imported_and_not_again(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = stand_in(monkeypatch, lambda: None)
    bench.models.import_file(foreign_file(tmp_path))
    assert bench.work() == [("importing", False), ("listed", 2)]
    imported = next(one for one in bench.library.models() if one.kept.id != "shipped")
    bench.models.use(imported.kept.id)
    assert bench.work() == [("used", imported.kept.id), ("listed", 2)]
    assert bench.models.open_current().labels
    assert tried == [str(tmp_path / "Foreign.onnx")]


def test_a_file_that_was_put_in_the_place_of_a_model_is_tried(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = stand_in(monkeypatch, lambda: None)
    folder = bench.library.path
    folder.mkdir()
    foreign_file(folder)  # without a card
    kept = bench.library.find("Foreign")
    bench.models.open_kept(kept)
    bench.models.open_kept(kept)
    foreign_file(folder, "Another").replace(kept.path)
    bench.models.open_kept(kept)
    assert len(tried) == 2


def test_a_model_that_its_trial_refuses_is_not_taken_in(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise ModelUnusable(name="m", reason="it takes more than 5 s to open and try")

    stand_in(monkeypatch, refuse)
    bench.models.import_file(foreign_file(tmp_path))
    assert bench.work() == [("importing", False), ("failed", ModelUnusable)]
    assert len(bench.library.models()) == 1


def test_an_import_that_is_given_up_fails_without_a_word(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, bench.models.cancel_import)
    bench.models.import_file(foreign_file(tmp_path))
    assert bench.work() == [("importing", False)]
    assert len(bench.library.models()) == 1
    stand_in(monkeypatch, lambda: None)
    bench.models.import_file(foreign_file(tmp_path))
    assert bench.work() == [("importing", False), ("listed", 2)]


def test_the_end_of_the_program_ends_a_trial(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, bench.models.give_up)
    bench.models.import_file(foreign_file(tmp_path))
    bench.work()
    assert len(bench.library.models()) == 1


def test_one_line_reader_is_opened_beside_all_models(
    qapp: QCoreApplication, tmp_path: Path
) -> None:
    library, opened = library_in(tmp_path), list[Knowing]()

    def open_lines() -> Knowing:
        opened.append(Knowing("38"))
        return opened[-1]

    models = Models(lambda: library, ManualExecutor(), open_lines)
    first, second = models.open_current(), models.open_kept(library.find("shipped"))
    assert lines_of(first) is lines_of(second) is opened[0]
    assert len(opened) == 1


def test_without_the_network_for_lines_models_read_and_one_notice_says_so(
    qapp: QCoreApplication, tmp_path: Path
) -> None:
    def broken() -> Knowing:
        raise LineModelUnusable(path="lines.onnx", reason="it is empty")

    library, heard = library_in(tmp_path), list[Exception]()
    models = Models(lambda: library, ManualExecutor(), broken)
    models.passed_over.connect(heard.append)
    for _ in range(2):
        assert lines_of(models.open_current()) is None
    qapp.processEvents()
    assert [str(error) for error in heard] == [
        "lines.onnx: the network for lines that came with the program cannot be used (it is "
        "empty); lines are read digit by digit until you put a good copy there."
    ]
