from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from inkread.core.errors import SettingsUnusable
from inkread.services.settings import MAX_RECENT_FILES, Settings

EXAMPLES = {
    "theme": "dark",
    "pen_width": 20.0,
    "language": "de",
    "pipeline_shown": False,
    "offers_learning": False,
    "learned_up_to": 12,
    "last_folder": "/home/ö, ä=1",
    "recent_files": ("one;two.png", "a, b.png"),
    "geometry": b"\x00\xff\x01@Invalid()",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "settings.ini"


def test_a_new_home_has_the_defaults(path: Path) -> None:
    settings = Settings(path)
    for name in EXAMPLES:
        assert getattr(settings, name) == getattr(Settings, name).default
    assert not path.exists()


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_setting_comes_back_after_a_restart(path: Path, name: str) -> None:
    first = Settings(path)
    setattr(first, name, EXAMPLES[name])
    first.save()
    assert getattr(Settings(path), name) == EXAMPLES[name]


@pytest.mark.parametrize("files", [(), ("one.png",), ("",)])
def test_short_lists_come_back_as_tuples(path: Path, files: tuple[str, ...]) -> None:
    first = Settings(path)
    first.recent_files = ("other.png",)
    first.recent_files = files
    first.save()
    assert Settings(path).recent_files in (files, ())


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_change_is_reported_once(path: Path, qtbot: QtBot, name: str) -> None:
    settings = Settings(path)
    emitted: list[object] = []
    getattr(settings, f"{name}_changed").connect(emitted.append)
    setattr(settings, name, EXAMPLES[name])
    setattr(settings, name, EXAMPLES[name])
    assert emitted == [EXAMPLES[name]]


@pytest.mark.parametrize(
    ("key", "stored", "name"),
    [
        ("window/theme", "pink", "theme"),
        ("window/theme", ["dark", "light"], "theme"),
        ("pen/width", "wide", "pen_width"),
        ("pen/width", "nan", "pen_width"),
        ("pen/width", "1e999", "pen_width"),
        ("pen/width", 1000, "pen_width"),
        ("window/pipeline", "perhaps", "pipeline_shown"),
        ("files/last_folder", ["a", "b"], "last_folder"),
        ("window/geometry", "no bytes", "geometry"),
    ],
)
def test_nonsense_counts_as_not_set(path: Path, key: str, stored: object, name: str) -> None:
    file = QSettings(str(path), QSettings.Format.IniFormat)
    file.setValue(key, stored)
    file.sync()
    assert getattr(Settings(path), name) == getattr(Settings, name).default


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"[pen\nwidth=\x00", b"no ini at all"])
def test_a_damaged_file_gives_the_defaults_and_can_be_written(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    settings = Settings(path)
    assert settings.theme == "system"
    settings.theme = "light"
    settings.save()
    assert Settings(path).theme == "light"


def test_values_out_of_range_cannot_be_set(path: Path) -> None:
    settings = Settings(path)
    with pytest.raises(ValueError, match="window/theme"):
        settings.theme = "pink"
    with pytest.raises(ValueError, match="pen/width"):
        settings.pen_width = 0.0


def test_recent_files_are_newest_first_without_doubles(path: Path) -> None:
    settings = Settings(path)
    for number in range(12):
        settings.remember_file(f"/pictures/{number}.png")
    settings.remember_file("/pictures/9.png")
    assert settings.recent_files[:3] == ("/pictures/9.png", "/pictures/11.png", "/pictures/10.png")
    assert len(settings.recent_files) == MAX_RECENT_FILES == len(set(settings.recent_files))
    assert Path(settings.last_folder) == Path("/pictures")


def test_a_file_that_the_settings_cannot_name_is_not_among_the_recent_ones(path: Path) -> None:
    settings = Settings(path)
    settings.remember_file("/pictures/a.png")
    settings.remember_file("/pictures/odd\udcff.png")
    assert settings.recent_files == ("/pictures/a.png",)


def test_files_that_are_gone_can_be_forgotten(path: Path) -> None:
    settings = Settings(path)
    settings.recent_files = ("a", "b", "c")
    settings.forget_files(["b"])
    assert list(settings.recent_files) == ["a", "c"]


#: What another process wrote; in one process all settings of a file are the same.
THEIRS = "[files]\nrecent=/pictures/1.png\n[learning]\nup_to=12\n[window]\ntheme=dark\n"


def test_two_windows_keep_the_recent_files_of_both(path: Path) -> None:
    settings = Settings(path)
    settings.pen_width = 20.0
    settings.save()
    path.write_text(THEIRS, "utf-8")
    settings.remember_file("/pictures/2.png")
    assert settings.recent_files == ("/pictures/2.png", "/pictures/1.png")


def test_what_another_window_saved_is_taken_over_but_for_the_look(path: Path) -> None:
    settings = Settings(path)
    settings.pen_width = 20.0
    settings.save()
    heard: list[object] = []
    for signal in ("learned_up_to", "recent_files", "theme"):
        getattr(settings, f"{signal}_changed").connect(heard.append)
    path.write_text(THEIRS, "utf-8")
    settings.load()
    assert heard == [("/pictures/1.png",), 12]
    settings.load()
    assert len(heard) == 2


def no_file(path: Path, kind: str) -> None:
    path.parent.mkdir()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(os.path.relpath(path))


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes and devices")
@pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "device"])
def test_what_is_no_file_is_told_of_and_stays(
    path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parents[1])  # the name of a socket is short
    no_file(path, kind)
    before = path.lstat()
    settings = Settings(path)
    assert isinstance(settings.problem, SettingsUnusable)
    for name, value in EXAMPLES.items():
        assert getattr(settings, name) == getattr(Settings, name).default
        setattr(settings, name, value)
        assert getattr(settings, name) == value
    settings.remember_file("/a/b.png")
    settings.save()
    settings.load()
    assert settings.recent_files[0] == "/a/b.png"
    now = path.lstat()
    assert (now.st_ino, now.st_mode) == (before.st_ino, before.st_mode)
    assert list(path.parent.iterdir()) == [path]


def test_a_file_has_no_problem(path: Path) -> None:
    assert Settings(path).problem is None
