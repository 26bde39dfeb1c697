from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from inkread.core.batch.form_results import load_template
from inkread.core.errors import FileMissing, FolderEmpty, TemplateUnusable
from inkread.core.forms.template import FormField
from inkread.core.geometry import Box
from inkread.core.picture.page import Page, page_of
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.services.background.tasks import ThreadExecutor
from inkread.services.forms import Draft, Forms, FormsReading
from inkread.services.reader import Reader
from tests.core.batch.test_form_results import small_form, small_template
from tests.template_model import template_model

FIELDS = (FormField("number", Box(120, 100, 200, 50)),)


@pytest.fixture(scope="module")
def executor() -> ThreadExecutor:
    return ThreadExecutor()


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(lambda: OnnxClassifier(template_model(), "model"))


@pytest.fixture
def forms(reader: Reader, executor: ThreadExecutor) -> Forms:
    return Forms(reader, executor)


@pytest.fixture
def page() -> Page:
    return page_of(small_form(), "form")


def test_a_draft_on_a_picture_is_saved_and_loaded(
    forms: Forms, page: Page, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "form.json"
    with qtbot.waitSignal(forms.saved) as saved:
        forms.save(path, Draft(page, FIELDS))
    assert saved.args == ["form.json"]
    with qtbot.waitSignal(forms.loaded) as loaded:
        forms.load(path)
    assert loaded.args is not None
    assert loaded.args[0].fields == FIELDS


def test_a_draft_of_a_template_keeps_its_print() -> None:
    template = small_template()
    changed = Draft(template, (FormField("other", Box(10, 10, 60, 30)),)).template()
    assert changed.printed.image is template.printed.image
    assert [field.name for field in changed.fields] == ["other"]
    assert changed.digest == template.digest


def test_what_is_wrong_is_told(forms: Forms, page: Page, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(forms.failed) as failed:
        forms.save(tmp_path / "form.json", Draft(page, FIELDS * 2))
    assert failed.args is not None
    assert isinstance(failed.args[0], TemplateUnusable)
    with qtbot.waitSignal(forms.failed) as failed:
        forms.load(tmp_path / "none.json")
    assert failed.args is not None
    assert isinstance(failed.args[0], FileMissing)


def test_a_page_is_tried(forms: Forms, page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(forms.tried, timeout=30_000) as tried:
        forms.try_on(page, Draft(page, FIELDS), "form")
    assert tried.args is not None
    assert tried.args[0].texts == {"number": ""}


def test_fields_are_proposed(forms: Forms, page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(forms.proposed, timeout=30_000) as proposed:
        forms.propose(page)
    assert proposed.args is not None
    assert len(proposed.args[0]) == 2


def test_a_folder_is_read_and_exported(
    reader: Reader, executor: ThreadExecutor, page: Page, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    cv2.imwrite(str(folder / "a.png"), small_form())
    cv2.imwrite(str(folder / "b.png"), np.full((300, 420), 255, np.uint8))
    reading = FormsReading(reader, executor)
    results = []
    reading.progressed.connect(lambda progress: results.extend(progress.results))
    with qtbot.waitSignal(reading.finished, timeout=30_000):
        reading.start(folder, Draft(page, FIELDS))
    assert [result.error is None for result in results] == [True, False]
    for name, start in (("t.csv", b"file,page,number"), ("t.xlsx", b"PK")):
        with qtbot.waitSignal(reading.exported):
            reading.export(tmp_path / name, results, Draft(page, FIELDS))
        assert (tmp_path / name).read_bytes().startswith(start)


def test_an_empty_folder_is_told(
    reader: Reader, executor: ThreadExecutor, page: Page, tmp_path: Path, qtbot: QtBot
) -> None:
    reading = FormsReading(reader, executor)
    with qtbot.waitSignal(reading.failed) as failed:
        reading.start(tmp_path, Draft(page, FIELDS))
    assert failed.args is not None
    assert isinstance(failed.args[0], FolderEmpty)


def test_a_saved_draft_is_a_template_of_the_command_line(
    forms: Forms, page: Page, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(forms.saved):
        forms.save(tmp_path / "form.json", Draft(page, FIELDS, is_blank=True))
    assert load_template(str(tmp_path / "form.json")).fields == FIELDS
