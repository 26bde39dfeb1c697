from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from inkread.data.paths import bundled
from inkread.ui.widgets.icons import icon, pixmap
from inkread.ui.widgets.theme import palette

NAMES = sorted(path.stem for path in bundled("assets/icons").glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
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
def test_icons_take_the_colours_of_the_palette(
    qapp: QApplication, dark: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = icon("pen")
    monkeypatch.setattr(QGuiApplication, "palette", lambda: palette(dark))
    normal, disabled = (
        made.pixmap(24, mode=mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    strongest = max(
        (normal.pixelColor(x, y) for x in range(24) for y in range(24)), key=QColor.alpha
    )
    assert (strongest.lightness() > 150) == dark
    faded = max(disabled.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
    assert 0 < faded < 0.6 * strongest.alpha()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_an_icon_is_painted_in_the_pixels_of_the_screen(qapp: QApplication, ratio: float) -> None:
    copy = icon("pen").pixmap(QSize(24, 24), ratio)
    assert copy.size() == QSize(24, 24) * ratio and copy.devicePixelRatio() == ratio
    screen = QPixmap(copy.size())
    screen.setDevicePixelRatio(ratio)
    screen.fill(Qt.GlobalColor.transparent)
    with QPainter(screen) as painter:
        QIcon(icon("pen")).paint(painter, 0, 0, 24, 24)
    assert screen.toImage() == copy.toImage()


def test_an_icon_outlives_the_name_that_python_has_for_it(qapp: QApplication) -> None:
    action = QAction()
    action.setIcon(icon("pen"))
    gc.collect()
    assert action.icon().pixmap(24).toImage() == icon("pen").pixmap(24).toImage()
