from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from inkread.core import errors, files


def open_descriptors() -> int:
    """How many files this process has open, as far as the system tells."""
    folder = Path("/dev/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def only_file(folder: Path) -> str:
    (found,) = folder.iterdir()
    return found.name


def test_the_bytes_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"\x00ink\r\n")
    assert files.read_file(path, limit=6) == b"\x00ink\r\n"


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(1_000_001))
    with pytest.raises(errors.FileTooLarge, match=r"a\.bin: .* 1 MB"):
        files.read_file(path, limit=1_000_000)


@pytest.mark.parametrize("name", ["none", "none/deeper", "nul\0name"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(errors.FileMissing, match=r"none|nul"):
        files.read_file(tmp_path / name, limit=10)


def test_no_name_is_no_file() -> None:
    with pytest.raises(errors.FileMissing):
        files.read_file("", limit=10)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"")
    with pytest.raises(errors.FileMissing):
        files.read_file(tmp_path / "a.bin" / "b", limit=10)


def test_a_stream_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"ink")
    with files.open_file(path) as stream:
        assert stream.read(2) == b"in"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("none", errors.FileMissing), (".", errors.FileIsFolder), ("nul\0", errors.FileMissing)],
)
def test_what_cannot_be_opened_is_refused_before_it_is_read(
    name: str, kind: type[errors.InkreadError], tmp_path: Path
) -> None:
    with pytest.raises(kind):
        files.open_file(tmp_path / name)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(errors.FileIsFolder):
        files.read_file(tmp_path, limit=10)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.bin"
    path.write_bytes(b"")
    monkeypatch.setattr(os, "open", refuse)  # root may read everything, so it is asked for
    with pytest.raises(errors.FileNotAllowed, match=r"a\.bin"):
        files.read_file(path, limit=10)


def test_any_other_refusal_tells_the_systems_reason(tmp_path: Path) -> None:
    with pytest.raises(errors.FileUnusable, match="too long"):
        files.read_file(tmp_path / ("a" * 5000), limit=10)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    files.write_file(path, b"old")
    with files.replacing(path) as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert only_file(tmp_path) == "a.txt"


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_failure_half_way_keeps_the_old_file(
    failure: type[BaseException], tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    files.write_file(path, b"old")
    with pytest.raises(failure), files.replacing(path) as stream:
        stream.write(b"half")
        raise failure
    assert path.read_bytes() == b"old"
    assert only_file(tmp_path) == "a.txt"


def test_an_expected_error_of_the_body_passes(tmp_path: Path) -> None:
    with pytest.raises(errors.FileMissing), files.replacing(tmp_path / "a.txt"):
        raise errors.FileMissing(name="b")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(errors.SaveFailed, match=r"a\.txt: .*No such file"):
        files.write_file(tmp_path / "none" / "a.txt", b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(errors.SaveFailed, match="folder"):
        files.write_file(tmp_path / "folder", b"")
    assert only_file(tmp_path) == "folder"


@pytest.fixture(params=["pipe", "device", "socket", "link"])
def irregular(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Entries of a folder that are neither files nor folders."""
    with TemporaryDirectory(prefix="ink") as folder:  # the path of a socket must be short
        path = Path(folder) / "a.png"
        if request.param == "device":
            path = Path("/dev/zero")
        elif request.param == "socket":
            with socket.socket(socket.AF_UNIX) as end:
                end.bind(str(path))
        else:
            os.mkfifo(path)
        if request.param == "link":
            path = path.with_name("link.png")
            path.symlink_to("a.png")
        yield path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither modes nor /dev/null")
class TestPosix:
    def test_a_new_file_follows_the_umask_and_an_old_one_keeps_its_mode(
        self, tmp_path: Path
    ) -> None:
        path, usual = tmp_path / "a.txt", tmp_path / "usual"
        usual.write_bytes(b"")
        files.write_file(path, b"")
        assert path.stat().st_mode == usual.stat().st_mode
        path.chmod(0o600)
        files.write_file(path, b"x")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(tmp_path / "real")
        files.write_file(tmp_path / "link", b"x")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_bytes() == b"x"

    def test_a_device_is_written_to_and_not_replaced(self) -> None:
        files.write_file(os.devnull, b"x")
        assert stat.S_ISCHR(os.stat(os.devnull).st_mode)  # noqa: PTH116

    def test_a_pipe_in_the_place_of_an_own_file_is_replaced_and_not_waited_for(
        self, tmp_path: Path
    ) -> None:
        """Opening a pipe to write waits for somebody who reads."""
        pipe, link = tmp_path / "pipe", tmp_path / "link"
        os.mkfifo(pipe)
        link.symlink_to(pipe)
        for path in (link, pipe):
            files.write_file(path, b"x", is_own=True)
            assert (path.is_symlink(), path.read_bytes()) == (False, b"x")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "pipe"]

    def test_a_link_to_itself_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(tmp_path / "link")
        with pytest.raises(errors.SaveFailed, match="symbolic links"):
            files.write_file(tmp_path / "link", b"x")

    @pytest.mark.parametrize("read", [files.open_file, lambda path: files.read_file(path, 10)])
    def test_what_is_no_regular_file_is_refused_and_never_opened(
        self,
        read: Callable[[Path], object],
        irregular: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def opened(*_: object) -> int:
            raise AssertionError("it was opened")

        monkeypatch.setattr(os, "open", opened)
        with pytest.raises(errors.FileNotRegular) as refused:
            read(irregular)
        assert str(refused.value).startswith(f"{irregular}: this is a pipe, a device")

    def test_a_file_that_becomes_a_pipe_is_not_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usual, pipe = tmp_path / "usual", tmp_path / "pipe"
        usual.write_bytes(b"")
        os.mkfifo(pipe)
        as_it_was = usual.stat()
        before = open_descriptors()
        with monkeypatch.context() as patched, pytest.raises(errors.FileNotRegular):
            patched.setattr(Path, "stat", lambda _path: as_it_was)
            files.read_file(pipe, limit=10)
        assert open_descriptors() == before

    def test_a_link_to_a_file_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "real").write_bytes(b"ink")
        (tmp_path / "link").symlink_to(tmp_path / "real")
        assert files.read_file(tmp_path / "link", limit=10) == b"ink"


def test_a_file_in_a_folder_that_may_not_be_entered_is_not_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched, pytest.raises(errors.FileNotAllowed):
        patched.setattr(Path, "stat", refuse)
        files.read_file("private/seven.png", 1000)
