"""MNIST by name, fetched from a server on this machine: good, damaged, interrupted, not there."""

from __future__ import annotations

import gzip
import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from inkread.core import errors
from inkread.ml.datasets import mnist
from inkread.ml.datasets.dataset import Loading, Purpose, Unit
from inkread.ml.datasets.download import RemoteFile, fetch
from inkread.ml.datasets.load import SourcePaths, load, loading
from tests.ml.datasets.data_files import idx_bytes, pictures
from tests.ml.mirror import Mirror, serving

#: As large as it takes to come in several pieces.
BIG = np.random.default_rng(0).bytes(400_000)
SMALL = b"labels"


def remote(name: str, content: bytes) -> RemoteFile:
    return RemoteFile(name, len(content), hashlib.sha256(content).hexdigest())


FILES = (remote("big", BIG), remote("small", SMALL))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with serving({"big": BIG, "small": SMALL}) as mirror:
        yield mirror


def nowhere() -> str:
    """The address of a port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def run(mirrors: list[str], folder: Path) -> list[Loading]:
    return list(fetch(FILES, mirrors, folder, "Digits"))


def assert_fetched(folder: Path) -> None:
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "big": BIG,
        "small": SMALL,
    }


class TestFetch:
    def test_files_come_and_are_kept(self, mirror: Mirror, tmp_path: Path) -> None:
        folder = tmp_path / "new" / "folder"
        run([mirror.url("good")], folder)
        assert_fetched(folder)
        asked = len(mirror.requests)
        run([mirror.url("good")], folder)
        assert len(mirror.requests) == asked == 2

    def test_it_returns_where_they_are(self, mirror: Mirror, tmp_path: Path) -> None:
        steps = fetch(FILES, [mirror.url("good")], tmp_path, "Digits")
        with pytest.raises(StopIteration) as end:
            while True:
                next(steps)
        assert end.value.value == [tmp_path / "big", tmp_path / "small"]

    def test_its_progress(self, mirror: Mirror, tmp_path: Path) -> None:
        steps = run([mirror.url("good")], tmp_path)
        done = [step.done for step in steps]
        assert len(done) > 5
        assert done == sorted(done)
        assert {(step.source, step.total, step.unit) for step in steps} == {
            ("Digits", len(BIG) + len(SMALL), Unit.BYTES)
        }
        assert done[-1] == len(BIG) + len(SMALL)

    def test_what_is_damaged_on_the_disk_is_fetched_again(
        self, mirror: Mirror, tmp_path: Path
    ) -> None:
        run([mirror.url("good")], tmp_path)
        (tmp_path / "big").write_bytes(BIG[:-1] + b"!")
        (tmp_path / "other").write_bytes(b"stays")
        run([mirror.url("good")], tmp_path)
        (tmp_path / "other").unlink()
        assert_fetched(tmp_path)

    @pytest.mark.parametrize("bad", ["broken", "short", "silent", "long", "missing"])
    def test_the_next_mirror_helps(self, bad: str, mirror: Mirror, tmp_path: Path) -> None:
        run([mirror.url(bad), mirror.url("good")], tmp_path)
        assert_fetched(tmp_path)

    @pytest.mark.parametrize("bad", ["short", "silent"])
    def test_it_goes_on_where_the_first_broke_off(
        self, bad: str, mirror: Mirror, tmp_path: Path
    ) -> None:
        run([mirror.url(bad), mirror.url("good")], tmp_path)
        first, second, *_ = mirror.requests
        assert first == (f"/{bad}/big", "")
        assert second[0] == "/good/big"
        assert len(BIG) // 4 < int(second[1].removeprefix("bytes=").removesuffix("-"))
        assert_fetched(tmp_path)

    def test_a_mirror_without_ranges_begins_again(self, mirror: Mirror, tmp_path: Path) -> None:
        run([mirror.url("short"), mirror.url("whole")], tmp_path)
        assert_fetched(tmp_path)

    def test_the_first_half_may_be_the_damaged_one(self, mirror: Mirror, tmp_path: Path) -> None:
        steps = fetch(FILES[:1], [mirror.url("silent"), mirror.url("good")], tmp_path, "Digits")
        next(steps)
        (part,) = tmp_path.glob(".*.part")
        part.write_bytes(bytes(part.stat().st_size))
        list(steps)
        assert [path for path, _ in mirror.requests] == ["/silent/big", "/good/big", "/good/big"]
        assert [bool(wanted) for _, wanted in mirror.requests] == [False, True, False]
        assert (tmp_path / "big").read_bytes() == BIG

    @pytest.mark.parametrize(
        ("bad", "says"),
        [
            ("broken", "what it sends is damaged"),
            ("short", "it broke off"),
            ("silent", "it broke off"),
            ("long", "it sends too much"),
            ("missing", "it answers 404"),
        ],
    )
    def test_if_no_mirror_helps_it_says_why(
        self, bad: str, says: str, mirror: Mirror, tmp_path: Path
    ) -> None:
        with pytest.raises(errors.DownloadFailed, match=says) as caught:
            run([mirror.url(bad)], tmp_path)
        assert str(caught.value).startswith("Digits: it could not be fetched (127.0.0.1: ")
        assert list(tmp_path.iterdir()) == []

    def test_without_a_network(self, tmp_path: Path) -> None:
        with pytest.raises(errors.DownloadFailed, match="there is no connection to it") as caught:
            run([nowhere(), nowhere()], tmp_path)
        assert str(caught.value).count("no connection") == 2
        assert list(tmp_path.iterdir()) == []

    def test_without_a_network_what_is_there_is_enough(
        self, mirror: Mirror, tmp_path: Path
    ) -> None:
        run([mirror.url("good")], tmp_path)
        run([nowhere()], tmp_path)
        assert_fetched(tmp_path)

    def test_stopping_leaves_nothing_half_done(self, mirror: Mirror, tmp_path: Path) -> None:
        steps = fetch(FILES, [mirror.url("good")], tmp_path, "Digits")
        next(steps)
        assert list(tmp_path.iterdir())
        steps.close()
        assert list(tmp_path.iterdir()) == []

    def test_a_disk_that_refuses(self, mirror: Mirror, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(errors.SaveFailed, match="cache"):
            run([mirror.url("good")], tmp_path / "file" / "cache")

    def test_it_says_nothing_by_itself(
        self, mirror: Mirror, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        run([mirror.url("short"), mirror.url("good")], tmp_path)
        assert capfd.readouterr() == ("", "")


class TestMnist:
    @pytest.fixture
    def small_mnist(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
        """Four files of the real names, of few digits."""
        contents: dict[str, bytes] = {}
        for purpose, count in ((Purpose.TRAINING, 20), (Purpose.EVALUATION, 10)):
            labels = np.arange(count, dtype=np.uint8) % 10
            values = (pictures(count), labels)
            names = [file.name for file in mnist.FILES[purpose]]
            made = {n: gzip.compress(idx_bytes(v)) for n, v in zip(names, values, strict=True)}
            files = tuple(remote(name, content) for name, content in made.items())
            monkeypatch.setitem(mnist.FILES, purpose, files)
            contents |= made
        return contents

    def test_each_purpose_has_its_part(self, small_mnist: dict[str, bytes], tmp_path: Path) -> None:
        with serving(small_mnist) as mirror:
            paths = SourcePaths(tmp_path / "none", tmp_path, (mirror.url("good"),))
            training = load(["mnist"], paths)
            assert len(mirror.requests) == 2
            evaluation = load(["mnist"], paths, Purpose.EVALUATION)
        assert (len(training), len(evaluation)) == (20, 10)
        assert training.labels == tuple("0123456789")
        assert training.sources == ("MNIST",)
        np.testing.assert_array_equal(training.cells, pictures(20))

    def test_a_path_in_front_makes_it_a_file(self, tmp_path: Path) -> None:
        with pytest.raises(errors.FileMissing):
            load([str(tmp_path / "mnist")])

    def test_its_progress_tells_of_bytes_then_samples(
        self, small_mnist: dict[str, bytes], tmp_path: Path
    ) -> None:
        with serving(small_mnist) as mirror:
            paths = SourcePaths(tmp_path / "none", tmp_path, (mirror.url("good"),))
            units = [step.unit for step in loading(["mnist"], paths)]
        assert units[0] is Unit.BYTES
        assert units[-1] is Unit.SAMPLES

    def test_its_mirrors_are_encrypted_and_end_in_a_slash(self) -> None:
        assert len(mnist.MIRRORS) > 1
        assert all(url.startswith("https://") and url.endswith("/") for url in mnist.MIRRORS)

    def test_nobody_said_where_to_keep_it(self) -> None:
        with pytest.raises(ValueError, match="no path was given for mnist"):
            load(["mnist"])
