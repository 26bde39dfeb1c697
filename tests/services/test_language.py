from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QLocale

from inkread.services.language import Language

TS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="{language}"><context><name>Test</name>
<message><source>Open</source><translation>{open}</translation></message>
<message numerus="yes"><source>%n digit(s)</source><translation>
<numerusform>%n {one}</numerusform><numerusform>%n {many}</numerusform></translation></message>
</context></TS>
"""


def release(folder: Path, language: str, **words: str) -> None:
    source = folder / f"{language}.ts"
    source.write_text(TS.format(language=language, **words), encoding="utf-8")
    lrelease = Path(PySide6.__file__).parent / "lrelease"
    target = folder / f"inkread_{language}.qm"
    subprocess.run([lrelease, "-silent", source, "-qm", target], check=True)


@pytest.fixture
def language(qapp: QCoreApplication, tmp_path: Path) -> Iterator[Language]:
    release(tmp_path, "de", open="Öffnen", one="Ziffer", many="Ziffern")
    language = Language(tmp_path)
    yield language
    language.use("C")


def translated(source: str, count: int = -1) -> str:
    return QCoreApplication.translate("Test", source, None, count)


def test_a_translation_is_found_by_the_locale_and_knows_plurals(language: Language) -> None:
    assert language.available() == ("de",)
    assert language.use("de_AT")
    assert translated("Open") == "Öffnen"
    assert translated("%n digit(s)", 1) == "1 Ziffer"
    assert translated("%n digit(s)", 3) == "3 Ziffern"


def test_without_a_translation_the_text_stays_english(language: Language) -> None:
    assert language.use("de")
    assert not language.use("fr")
    assert translated("Open") == "Open"


def test_the_default_is_the_systems_locale(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("de_CH"))
    assert language.use()


def test_no_folder_is_no_error(qapp: QCoreApplication, tmp_path: Path) -> None:
    language = Language(tmp_path / "none")
    assert language.available() == ()
    assert not language.use("de")
