"""Histories of pictures by their content."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.core.correction.edits import Edit
from inkread.data.correction_files import CorrectionFolder
from inkread.services.corrections import PictureCorrections
from inkread.ui.history.picture_histories import PictureHistories
from tests.services.manual import ManualExecutor


@pytest.fixture
def pictures(qapp: object, tmp_path: Path) -> PictureHistories:
    return PictureHistories(
        PictureCorrections(lambda: CorrectionFolder(tmp_path), ManualExecutor())
    )


def test_the_same_content_has_the_same_history(pictures: PictureHistories) -> None:
    one, other = pictures.history("a"), pictures.history("b")
    assert pictures.history("a") is one
    assert pictures.known("b") is other
    assert pictures.known("c") is None


def test_what_would_not_be_known_again_has_a_history_of_its_own(pictures: PictureHistories) -> None:
    one, other = pictures.history(""), pictures.history("")
    assert one is not other
    one.correct((Edit(()),), None)
    assert other.edits == ()


def test_the_ones_shown_longest_ago_are_forgotten_but_for_their_edits(
    pictures: PictureHistories,
) -> None:
    kept, forgotten = pictures.history("0"), pictures.history("1")
    edits = (Edit(()),)
    forgotten.correct(edits, None)
    for number in range(2, 101):
        pictures.history("0")
        pictures.history(str(number))
    assert pictures.known("0") is kept
    assert pictures.known("1") is None
    again = pictures.history("1")
    assert again is not forgotten
    assert again.edits == edits
