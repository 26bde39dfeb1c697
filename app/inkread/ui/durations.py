"""Durations as people say them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def duration(seconds: float) -> str:
    """Such as "40 s", "3 min 20 s" or "1 h 5 min"."""
    translate = QCoreApplication.translate
    minutes, rest = divmod(max(0, round(seconds)), 60)
    if not minutes:
        return translate("durations", "{seconds} s").format(seconds=rest)
    if minutes < 60:
        pattern = translate("durations", "{minutes} min {seconds} s")
        return pattern.format(minutes=minutes, seconds=rest)
    hours, minutes = divmod(minutes, 60)
    return translate("durations", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)
