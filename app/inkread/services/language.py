"""Translations of the program's texts: `inkread_<locale>.qm` files in a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

PREFIX = "inkread_"


class Language:
    """Installs the translation of a locale; without one the texts stay English."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._translator: QTranslator | None = None

    def available(self) -> tuple[str, ...]:
        """Names of the locales with a translation."""
        files = sorted(self._folder.glob(f"{PREFIX}*.qm"))
        return tuple(file.stem.removeprefix(PREFIX) for file in files)

    def use(self, name: str = "") -> bool:
        """Switch to a locale, by default the system's; returns whether it has a translation."""
        if self._translator:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        if not self._folder.is_dir():
            return False
        translator = QTranslator()
        locale = QLocale(name) if name else QLocale.system()
        if not translator.load(locale, PREFIX.removesuffix("_"), "_", str(self._folder)):
            return False
        self._translator = translator
        return QCoreApplication.installTranslator(translator)
