from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from inkread.data.models import tried as tried_module
from inkread.data.models.library import Card, ModelLibrary
from inkread.data.models.tried import TriedModels
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


def test_the_oldest_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tried_module, "MAX_REMEMBERED", 3)
    for number in range(5):
        record(tmp_path).note(bytes([number]), 2**number)
    later = record(tmp_path)
    assert [later.max_batch(bytes([n])) for n in range(5)] == [None, None, 4, 8, 16]


def test_a_record_that_comes_from_another_computer_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of somebody else may hold a bad model, and say that it has passed."""
    with monkeypatch.context() as theirs:
        theirs.setattr(tried_module, "_computer", lambda: b"theirs")
        record(tmp_path).note(b"bad", 0)
    assert record(tmp_path).max_batch(b"bad") is None
    record(tmp_path).note(b"good", 64)
    assert [record(tmp_path).max_batch(each) for each in (b"bad", b"good")] == [None, 64]


def test_a_record_that_was_changed_counts_for_nothing(tmp_path: Path) -> None:
    record(tmp_path).note(b"model", 64)
    path = tmp_path / "data" / "tried-models"
    path.write_bytes(path.read_bytes().replace(b" 64 ", b" 0 "))
    assert record(tmp_path).max_batch(b"model") is None
    path.write_bytes(f"{tried_module.RULES} {hashlib.sha256(b'bad').hexdigest()} 0\n".encode())
    assert record(tmp_path).max_batch(b"bad") is None


def test_a_computer_without_an_id_has_one_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "machine-id"
    empty.write_bytes(b"\n")
    monkeypatch.setattr(tried_module, "_ID_FILES", (str(tmp_path / "none"), str(empty)))
    tried_module._computer.cache_clear()
    try:
        assert tried_module._computer().isdigit()
    finally:
        tried_module._computer.cache_clear()


def test_the_library_notes_what_was_trained_but_not_what_was_imported(tmp_path: Path) -> None:
    library = ModelLibrary.of(home(tmp_path))
    library.keep(b"trained", Card("Trained", "trained"))
    library.keep(b"imported", Card("Imported", "imported"))
    tried = ModelLibrary.of(home(tmp_path)).tried
    assert tried.max_batch(b"trained") == 0
    assert tried.max_batch(b"imported") is None
