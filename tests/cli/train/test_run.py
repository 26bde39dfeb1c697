"""``inkread train``, with data and networks that take a moment."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from inkread.cli import main
from inkread.data.models.library import ModelLibrary
from inkread.data.paths import home
from inkread.ml.datasets.dataset import Dataset, Loader, Loading, Purpose, Unit
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from tests.ml.bars import bars, network
from tests.ml.datasets.data_files import write_idx

Run = Callable[..., tuple[int, str, str]]

TINY = """
input = [8, 8]
layers = [
    { type = "conv", channels = 4, kernel = 3, padding = "same" },
    { type = "relu" },
    { type = "max_pool" },
    { type = "dense", units = "classes" },
]
[training]
epochs = 2
batch = 16
rate = 0.02
"""
PROGRAM = (sys.executable, "-m", "inkread")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKREAD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Bars, upright and lying."""
    return save(bars(200), tmp_path / "bars.npz")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return path


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``inkread train ARGUMENTS``: exit status, standard output and error."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        status = main(["train", *map(str, arguments)])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


def save(dataset: Dataset, path: Path) -> Path:
    labels = np.array(dataset.labels)[dataset.targets]
    np.savez(path, images=dataset.cells, labels=labels)
    return path


def library() -> ModelLibrary:
    return ModelLibrary.of(home())


class TestReport:
    def test_a_model_is_trained_and_kept_but_not_used(
        self, run: Run, data: Path, tiny: Path
    ) -> None:
        status, out, err = run("--data", data, "--architecture", tiny, "--epochs", "8")
        (shipped, ours) = library().models()
        assert status == 0
        assert shipped.in_use
        assert out.splitlines()[0] == "bars.npz: 180 samples of 2 classes learned, 20 held out"
        assert [line.split()[0] for line in out.splitlines()[2:10]] == list("12345678")
        assert "these samples chose the epoch" in out.splitlines()[-3]
        assert f'"inkread models use {ours.kept.id}"' in out.splitlines()[-1]
        assert str(ours.kept.path) in out
        assert [line[:21] for line in err.splitlines()] == [
            f"inkread: epoch {n} of 8" for n in range(1, 9)
        ]
        card = ours.kept.card
        assert (card.source, card.data) == ("trained", ("bars.npz",))
        assert card.recipe["epochs"] == 8
        assert card.after["validation_accuracy"] > 0.8

    def test_as_json(self, run: Run, data: Path, tiny: Path) -> None:
        status, out, _ = run("--data", data, "--architecture", tiny, "--json", "--seed", "3")
        report = json.loads(out)
        (_, ours) = library().models()
        assert status == 0
        assert (report["id"], report["file"]) == (ours.kept.id, str(ours.kept.path))
        assert [epoch["number"] for epoch in report["epochs"]] == [1, 2]
        best = report["epochs"][report["best_epoch"] - 1]
        assert report["accuracy"] == best["validation_accuracy"]
        assert (report["count"], report["samples"], report["stopped"]) == (20, 180, False)
        assert report["labels"] == ["flat", "up"]
        assert report["recipe"]["seed"] == 3

    def test_to_a_file_and_the_model_describes_itself(
        self, run: Run, data: Path, tiny: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "new.onnx"
        arguments = ("--data", data, "--architecture", tiny, "--name", "Bars")
        status, out, _ = run(*arguments, "--out", path)
        assert status == 0
        assert out.splitlines()[-1] == f"the model is in {path}"
        assert len(library().models()) == 1
        info = OnnxClassifier.open(path).info
        assert (info.name, info.labels, info.data) == ("Bars", ("flat", "up"), ("bars.npz",))
        assert info.preprocess_version is not None
        assert 0 <= info.scores["validation_accuracy"] <= 1
        assert info.recipe["epochs"] == 2
        assert info.recipe["batch"] == 16

    def test_without_held_out_samples_it_says_so(
        self, run: Run, tiny: Path, tmp_path: Path
    ) -> None:
        some = bars(20)
        one_of_each = np.unique(some.targets, return_index=True)[1]
        few = save(some.take(one_of_each), tmp_path / "few.npz")
        status, out, _ = run("--data", few, "--architecture", tiny, "--epochs", "2")
        assert status == 0
        assert "kept: epoch 2; too few samples to hold some out and measure it" in out
        assert "held-out samples are right" not in out

    def test_options_win_over_the_description(self, run: Run, data: Path, tiny: Path) -> None:
        options = ("--epochs", "1", "--batch", "30", "--learning-rate", "0.5", "--no-augment")
        _, out, _ = run("--data", data, "--architecture", tiny, "--json", *options)
        recipe = json.loads(out)["recipe"]
        assert [recipe[key] for key in ("epochs", "batch", "rate", "augment")] == [
            1,
            30,
            0.5,
            False,
        ]

    def test_what_cannot_be_used_is_reported(self, run: Run, tiny: Path, tmp_path: Path) -> None:
        good = bars(60)
        cells = good.cells.copy()
        cells[:7] = 0
        path = save(Dataset(cells, good.targets, good.labels), tmp_path / "holes.npz")
        status, out, err = run("--data", path, "--architecture", tiny, "--json")
        assert status == 0
        assert len(json.loads(out)["skipped"]) == 7
        assert err.count("is skipped: it is blank.\n") == 7


class TestSeed:
    def test_the_same_seed_gives_the_same_bytes(
        self, run: Run, data: Path, tiny: Path, tmp_path: Path
    ) -> None:
        files = []
        for number, seed in enumerate((5, 5, 6)):
            files.append(tmp_path / f"{number}.onnx")
            run("--data", data, "--architecture", tiny, "--seed", str(seed), "--out", files[-1])
        first, again, other = (path.read_bytes() for path in files)
        assert first == again
        assert first != other


class TestData:
    def test_several_sources_are_one(
        self, run: Run, data: Path, tiny: Path, tmp_path: Path
    ) -> None:
        more = save(bars(100, seed=4, labels=("up", "other")), tmp_path / "more.npz")
        status, out, _ = run("--data", data, "--data", more, "--architecture", tiny, "--json")
        assert status == 0
        report = json.loads(out)
        assert report["data"] == ["bars.npz", "more.npz"]
        assert report["labels"] == ["flat", "other", "up"]
        assert report["samples"] + report["count"] == 300

    def test_what_two_sources_share_counts_once(
        self, run: Run, data: Path, tiny: Path, tmp_path: Path
    ) -> None:
        again = tmp_path / "again.npz"
        again.write_bytes(data.read_bytes())
        sources = ("--data", data, "--data", again)
        status, out, err = run(*sources, "--architecture", tiny, "--json")
        assert status == 0
        assert "again.npz is skipped: 200 of its samples are in another source too." in err
        report = json.loads(out)
        assert report["samples"] + report["count"] == 200

    def test_mnist_in_a_folder(self, run: Run, tmp_path: Path) -> None:
        rng = np.random.default_rng(0)
        cells = rng.integers(0, 256, (40, 28, 28), dtype=np.uint8)
        write_idx(tmp_path / "mnist", cells, [i % 10 for i in range(40)], gz=True)
        arguments = ("--data", tmp_path / "mnist", "--architecture", "two-layer-50")
        status, out, _ = run(*arguments, "--epochs", "1", "--json")
        assert status == 0
        assert json.loads(out)["labels"] == list("0123456789")

    def test_mnist_by_name_is_cached_in_the_home(
        self, run: Run, tiny: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[tuple[Path, Purpose]] = []

        def read(cache: Path, purpose: Purpose, mirrors: object) -> Loader:
            asked.append((cache, purpose))
            yield Loading("MNIST", 1, 2, Unit.BYTES)
            return Dataset(*_arrays(bars(40)), ("up", "flat"), ("MNIST",))

        monkeypatch.setattr(sys.modules["inkread.ml.datasets.load"], "read_mnist", read)
        status, out, _ = run("--data", "mnist", "--architecture", tiny, "--json")
        assert status == 0
        assert asked == [(own_home / "cache", Purpose.TRAINING)]
        assert json.loads(out)["data"] == ["MNIST"]

    def test_without_data_it_is_the_starter_set(self, run: Run) -> None:
        arguments = ("--architecture", "two-layer-50", "--epochs", "1", "--no-augment")
        status, out, _ = run(*arguments, "--json")
        report = json.loads(out)
        assert status == 0
        assert (report["data"], report["samples"], report["count"]) == (["starter"], 4500, 500)
        assert report["accuracy"] > 0.5

    @pytest.mark.parametrize(
        ("source", "sentence"),
        [("none.npz", "there is no such file"), ("tiny.toml", "these are not labelled pictures")],
    )
    def test_bad_data_are_refused(
        self, run: Run, tiny: Path, tmp_path: Path, source: str, sentence: str
    ) -> None:
        status, out, err = run("--data", tmp_path / source, "--architecture", tiny)
        assert (status, out) == (2, "")
        assert err.startswith(f"inkread: {tmp_path / source}: ")
        assert sentence in err
        assert err.count("\n") == 1

    def test_one_class_is_refused(self, run: Run, tiny: Path, tmp_path: Path) -> None:
        path = save(bars(20, labels=("up",)), tmp_path / "one.npz")
        status, _, err = run("--data", path, "--architecture", tiny)
        assert status == 2
        assert "all samples are of the class up" in err


def _arrays(dataset: Dataset) -> tuple[Any, Any]:
    return dataset.cells, dataset.targets


class TestNetwork:
    def test_a_wrong_description_names_file_layer_and_reason(
        self, run: Run, data: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "wrong.toml"
        path.write_text(TINY.replace("kernel = 3", "kernel = 0"))
        status, out, err = run("--data", data, "--architecture", path)
        assert (status, out) == (2, "")
        assert err.startswith(f"inkread: {path}: layer 1 (conv) kernel must be")

    def test_an_unknown_name_lists_the_known_ones(self, run: Run, data: Path) -> None:
        status, _, err = run("--data", data, "--architecture", "nonesuch")
        assert status == 2
        assert (
            "nonesuch: there is no network description of that name; choose one of inkread," in err
        )

    def test_a_missing_file_is_reported(self, run: Run, data: Path) -> None:
        status, _, err = run("--data", data, "--architecture", "none.toml")
        assert status == 2
        assert err == "inkread: none.toml: there is no such file; check the name and the folder.\n"

    def test_a_divergence_is_reported(self, run: Run, data: Path, tiny: Path) -> None:
        status, out, err = run("--data", data, "--architecture", tiny, "--learning-rate", "1e30")
        assert (status, out) == (1, "")
        assert err.count("\n") == 1
        assert "choose a lower learning rate" in err
        assert len(library().models()) == 1

    def test_a_network_that_learned_nothing_is_reported_and_not_kept(
        self, run: Run, tiny: Path, tmp_path: Path
    ) -> None:
        data, out = save(bars(600), tmp_path / "bars.npz"), tmp_path / "out.onnx"
        rate = ("--learning-rate", "5")
        status, _, err = run("--data", data, "--architecture", tiny, *rate, "--out", out)
        assert status == 1
        assert "choose a lower learning rate" in err.splitlines()[-1]
        assert not out.exists()
        assert len(library().models()) == 1


class TestTrainingOn:
    @pytest.fixture
    def old(self, run: Run, data: Path, tiny: Path) -> str:
        """Id of a model in the library."""
        report = json.loads(run("--data", data, "--architecture", tiny, "--json")[1])
        return str(report["id"])

    def test_a_model_of_the_library(self, run: Run, data: Path, old: str) -> None:
        before = library().find(old)
        status, out, _ = run("--data", data, "--from", old, "--epochs", "3", "--json")
        report = json.loads(out)
        assert status == 0
        assert report["parents"] == [f"tiny, bars.npz (SHA-256 {before.card.sha256[:16]})"]
        assert library().find(report["id"]).card.parents == tuple(report["parents"])
        assert report["epochs"][0]["loss"] < 0.6

    def test_the_one_in_use_by_grandparents(self, run: Run, data: Path, old: str) -> None:
        library().use(old)
        child = json.loads(run("--data", data, "--from", "current", "--json")[1])
        library().use(child["id"])
        report = json.loads(run("--data", data, "--from", "current", "--json")[1])
        assert len(report["parents"]) == 2
        assert report["parents"][1:] == child["parents"]

    def test_somebody_elses_file_and_fewer_classes(self, run: Run, tmp_path: Path) -> None:
        model = network(3)
        onnx.helper.set_model_props(model, ModelInfo(labels=("flat", "x", "up")).to_metadata())
        path = tmp_path / "theirs.onnx"
        path.write_bytes(model.SerializeToString())
        data = save(bars(100), tmp_path / "bars.npz")
        status, out, _ = run("--data", data, "--from", path, "--json")
        report = json.loads(out)
        assert status == 0
        assert report["labels"] == ["flat", "x", "up"]
        assert report["parents"][0].startswith("theirs (SHA-256 ")

    def test_classes_that_it_does_not_know_are_refused(
        self, run: Run, old: str, tmp_path: Path
    ) -> None:
        other = save(bars(40, labels=("up", "odd")), tmp_path / "odd.npz")
        status, _, err = run("--data", other, "--from", old)
        assert status == 2
        assert "odd.npz: the network does not know the classes odd;" in err

    def test_an_unknown_model_is_reported_before_data_are_loaded(self, run: Run) -> None:
        status, _, err = run("--data", "none", "--from", "nonesuch")
        assert status == 2
        assert err.startswith("inkread: nonesuch: no model in the library is called that")


class TestPlace:
    def test_a_folder_that_is_not_there_is_reported_before_training(
        self, run: Run, data: Path, tiny: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "none" / "new.onnx"
        status, out, err = run("--data", data, "--architecture", tiny, "--out", path)
        assert (status, out) == (2, "")
        assert err.startswith(f"inkread: {path}: the file could not be saved")
        assert "epoch" not in err

    def test_what_cannot_be_written_goes_to_the_library(
        self, run: Run, data: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = tmp_path / "place"
        place.mkdir()
        real = ModelLibrary.of

        def of(chosen: Any, describe: Any) -> ModelLibrary:
            (tmp_path / "place").rename(tmp_path / "elsewhere")  # after the place was checked
            return real(chosen, describe)

        monkeypatch.setattr(ModelLibrary, "of", of)
        status, out, err = run("--data", data, "--architecture", tiny, "--out", place / "a.onnx")
        monkeypatch.undo()
        assert status == 1
        assert "could not be saved" in err
        assert '"inkread models use ' in out

    def test_a_library_that_refuses_is_reported(
        self, run: Run, data: Path, tiny: Path, own_home: Path
    ) -> None:
        (own_home / "data").mkdir(parents=True)
        (own_home / "data" / "models").write_text("in the way")
        status, out, err = run("--data", data, "--architecture", tiny)  # nobody waits for it
        assert (status, out) == (1, "")
        assert re.fullmatch(r"inkread: \S+: the model library could not be changed .+\n", err)

    def test_a_library_that_refuses_in_the_end_is_reported(
        self, run: Run, data: Path, tiny: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ModelLibrary, "check_changeable", lambda _: None)
        (own_home / "data").mkdir(parents=True)
        (own_home / "data" / "models").write_text("in the way")
        status, _, err = run("--data", data, "--architecture", tiny)
        assert status == 1
        assert "Traceback" not in err
        assert len(err.splitlines()) == 3


class TestInterrupted:
    """Ctrl-C, as a signal to a real process."""

    @pytest.fixture
    def process(
        self, data: Path, tiny: Path, own_home: Path
    ) -> Generator[subprocess.Popen[str], None, None]:
        arguments = ["--data", str(data), "--architecture", str(tiny), "--epochs", "1000000"]
        env = dict(os.environ) | {"INKREAD_HOME": str(own_home)}
        with subprocess.Popen(
            [*PROGRAM, "train", *arguments, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd=Path(__file__).parents[2],
        ) as process:
            yield process
            process.kill()

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for others")
    def test_the_best_so_far_is_kept(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("inkread: epoch 1 of 1000000")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        assert process.returncode == 130
        assert "inkread: stopped by Ctrl-C.\ninkread: the best model so far, of epoch " in err
        report = json.loads(out)
        assert report["stopped"]
        (_, ours) = library().models()
        assert ours.kept.id == report["id"]
        assert not ours.in_use
        assert OnnxClassifier.open(ours.kept.path).labels == ("flat", "up")

    def test_before_the_first_epoch_there_is_nothing_to_keep(
        self, run: Run, data: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stopped(*_: object) -> None:
            signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr("inkread.cli.train.run._show", stopped)
        monkeypatch.setattr("inkread.ml.training.progress._REPORT_INTERVAL", 0)
        status, out, err = run("--data", data, "--architecture", tiny)
        assert (status, out) == (130, "")
        assert "stopped by Ctrl-C.\ninkread: no epoch came to its end" in err
        assert len(library().models()) == 1

    def test_a_second_one_stops_at_once(
        self, run: Run, data: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stopped_twice(*_: object) -> None:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

        before = signal.getsignal(signal.SIGINT)
        monkeypatch.setattr("inkread.cli.train.run._show", stopped_twice)
        assert run("--data", data, "--architecture", tiny) == (130, "", "")
        assert signal.getsignal(signal.SIGINT) is before


class TestUsage:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["--epochs", "0"],
            ["--epochs", "many"],
            ["--batch", "-1"],
            ["--learning-rate", "0"],
            ["--learning-rate", "nan"],
            ["--seed", "-1"],
            ["--from", "a", "--architecture", "b"],
            ["--data"],
        ],
    )
    def test_what_cannot_be_understood(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["train", *arguments])
        assert ended.value.code == 2
        assert "usage: inkread train" in capsys.readouterr().err

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
    def test_shows_a_bar_on_a_terminal(self, data: Path, tiny: Path) -> None:
        import pty

        ours, theirs = pty.openpty()
        command = [*PROGRAM, "train", "--data", str(data), "--architecture", str(tiny)]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=theirs, check=False, cwd=Path.cwd()
        )
        os.set_blocking(ours, False)  # nothing to read is an error, not a wait
        shown = os.read(ours, 100_000).decode()
        os.close(ours)
        os.close(theirs)
        assert done.returncode == 0
        assert "epoch 2/2: held out " in shown
        assert "% right, loss " in shown
        assert done.stdout.startswith(b"bars.npz: ")
