from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from inkread.ui.widgets.formatting import percent


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0.0 %"),
        (1e-9, "< 0.1 %"),
        (0.0006, "0.1 %"),
        (0.5, "50.0 %"),
        (0.96849, "96.8 %"),
        (0.9999, "> 99.9 %"),
        (1.0, "100.0 %"),
    ],
)
def test_only_what_is_certain_is_called_so(share: float, text: str) -> None:
    assert percent(share) == text


def test_numbers_are_written_as_the_language_does() -> None:
    QLocale.setDefault(QLocale("de"))
    assert percent(0.125) == "12,5 %"
