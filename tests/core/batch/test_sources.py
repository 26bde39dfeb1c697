from __future__ import annotations

import os
from pathlib import Path

import pytest

from inkread.core.batch.sources import Source, expand
from inkread.core.errors import FileNotAllowed, FileUnusable, FolderEmpty


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.PNG", "a.jpg", "ink.inkml", "notes.txt", ".hidden.png", "no_suffix"):
        (tmp_path / name).write_bytes(b"")
    for name in ("sub/c.tif", "sub/deeper/d.webp", ".git/e.png", "sub/readme.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    return tmp_path


def names(sources: list[Source], folder: Path) -> list[str]:
    return [Path(source.name).relative_to(folder).as_posix() for source in sources]


def test_files_stay_as_they_are_named_and_in_order() -> None:
    paths = ["z.png", "-", "./a.txt", "missing", "z.png", "bad\0name"]
    assert expand(paths, recursive=False) == [Source(path) for path in paths]


def test_a_folder_gives_the_pictures_directly_in_it(tree: Path) -> None:
    found = expand([str(tree)], recursive=False)
    assert names(found, tree) == ["a.jpg", "b.PNG", "ink.inkml"]
    assert all(source.error is None for source in found)


def test_recursion_goes_into_every_visible_folder(tree: Path) -> None:
    found = expand([str(tree)], recursive=True)
    expected = ["a.jpg", "b.PNG", "ink.inkml", "sub/c.tif", "sub/deeper/d.webp"]
    assert names(found, tree) == expected


def test_a_folder_without_pictures_is_an_error(tree: Path) -> None:
    for folder, recursive in ((tree / "folder.png", True), (tree / ".git" / "..", False)):
        (tree / "a.jpg").unlink(missing_ok=True)
        (tree / "b.PNG").unlink(missing_ok=True)
        (tree / "ink.inkml").unlink(missing_ok=True)
        (source,) = expand([str(folder)], recursive)
        assert source.name == str(folder)
        assert isinstance(source.error, FolderEmpty)
        assert str(folder) in str(source.error)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(13, "Permission denied"), FileNotAllowed),
        (OSError(5, "Input/output error"), FileUnusable),
    ],
)
def test_a_folder_that_cannot_be_listed_is_an_error(
    error: OSError, expected: type, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        error.filename = path
        raise error

    monkeypatch.setattr(os, "scandir", refuse)  # root may list every folder
    (source,) = expand([str(tree)], recursive=True)
    assert isinstance(source.error, expected)
    assert source.name == str(tree)


def test_links_to_nowhere_are_reported_and_pipes_left_alone(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no such files on this system")
    (tmp_path / "link.png").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.png")
    assert names(expand([str(tmp_path)], recursive=False), tmp_path) == ["link.png"]


def test_a_folder_linked_into_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert names(expand([str(tmp_path)], recursive=True), tmp_path) == ["a.png"]
