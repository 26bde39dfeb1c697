from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from inkread.data.file_lock import locked, try_to_hold
from tests.data.processes import begun


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "models" / ".lock"


def test_a_thread_waits_until_the_other_lets_go(tmp_path: Path) -> None:
    path, order = tmp_path / "lock", list[str]()

    def second() -> None:
        with locked(path, timeout=60):
            order.append("second")

    thread = threading.Thread(target=second)
    with locked(path, timeout=0):
        thread.start()
        with pytest.raises(BlockingIOError), locked(path, timeout=0.1):
            pytest.fail("it is held")
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_an_error_inside_releases_it(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "lock", timeout=0):
        raise KeyError
    with locked(tmp_path / "lock", timeout=0):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="needs to wait for a pipe")
def test_a_killed_process_releases_it(tmp_path: Path, path: Path) -> None:
    holder = begun("crowd", tmp_path, "hold")
    with pytest.raises(BlockingIOError, match="another Inkread"), locked(path, timeout=0):
        pytest.fail("it is held")
    holder.kill()
    holder.communicate()
    with locked(path, timeout=0):
        pass


def test_what_is_in_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_bytes(b"mine")
    with locked(path, timeout=0):
        pass
    assert path.read_bytes() == b"mine"


def test_a_folder_in_its_place_is_reported(tmp_path: Path) -> None:
    reason = "its lock file cannot be opened: "
    with pytest.raises(OSError, match=reason), locked(tmp_path, timeout=0):
        pytest.fail("there is no such file")


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be deleted there")
def test_a_held_lock_knows_that_its_file_was_deleted_and_leaves_that_of_others(
    tmp_path: Path,
) -> None:
    path = tmp_path / "lock"
    first = try_to_hold(path)
    assert first is not None and first.is_valid
    path.unlink()
    assert not first.is_valid
    second = try_to_hold(path)
    assert second is not None and not first.is_valid
    first.release(is_needed=False)
    assert second.is_valid
    assert try_to_hold(path) is None
