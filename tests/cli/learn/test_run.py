"""``inkread learn`` with a network that takes a moment."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from inkread.cli import main
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing, write_inkml
from inkread.data.models.library import Card, ModelLibrary
from inkread.data.paths import home
from inkread.data.samples.sample import sample_from_ink
from inkread.data.samples.store import SampleStore
from inkread.ml.adaptation.examples import Example
from inkread.ml.adaptation.learn import adapt
from inkread.ml.adaptation.verdict import AdaptationProgress, Verdict
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.retraining.run import CurrentModel
from tests.ml.adaptation.hands import crossed, reader

Steps = Generator[AdaptationProgress, None, Verdict]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKREAD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "reader.onnx"
    path.write_bytes(reader())
    return path


def ticks(count: int = 6) -> list[Drawing]:
    inks = [Ink(tuple(Stroke(trace) for trace in crossed(seed))) for seed in range(count)]
    return [Drawing("tick", ink) for ink in inks]


@pytest.fixture
def inkml(tmp_path: Path) -> Path:
    path = tmp_path / "ticks.inkml"
    path.write_bytes(write_inkml(ticks()))
    return path


@pytest.mark.slow
def test_the_report_tells_before_and_after(
    model: Path, inkml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.onnx"
    args = ["learn", "--samples", str(inkml), "--from", str(model), "--out", str(out), "--json"]
    assert main(args) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["samples"] == 6 and report["new_labels"] == ["tick"]
    assert report["own"]["before"] == 0
    assert report["reference"]["count"] == 10_000
    assert report["taken"] == out.exists()
    assert report["taken"] == (report["file"] == str(out))
    if report["taken"]:
        assert OnnxClassifier.open(out).labels[-1] == "tick"
        assert report["reference"]["after"] >= report["reference"]["before"] - 0.001


def test_kept_samples_are_learned_into_the_library_and_used(
    model: Path, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = SampleStore.of(home(own_home))
    store.add_many(sample_from_ink("tick", drawing.ink) for drawing in ticks())
    assert main(["learn", "--from", str(model)]) == 0
    printed = capsys.readouterr().out
    assert "6 samples learned" in printed and "new classes: tick" in printed
    listed = ModelLibrary.of(home(own_home)).models()
    used = next(line for line in listed if line.in_use)
    assert ("in use" in printed) == (used.kept.card.name == "Reader, my hand")
    if used.kept.card.name == "Reader, my hand":
        assert used.kept.card.parents[0].startswith("Reader")
        assert set(used.kept.card.before) == {"own_samples", "reference"}


@pytest.mark.slow
def test_what_came_into_use_meanwhile_stays(
    model: Path,
    own_home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    SampleStore.of(home(own_home)).add_many(sample_from_ink("tick", tick.ink) for tick in ticks())
    library = ModelLibrary.of(home(own_home))
    first = library.keep(reader(), Card(name="Reader", source="trained"))

    def slow(current: CurrentModel, samples: Sequence[Example], reference: Dataset) -> Steps:
        verdict = yield from adapt(current, samples, reference)
        library.keep(model.read_bytes(), Card(name="Chosen", source="trained"))
        assert verdict.is_accepted
        return verdict

    monkeypatch.setattr("inkread.cli.learn.run.adapt", slow)
    assert main(["learn"]) == 0
    printed = capsys.readouterr().out
    assert "Chosen came into use meanwhile and stays; Reader, my hand is kept" in printed
    assert library.current().card.name == "Chosen"
    assert library.find("Reader, my hand").card.parents[0] == first.card.lineage[0]
    assert main(["learn", "--from", "Chosen"]) == 0  # of a model that was asked for, by name
    assert library.current().card.name == "Chosen, my hand"


@pytest.mark.slow
def test_what_is_good_enough_but_cannot_be_kept_is_reported(
    model: Path,
    inkml: Path,
    own_home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (own_home / "data").mkdir(parents=True)
    (own_home / "data" / "models").write_text("in the way")
    args = ["learn", "--from", str(model), "--samples", str(inkml)]
    assert main(args) == 1
    assert capsys.readouterr().out == ""  # nobody waits for it
    monkeypatch.setattr(ModelLibrary, "check_changeable", lambda _: None)
    status = main([*args, "--json"])
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report["reason"] == "better"
    assert (status, report["taken"], report["in_use"]) == (1, False, False)
    assert report["file"] is None
    assert "the model library could not be changed" in err
    main(args)
    assert "not taken: it is good enough, but could not be kept" in capsys.readouterr().out


def test_without_samples_it_says_so(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "--from", str(model)]) == 2
    assert "(0 of at least 3)" in capsys.readouterr().err


def test_two_are_too_few_as_in_the_window(
    model: Path, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    SampleStore.of(home(own_home)).add_many(sample_from_ink("tick", tick.ink) for tick in ticks(2))
    assert main(["learn", "--from", str(model), "--json"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "too few samples to learn from (2 of at least 3)" in err


def test_a_path_that_is_not_there_is_reported(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["learn", "--from", str(model), "--samples", "nowhere.inkml"]) == 2
    assert "nowhere.inkml" in capsys.readouterr().err
