from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from inkread.data.file_lock import locked
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
