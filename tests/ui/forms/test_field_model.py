from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from inkread.core.forms.template import FormField
from inkread.core.geometry import Box
from inkread.ui.forms.field_model import NAME, READ, TYPE, FieldModel, TypeDelegate
from tests.core.batch.test_form_results import reading

BOX = Box(1, 1, 30, 20)


def test_a_drawn_field_gets_a_name_that_is_free(qtbot: QtBot) -> None:
    model = FieldModel()
    model.set_fields([FormField("a", BOX), FormField("Field 3", BOX)])
    assert model.add(BOX)
    assert [field.name for field in model.fields] == ["a", "Field 3", "field 4"]


def test_there_are_as_many_fields_as_there_may_be(qtbot: QtBot) -> None:
    model = FieldModel()
    model.set_fields([FormField(f"f{k}", BOX) for k in range(500)])
    assert not model.add(BOX)


def test_names_are_unique_and_types_free(qtbot: QtBot) -> None:
    model = FieldModel()
    model.set_fields([FormField("a", BOX), FormField("b", BOX)])
    assert not model.setData(model.index(1, NAME), " A ")
    assert not model.setData(model.index(1, NAME), "")
    assert model.setData(model.index(1, NAME), "total  sum")
    assert model.setData(model.index(1, TYPE), "integer 1..31")
    assert not model.setData(model.index(1, READ), "7")
    assert model.fields[1] == FormField("total sum", BOX, "integer 1..31")


def test_a_trial_is_shown_until_a_field_changes(qtbot: QtBot) -> None:
    model = FieldModel()
    model.set_fields([FormField("number", BOX), FormField("total", BOX)])
    model.set_reading(reading())
    shown = [model.data(model.index(row, READ)) for row in (0, 1)]
    assert shown == ["42", "7 ?"]
    assert model.data(model.index(1, READ), Qt.ItemDataRole.ForegroundRole) is not None
    assert model.data(model.index(1, READ), Qt.ItemDataRole.ToolTipRole) == "Two lines."
    model.remove(0)
    assert model.data(model.index(0, READ)) == ""


def test_a_type_can_be_chosen_or_typed(qtbot: QtBot) -> None:
    model, parent = FieldModel(), QWidget()
    qtbot.addWidget(parent)
    model.set_fields([FormField("a", BOX, "date")])
    delegate, index = TypeDelegate(), model.index(0, TYPE)
    editor = delegate.createEditor(parent, QStyleOptionViewItem(), index)
    assert isinstance(editor, QComboBox)
    delegate.setEditorData(editor, index)
    assert editor.currentText() == "date"
    editor.setEditText("999-99")
    delegate.setModelData(editor, model, index)
    assert model.fields[0].type == "999-99"
