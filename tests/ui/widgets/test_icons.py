from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from inkread.ui.widgets.icons import PATHS, icon, pixmap
from inkread.ui.widgets.theme import palette


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("ratio", [1.0, 2.5])
def test_each_icon_is_drawn_within_its_grid(qapp: QApplication, name: str, ratio: float) -> None:
    image = pixmap(name, QColor("red"), 24, ratio).toImage()
    assert image.width() == round(24 * ratio)
    side = image.width()
    inked = [(x, y) for x in range(side) for y in range(side) if image.pixelColor(x, y).alpha()]
    assert len(inked) > 2 * side
    assert all(0 < x < side - 1 and 0 < y < side - 1 for x, y in inked)
    assert image.pixelColor(*inked[len(inked) // 2]).red() > 200


def test_redo_is_undo_in_the_mirror(qapp: QApplication) -> None:
    def alphas(name: str, mirrored: bool) -> list[int]:
        image = pixmap(name, QColor("black"), 24, 1.0).toImage()
        columns = range(23, -1, -1) if mirrored else range(24)
        return [image.pixelColor(x, y).alpha() for y in range(24) for x in columns]

    def difference(mirrored: bool) -> int:
        pairs = zip(alphas("undo", mirrored), alphas("redo", False), strict=True)
        return sum(abs(undo - redo) for undo, redo in pairs)

    assert difference(mirrored=True) < 0.1 * difference(mirrored=False)


@pytest.mark.parametrize("dark", [False, True])
def test_icons_take_the_colours_of_the_palette(qapp: QApplication, dark: bool) -> None:
    made = icon("pen", palette(dark), 1.0)
    normal, disabled = (
        made.pixmap(24, mode=mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    strongest = max(
        (normal.pixelColor(x, y) for x in range(24) for y in range(24)), key=QColor.alpha
    )
    assert (strongest.lightness() > 150) == dark
    faded = max(disabled.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
    assert faded < 0.6 * strongest.alpha()
