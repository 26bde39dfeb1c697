"""Localised percentages and durations."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale


def percent(share: float) -> str:
    """0 to 1 -> such as "96.8 %"; only exact values become 100 % or 0 %."""
    translate = QCoreApplication.translate
    value = 100 * share
    if 0 < value < 0.05:
        pattern, value = translate("percent", "< {number} %"), 0.1
    elif 99.95 <= value < 100:
        pattern, value = translate("percent", "> {number} %"), 99.9
    else:
        pattern = translate("percent", "{number} %")
    return pattern.format(number=QLocale().toString(value, "f", 1))


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
