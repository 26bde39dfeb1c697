from __future__ import annotations

from pathlib import Path

import pytest

from inkread.data.models import tried as tried_module
from inkread.data.models.library import Card, ModelLibrary
from inkread.data.models.tried import MAX_REMEMBERED, TriedModels
from inkread.data.paths import home


def record(folder: Path) -> TriedModels:
    shipped = folder / "shipped.onnx"
    shipped.write_bytes(b"shipped")
    return TriedModels(folder / "data" / "tried-models", shipped)


def test_what_was_tried_is_remembered_by_content(tmp_path: Path) -> None:
    record(tmp_path).note(b"model", 64)
    later = record(tmp_path)
    assert later.max_batch(b"model") == 64
    assert later.max_batch(b"another") is None


def test_models_of_the_program_itself_need_no_trial(tmp_path: Path) -> None:
    tried = record(tmp_path)
    assert tried.max_batch(b"shipped") == 0
    assert tried.max_batch(b"changed") is None
    tried.note_made(b"trained")
    assert record(tmp_path).max_batch(b"trained") == 0


def test_a_missing_shipped_model_is_no_error(tmp_path: Path) -> None:
    assert TriedModels(tmp_path / "tried", tmp_path / "none").max_batch(b"model") is None


def test_what_was_tried_by_other_rules_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(tmp_path).note(b"model", 64)
    monkeypatch.setattr(tried_module, "RULES", tried_module.RULES + 1)
    assert record(tmp_path).max_batch(b"model") is None


@pytest.mark.parametrize("damage", [b"", b"\xff\x00", b"2 zz 256\n", b"2 " + b"0" * 64 + b" -1\n"])
def test_a_damaged_record_remembers_nothing_and_is_written_anew(
    tmp_path: Path, damage: bytes
) -> None:
    record(tmp_path).note(b"model", 64)
    (tmp_path / "data" / "tried-models").write_bytes(damage)
    assert record(tmp_path).max_batch(b"model") is None
    record(tmp_path).note(b"model", 32)
    assert record(tmp_path).max_batch(b"model") == 32


def test_what_cannot_be_written_is_remembered_for_now(tmp_path: Path) -> None:
    tried = record(tmp_path)
    (tmp_path / "data").write_bytes(b"no folder")
    tried.note(b"model", 64)
    assert tried.max_batch(b"model") == 64
    assert record(tmp_path).max_batch(b"model") is None


def test_the_oldest_are_forgotten(tmp_path: Path) -> None:
    tried = record(tmp_path)
    path = tmp_path / "data" / "tried-models"
    path.parent.mkdir()
    path.write_text("".join(f"{tried_module.RULES} {i:064x} 1\n" for i in range(MAX_REMEMBERED)))
    tried.note(b"model", 64)
    lines = path.read_text().splitlines()
    assert len(lines) == MAX_REMEMBERED
    assert lines[0] == f"{tried_module.RULES} {1:064x} 1"


def test_the_library_notes_what_was_trained_but_not_what_was_imported(tmp_path: Path) -> None:
    library = ModelLibrary.of(home(tmp_path))
    library.keep(b"trained", Card("Trained", "trained"))
    library.keep(b"imported", Card("Imported", "imported"))
    tried = ModelLibrary.of(home(tmp_path)).tried
    assert tried.max_batch(b"trained") == 0
    assert tried.max_batch(b"imported") is None
