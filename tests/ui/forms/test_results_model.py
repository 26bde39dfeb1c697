from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inkread.core.batch.form_results import FormResult
from inkread.core.errors import FileMissing
from inkread.ui.forms.results_model import FormsModel
from tests.core.batch.test_form_results import reading


@pytest.fixture
def model(qtbot: QtBot) -> FormsModel:
    model = FormsModel()
    model.start(["number", "total"])
    wrong = FormResult("c.png", error=FileMissing(name="c.png"))
    model.add([FormResult("a/b.png", reading(), page=2, pages=2), wrong])
    return model


def texts(model: FormsModel, row: int) -> list[str]:
    return [model.data(model.index(row, column)) for column in range(model.columnCount())]


def test_a_row_is_a_page_and_a_column_a_field(model: FormsModel) -> None:
    heads = [model.headerData(k, Qt.Orientation.Horizontal) for k in range(4)]
    assert heads == ["File", "number", "total", "Notes"]
    assert texts(model, 0)[:3] == ["b.png (page 2)", "42", "7 ?"]
    assert texts(model, 1)[:3] == ["c.png", "", ""]
    assert "no such file" in texts(model, 1)[3]


def test_a_corrected_text_is_sure_and_exported(model: FormsModel) -> None:
    assert model.is_to_look_at(0)
    assert model.setData(model.index(0, 2), "9")
    assert texts(model, 0)[2] == "9"
    assert not model.is_to_look_at(0)
    assert model.is_changed
    result = model.results[0].reading
    assert result is not None
    assert result.texts == {"number": "42", "total": "9"}


def test_confirming_a_doubtful_text_makes_it_sure(model: FormsModel) -> None:
    assert model.setData(model.index(0, 2), "7")
    assert texts(model, 0)[2] == "7"
    assert not model.setData(model.index(0, 1), "42")


def test_files_and_errors_are_not_edited(model: FormsModel) -> None:
    editable = Qt.ItemFlag.ItemIsEditable
    assert not model.flags(model.index(0, 0)) & editable
    assert model.flags(model.index(0, 1)) & editable
    assert not model.flags(model.index(1, 1)) & editable
    assert not model.setData(model.index(1, 1), "5")
