"""The few colours that canvas and page view need, taken from the palette."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True)
class CanvasColours:
    """Paper and ink follow the theme: dark on light, or light on dark."""

    background: QColor
    ink: QColor
    hint: QColor
    frame: QColor
    surround: QColor
    accent: QColor
    on_accent: QColor
    box: QColor
    warning: QColor
    line: float = 1.0  # px

    @classmethod
    def of(cls, palette: QPalette) -> CanvasColours:
        role = QPalette.ColorRole
        background, ink = palette.color(role.Base), palette.color(role.Text)
        return cls(
            background=background,
            ink=ink,
            hint=_mixed(background, ink, 0.45),
            frame=_mixed(background, ink, 0.22),
            surround=palette.color(role.Window),
            accent=palette.color(role.Highlight),
            on_accent=palette.color(role.HighlightedText),
            box=_mixed(background, ink, 0.50),
            warning=palette.color(role.BrightText),
        )

    def over_pictures(self) -> CanvasColours:
        """Boxes whose line and rim differ as much as can be: one of them shows on any picture."""
        return replace(self, box=_mixed(self.background, self.ink, 0.85), line=1.5)


def _mixed(start: QColor, end: QColor, share: float) -> QColor:
    """The colour `share` (0 to 1) of the way from `start` to `end`."""

    rgb = ((colour.redF(), colour.greenF(), colour.blueF()) for colour in (start, end))
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in zip(*rgb, strict=True)))
