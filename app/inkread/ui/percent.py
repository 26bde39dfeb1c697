"""Percentages as people write them in their language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale


def percent(share: float) -> str:
    """0 to 1 -> such as "96.8 %"; only what is certain is called 100 % or 0 %."""
    translate = QCoreApplication.translate
    value = 100 * share
    if 0 < value < 0.05:
        pattern, value = translate("percent", "< {number} %"), 0.1
    elif 99.95 <= value < 100:
        pattern, value = translate("percent", "> {number} %"), 99.9
    else:
        pattern = translate("percent", "{number} %")
    return pattern.format(number=QLocale().toString(value, "f", 1))
