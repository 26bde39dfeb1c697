"""A folder with the drawings of several windows, living and gone."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from inkread.core.correction.edit_json import edit_to_json
from inkread.core.errors import DrawingsLeft, DrawingsSetAside, SaveFailed
from inkread.core.inkml import Drawing
from inkread.data.canvas_records import Sketch, SketchDrawing
from inkread.data.canvas_recovery import NewerVersion
from inkread.data.canvas_session import SketchFolder, decode_sketches
from inkread.data.ink_codec import ink_to_bytes
from tests.data.processes import begun
from tests.written import write


def sketch(text: str) -> Sketch:
    return Sketch((SketchDrawing(Drawing(text, write(text))),))


def labels(sketches: tuple[Sketch, ...]) -> list[str | None]:
    return [one.drawing.label for each in sketches for one in each.drawings]


def leave(folder: Path, *texts: str) -> Path:
    """What a window that is gone has left."""
    before = set(folder.glob("*.journal"))
    window = SketchFolder(folder)
    window.save([sketch(text) for text in texts])
    window.close()
    (path,) = set(folder.glob("*.journal")) - before
    return path


def found(folder: Path) -> list[str]:
    """What the next window finds; it keeps nothing."""
    window = SketchFolder(folder)
    left = window.load()
    window.close()
    return sorted(map(str, labels(left.sketches)))


def test_what_windows_left_is_taken_over_with_the_next_save(tmp_path: Path) -> None:
    leave(tmp_path, "1")
    leave(tmp_path, "2", "3")
    later = SketchFolder(tmp_path)
    assert sorted(map(str, labels(later.load().sketches))) == ["1", "2", "3"]
    later.save([sketch("4")])
    later.close()
    assert found(tmp_path) == ["4"]
    last = SketchFolder(tmp_path)
    last.load()
    last.save([])
    last.close()
    assert list(tmp_path.iterdir()) == []


def test_what_was_not_among_the_saved_sketches_stays(tmp_path: Path) -> None:
    leave(tmp_path, "1")
    early = SketchFolder(tmp_path)
    early.save([sketch("5")], with_left=False)
    early.load()
    early.save([sketch("5"), sketch("6")], with_left=False)
    early.save([], with_left=False)
    early.save([sketch("7")], with_left=False)
    early.close()
    assert found(tmp_path) == ["1", "7"]


def test_a_living_window_keeps_its_file_and_the_others_are_shared_out(tmp_path: Path) -> None:
    first = SketchFolder(tmp_path)
    first.save([sketch("1")])
    leave(tmp_path, "2")
    second = SketchFolder(tmp_path)
    assert labels(second.load().sketches) == ["2"]
    third = SketchFolder(tmp_path)
    assert third.load().sketches == ()
    third.save([sketch("3")])
    second.save([])
    for window in (first, second, third):
        window.close()
    assert found(tmp_path) == ["1", "3"]


def test_reading_is_given_up_and_nothing_is_lost(tmp_path: Path) -> None:
    leave(tmp_path, "1")
    window = SketchFolder(tmp_path)
    assert window.load(is_given_up=lambda: True).sketches == ()
    window.save([sketch("2")])
    window.close()
    assert found(tmp_path) == ["1", "2"]


def test_what_cannot_be_saved_costs_nothing_that_was(tmp_path: Path) -> None:
    path = leave(tmp_path, "2")
    window = SketchFolder(tmp_path)
    window.load()
    content = path.read_bytes()
    path.unlink()
    path.mkdir()
    with pytest.raises(SaveFailed):
        window.save([sketch("1")])
    path.rmdir()
    path.write_bytes(content)
    window.close()
    assert found(tmp_path) == ["2"]


def test_a_clock_that_was_set_back_costs_nothing(tmp_path: Path) -> None:
    for text, moment in (("1", 4e9), ("2", 0), ("3", 1e9)):
        path = leave(tmp_path, text)
        os.utime(path, (moment, moment))
    assert found(tmp_path) == ["1", "2", "3"]
    window = SketchFolder(tmp_path)
    assert labels(window.load().sketches) == ["2", "3", "1"]
    window.save([sketch("4")])
    window.close()
    assert found(tmp_path) == ["4"]


def test_damaged_files_are_set_aside_under_new_names_and_told_of(tmp_path: Path) -> None:
    for _ in range(2):
        (tmp_path / "canvas.json").write_bytes(b"{")
        window = SketchFolder(tmp_path)
        (notice,) = window.load().notices
        window.close()
        assert isinstance(notice, DrawingsSetAside)
        assert Path(str(notice.facts["kept"])).read_bytes() == b"{"
    assert len(list(tmp_path.glob("*.damaged"))) == 2
    assert not list(tmp_path.glob("*.json"))


def test_of_a_damaged_journal_what_can_be_read_is_back_and_kept(tmp_path: Path) -> None:
    window = SketchFolder(tmp_path)
    window.save([sketch("1")])
    window.save([sketch("2")])
    window.close()
    (path,) = tmp_path.glob("*.journal")
    damaged = bytearray(path.read_bytes())
    damaged[-9] ^= 1
    path.write_bytes(damaged)
    window = SketchFolder(tmp_path)
    left = window.load()
    window.close()
    assert labels(left.sketches) == ["1"]
    (notice,) = left.notices
    assert Path(str(notice.facts["kept"])).read_bytes() == damaged
    window = SketchFolder(tmp_path)
    assert (labels(window.load().sketches), window.load().notices) == (["1"], ())


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs permissions")
def test_a_file_that_may_not_be_opened_comes_back_when_it_may(tmp_path: Path) -> None:
    path = leave(tmp_path, "1")
    path.chmod(0)
    check_left_alone(tmp_path, path)
    path.chmod(0o600)
    assert found(tmp_path) == ["1", "2"]


def test_a_file_that_cannot_be_read_comes_back_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = leave(tmp_path, "1")
    monkeypatch.setattr("inkread.data.canvas_journal.MAX_BYTES", 9)
    check_left_alone(tmp_path, path)
    monkeypatch.undo()
    assert found(tmp_path) == ["1", "2"]


def test_a_lock_that_is_no_file_leaves_its_drawings_alone_and_is_what_the_notice_is_about(
    tmp_path: Path,
) -> None:
    lock = leave(tmp_path, "1").with_suffix(".lock")
    lock.unlink()
    lock.mkdir()
    (notice,) = SketchFolder(tmp_path).load().notices
    assert "its lock file cannot be opened" in str(notice)
    lock.rmdir()
    assert found(tmp_path) == ["1"]


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = leave(tmp_path, "1")
    data = path.read_bytes()
    path.write_bytes(b"INKCANV\4whatever")
    check_left_alone(tmp_path, path)
    path.write_bytes(data)
    assert found(tmp_path) == ["1", "2"]


def check_left_alone(folder: Path, path: Path) -> None:
    before = path.stat()
    window = SketchFolder(folder)
    left = window.load()
    window.save([sketch("2")])
    window.close()
    assert left.sketches == ()
    assert [type(notice) for notice in left.notices] == [DrawingsLeft]
    now = path.stat()
    assert (now.st_ino, now.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_window_that_finds_no_locks_on_its_disk_uses_markers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def flock(_: int, __: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", flock)
    first = SketchFolder(tmp_path)
    first.save([sketch("1")])
    assert found(tmp_path) == []
    first.close()
    assert found(tmp_path) == ["1"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs to wait for a pipe")
def test_the_file_of_a_killed_process_is_taken_over_and_that_of_a_living_one_never(
    tmp_path: Path,
) -> None:
    living, killed = (begun("canvas_crowd", tmp_path, text) for text in "12")
    assert found(tmp_path) == []
    killed.kill()
    killed.communicate()
    window = SketchFolder(tmp_path)
    assert labels(window.load().sketches) == ["2"]
    window.save([])
    living.communicate("")
    assert found(tmp_path) == ["1"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs to wait for a pipe")
def test_windows_that_start_at_the_same_time_share_out_what_was_left(tmp_path: Path) -> None:
    texts = [str(number) for number in range(40)]
    for text in texts:
        leave(tmp_path, text)
    windows = [begun("canvas_crowd", tmp_path, "-", "take") for _ in range(2)]
    for window in windows:
        assert window.stdin is not None
        window.stdin.write("\n")
        window.stdin.flush()
    took = [window.communicate()[0].split() for window in windows]
    assert sorted(took[0] + took[1]) == sorted(texts)
    assert sorted(found(tmp_path)) == sorted(texts)


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be deleted there")
def test_a_window_whose_folder_was_deleted_goes_on_in_a_new_one(tmp_path: Path) -> None:
    window = SketchFolder(tmp_path / "data" / "canvas")
    window.save([sketch("1")])
    shutil.rmtree(tmp_path / "data")
    window.save([sketch("1"), sketch("2")])
    assert found(tmp_path / "data" / "canvas") == []  # its lock holds again
    window.close()
    assert found(tmp_path / "data" / "canvas") == ["1", "2"]


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be deleted there")
def test_windows_whose_locks_were_deleted_overwrite_nothing_of_one_another(tmp_path: Path) -> None:
    first, second = SketchFolder(tmp_path), SketchFolder(tmp_path)
    first.save([sketch("1")])
    delete_locks(tmp_path)
    left = second.load().sketches
    assert labels(left) == ["1"]
    second.save([*left, sketch("2")])
    first.save([sketch("1"), sketch("3")])
    second.save([*left, sketch("2"), sketch("4")])
    delete_locks(tmp_path)
    first.save([sketch("1"), sketch("3"), sketch("5")])
    second.close()
    first.close()
    assert set(found(tmp_path)) >= {"1", "2", "3", "4", "5"}


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be deleted there")
def test_what_another_window_took_over_meanwhile_is_not_deleted(tmp_path: Path) -> None:
    leave(tmp_path, "1")
    first, second = SketchFolder(tmp_path), SketchFolder(tmp_path)
    first.load()
    delete_locks(tmp_path)
    second.save([*second.load().sketches, sketch("2")])
    first.save([])
    assert found(tmp_path) == []  # its lock is there still
    second.close()
    assert found(tmp_path) == ["1", "2"]


def delete_locks(folder: Path) -> None:
    for lock in folder.glob("*.lock"):
        lock.unlink()


def test_what_killed_windows_left_beside_their_files_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / "canvas-1.lock").touch()
    old, new = tmp_path / ".inkread-1.tmp", tmp_path / ".inkread-2.tmp"
    old.touch()
    new.touch()
    os.utime(old, (1, 1))
    leave(tmp_path, "1")
    assert found(tmp_path) == ["1"]
    assert not (tmp_path / "canvas-1.lock").exists()
    assert (old.exists(), new.exists()) == (False, True)


def old_json(**changes: object) -> bytes:
    """A file as the program wrote it before there were journals."""
    one = sketch("2").drawings[0]
    drawing = {
        "label": "2",
        "ink": base64.b64encode(ink_to_bytes(one.drawing.ink)).decode(),
        "edits": [edit_to_json(edit) for edit in one.edits],
    }
    content = {"version": 1, "sketches": [{"current": 0, "sheets": [drawing]}]}
    return json.dumps(content | changes).encode()


def test_files_from_before_there_were_journals_are_taken_over(tmp_path: Path) -> None:
    (tmp_path / "canvas.json").write_bytes(old_json())
    window = SketchFolder(tmp_path)
    assert labels(window.load().sketches) == ["2"]
    assert (tmp_path / "canvas.json").exists()
    window.save([sketch("2")])
    assert not (tmp_path / "canvas.json").exists()
    window.close()
    assert found(tmp_path) == ["2"]


def test_two_files_of_one_name_are_taken_over_at_once(tmp_path: Path) -> None:
    path = leave(tmp_path, "1")
    path.with_suffix(".json").write_bytes(old_json())
    window = SketchFolder(tmp_path)
    left = window.load()
    assert len(left.sketches) == 2
    assert window.load().sketches == ()
    other = SketchFolder(tmp_path)
    window.save(left.sketches)
    assert other.load().sketches == ()
    assert [*tmp_path.glob("canvas*.json"), *tmp_path.glob("*.journal")] == [path]
    window.close()
    assert len(other.load().sketches) == 2


def test_a_json_file_of_a_newer_version_is_known_as_one() -> None:
    with pytest.raises(NewerVersion):
        decode_sketches(old_json(version=2))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[1]",
        b"\xff",
        old_json(version="2"),
        old_json(sketches=[{"current": 1, "sheets": []}]),
        old_json(sketches=[{"current": float("inf"), "sheets": []}]),
        old_json(sketches=[{"current": 0, "sheets": [{"label": 3, "ink": "", "edits": []}]}]),
        old_json(sketches=[{"current": 0, "sheets": [{"label": "3", "ink": "?", "edits": []}]}]),
        old_json(sketches="x"),
        b"[" * 100_000,
    ],
)
def test_whatever_else_there_is_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode_sketches(data)
