from __future__ import annotations

from pathlib import Path

import pytest

from inkread.core.errors import FileMissing, ModelUnusable
from inkread.ml.inference import model_file
from inkread.ml.inference.model_file import check_size, read_model


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"model")
    assert read_model(path) == b"model"
    with pytest.raises(FileMissing):
        read_model(tmp_path / "none.onnx")


def test_a_limit_holds_for_files_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, "MAX_MODEL_BYTES", 1_000_000)
    path = tmp_path / "m.onnx"
    path.write_bytes(bytes(1_000_001))
    with pytest.raises(ModelUnusable, match="more than 1 MB"):
        read_model(path)
    with pytest.raises(ModelUnusable, match="more than 1 MB"):
        check_size(bytes(1_000_001), "m")
    check_size(bytes(1_000_000), "m")
