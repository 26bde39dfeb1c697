"""From a recipe and files to a model: the whole way, with a little of everything."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from inkread.cli import main
from inkread.core.generators import finished
from inkread.core.reading import Cells
from inkread.data.paths import bundled
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.inference.calibration import best_temperature
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.synthesis.mixture import mix
from inkread.ml.synthesis.model_recipe import prepare_from_recipe
from inkread.ml.synthesis.recipe_file import ModelRecipe, RecipeWrong, TeacherOptions, parse_recipe
from tests.written import write

pytestmark = pytest.mark.slow

NETWORK = """
input = [28, 28]
layers = [
    { type = "conv", channels = 8, kernel = 5 },
    { type = "batch_norm" },
    { type = "relu" },
    { type = "max_pool" },
    { type = "dense", units = "classes" },
]
"""
RECIPE = """
title = "Little digits"
licence = "ours"
network = "NETWORK"
seed = 5
epochs = 6
batch = 32
rate = 0.02
calm_epochs = 1
calm = 0.5
[cells]
file = "cells.npz"
[strokes]
file = "digits.json.gz"
folds = [2, 3]
as_ink = 4
as_page = 1
hooked_ones = 5
crossed_sevens = 6
[letters]
file = "letters.json"
folds = [2]
leave_out = "O"
each = 3
[others]
pairs = 10
half_fours = 4
scribbles = 8
[choice]
file = "digits.json.gz"
folds = [1]
refused = 0.1
[augment]
shear = 0.1
"""
STEM = [[[5, 0], [5, 50], [4, 100]]]


def _digit(label: str, fold: int, seed: int) -> dict[str, object]:
    strokes = [stroke.points.tolist() for stroke in write(label, seed=seed).strokes]
    return {"label": label, "writer": "w", "fold": fold, "suspect": False, "strokes": strokes}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    cells = rng.integers(0, 256, (20, 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "cells.npz", x_train=cells, y_train=np.arange(20) % 10)
    digits = [
        _digit(label, fold, 10 * fold + repeat)
        for label in "0123456789"
        for fold in (1, 2, 3)
        for repeat in range(2)
    ]
    digits.append({"label": "1", "fold": 2, "strokes": STEM})
    (tmp_path / "digits.json.gz").write_bytes(
        gzip.compress(json.dumps({"samples": digits}).encode())
    )
    letters = [{"label": label, "fold": 2, "strokes": STEM} for label in "OAAAAAB" for _ in "12"]
    (tmp_path / "letters.json").write_text(json.dumps({"samples": letters}))
    (tmp_path / "little.toml").write_text(NETWORK)
    text = RECIPE.replace("NETWORK", str(tmp_path / "little.toml"))
    (tmp_path / "recipe.toml").write_text(text)
    return tmp_path


def _recipe(folder: Path) -> ModelRecipe:
    return parse_recipe((folder / "recipe.toml").read_bytes(), "recipe.toml")


def test_the_mixture_holds_what_the_recipe_asks_for(folder: Path) -> None:
    mixture = finished(mix(_recipe(folder), folder))
    assert mixture.validation.counts.tolist() == [2] * 10
    counts = mixture.digits.counts
    # 2 cells, 4 samples of each digit (and a stem) 4 times as ink and at most once as a page.
    assert all(2 + 16 <= counts[i] <= 2 + 20 for i in (0, 2, 3, 4, 5, 6, 8, 9))
    assert 2 + 20 <= counts[1] <= 2 + 25 + 5
    assert 2 + 16 + 3 <= counts[7] <= 2 + 20 + 6
    assert 3 + 2 + 4 + 8 <= len(mixture.non_digits) <= 3 + 2 + 10 + 4 + 8
    assert mixture.digits.labels == tuple("0123456789")


def test_the_same_recipe_mixes_the_same(folder: Path) -> None:
    first, second = (finished(mix(_recipe(folder), folder)) for _ in range(2))
    assert first.digits.cells.tobytes() == second.digits.cells.tobytes()
    assert first.non_digits.tobytes() == second.non_digits.tobytes()


def test_one_command_makes_a_model_that_knows_its_limits(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "made.onnx"
    arguments = ["train", "--recipe", str(folder / "recipe.toml"), "--data", str(folder)]
    assert main(["--home", str(folder / "home"), *arguments, "--out", str(out)]) == 0
    assert "the last epoch, 6:" in capsys.readouterr().out.splitlines()[-2]
    classifier = OnnxClassifier.open(out)
    info = classifier.info
    assert (info.name, info.licence) == ("Little digits", "ours")
    assert info.data == ("cells.npz", "digits.json.gz", "letters.json")
    assert classifier.is_calibrated
    assert 0 <= info.scores["calibration_error"] <= 1
    threshold = classifier.rejection_threshold
    assert threshold is not None
    choice = finished(mix(_recipe(folder), folder)).validation
    cells = choice.cells[:, np.newaxis].astype(np.float32) / np.float32(255)
    refused = classifier.probabilities(cells).max(axis=1) < threshold
    assert 0 < refused.sum() <= 0.1 * len(choice)
    assert info.temperature == best_temperature(classifier.logits(cells), choice.targets)
    assert _first_kernels(out) == (8, 1, 5 + 2, 5 + 2)


def _first_kernels(path: Path) -> tuple[int, ...]:
    graph = onnx.load(path).graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    return tuple(weights[graph.node[0].input[1]].dims)


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        (["--data", "another"], "its data are not given as one folder"),
        (["--epochs", "3"], "it settles --epochs itself"),
        (["--architecture", "inkread"], "it settles --architecture itself"),
        (["--no-augment"], "it settles --no-augment itself"),
    ],
)
def test_a_recipe_settles_the_rest(
    folder: Path, extra: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "--recipe", str(folder / "recipe.toml"), "--data", str(folder), *extra]
    assert main(["--home", str(folder / "home"), *arguments]) != 0
    assert sentence in capsys.readouterr().err


def test_a_missing_file_is_reported_by_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "letters.json").unlink()
    arguments = ["train", "--recipe", str(folder / "recipe.toml"), "--data", str(folder)]
    assert main(["--home", str(folder / "home"), *arguments]) != 0
    assert "letters.json: there is no such file" in capsys.readouterr().err


def _with_teachers(folder: Path) -> list[str]:
    recipe = folder / "recipe.toml"
    recipe.write_text(recipe.read_text() + "[teachers]\ncount = 2\nepochs = 2\nshare = 0.5\n")
    arguments = ["train", "--recipe", str(recipe), "--data", str(folder)]
    return ["--home", str(folder / "home"), *arguments, "--out", str(folder / "made.onnx")]


def test_teachers_are_trained_first_and_used_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _with_teachers(folder)
    assert main(command) == 0
    assert "training teacher 2 of 2." in capsys.readouterr().err
    first, second = (
        OnnxClassifier.open(folder / f"made.teacher-{number}.onnx") for number in (1, 2)
    )
    assert first.info.name == "Little digits, teacher 1"
    assert first.checksum != second.checksum
    made = OnnxClassifier.open(folder / "made.onnx")
    assert made.info.recipe["teachers"] == 2
    assert main(command) == 0
    assert "training teacher" not in capsys.readouterr().err
    assert OnnxClassifier.open(folder / "made.onnx").checksum == made.checksum


def test_a_teacher_of_another_recipe_is_trained_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _with_teachers(folder)
    assert main(command) == 0
    teacher = folder / "made.teacher-1.onnx"
    made = teacher.read_bytes()
    teacher.write_bytes((folder / "made.teacher-2.onnx").read_bytes())
    (folder / "made.teacher-2.onnx").write_bytes(b"no model")
    capsys.readouterr()
    assert main(command) == 0
    assert "training teacher 1 of 2." in capsys.readouterr().err
    assert teacher.read_bytes() == made


def test_a_model_that_is_there_already_teaches_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _with_teachers(folder)
    recipe = folder / "recipe.toml"
    recipe.write_text(recipe.read_text() + 'also = ["older.onnx"]\n')
    assert main(command) != 0
    assert "older.onnx" in capsys.readouterr().err
    (folder / "teachers").mkdir()
    (folder / "teachers" / "older.onnx").write_bytes(bundled("models/digits.onnx").read_bytes())
    assert main(command) == 0
    assert OnnxClassifier.open(folder / "made.onnx").info.recipe["teachers"] == 3


def test_a_student_learns_what_its_teacher_says(folder: Path) -> None:
    recipe, mixture = _recipe(folder), finished(mix(_recipe(folder), folder))
    architecture = parse_architecture((folder / "little.toml").read_bytes(), "little")
    options = TeacherOptions(count=1, epochs=1, share=1.0)
    teachers = (_AllThrees(),)
    recipe = replace(recipe, teachers=options)
    prepared = prepare_from_recipe(recipe, mixture, architecture, teachers)  # type: ignore[arg-type]
    trainer = prepared.trainer(threads=1)
    for _ in trainer.run():
        pass
    assert trainer.best is not None
    student = OnnxClassifier(trainer.best.data, "student")
    cells = mixture.validation.cells[:, np.newaxis].astype(np.float32) / np.float32(255)
    assert (student.probabilities(cells).argmax(axis=1) == 3).mean() > 0.9


class _AllThrees:
    """A teacher that classifies everything as 3."""

    def probabilities(self, cells: Cells) -> Cells:
        return np.tile(np.eye(10, dtype=np.float32)[3], (len(cells), 1))


@pytest.mark.parametrize(
    "wrong", ["count = 0\nepochs = 2", "also = []", "count = 1", "share = 2.0\nalso = ['a.onnx']"]
)
def test_teachers_that_cannot_be_are_refused(folder: Path, wrong: str) -> None:
    text = RECIPE + f"[teachers]\n{wrong}\n"
    with pytest.raises(RecipeWrong, match=r"\[teachers\] must have a"):
        parse_recipe(text.encode(), "recipe.toml")


@pytest.mark.parametrize("names", ['["../digits.onnx"]', '"digits.onnx"', "[1]"])
def test_names_of_teachers_that_lead_elsewhere_are_refused(names: str) -> None:
    text = RECIPE + f"[teachers]\nalso = {names}\n"
    with pytest.raises(RecipeWrong, match=r"\[teachers\] also must be a"):
        parse_recipe(text.encode(), "recipe.toml")
