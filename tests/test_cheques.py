"""Which cheques `tests.benchmarks.cheques` measures on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.cheques import KEPT, cheques


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """480 cheques, in no order."""
    names = [f"{index:06}.jpg,{index},1:1:5:5" for index in range(480)]
    rows = ["file,digits,boxes x:y:width:height", *names[::2], *names[1::2]]
    (tmp_path / "orand-car").mkdir()
    (tmp_path / "orand-car" / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_the_last_200_by_name_are_for_the_figure(folder: Path) -> None:
    found = cheques(folder)
    assert [cheque.path.name for cheque in found] == [f"{i:06}.jpg" for i in range(280, 480)]
    assert [cheque.digits for cheque in found] == [str(i) for i in range(280, 480)]


def test_each_cheque_is_kept_for_one_purpose(folder: Path) -> None:
    found = {kept: {cheque.path for cheque in cheques(folder, kept)} for kept in KEPT}
    assert {kept: len(own) for kept, own in found.items()} == {
        "test": 200,
        "validation": 100,
        "training": 180,
    }
    assert len(set[Path]().union(*found.values())) == 480


def test_a_limit_takes_the_first(folder: Path) -> None:
    assert [cheque.digits for cheque in cheques(folder, "test", 2)] == ["280", "281"]
