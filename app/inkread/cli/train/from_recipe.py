"""``inkread train --recipe``: a model made from a recipe, after its teachers if it has any."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import ClassVar

from inkread.cli.common.library import gate_of
from inkread.cli.common.load_data import shown
from inkread.cli.common.save_model import library_checked
from inkread.cli.common.streams import report
from inkread.cli.train import lines_from_recipe
from inkread.cli.train.run import DONE, train, trained
from inkread.core.errors import InkreadError, ModelUnusable
from inkread.core.files import MEGABYTE, read_file, write_file
from inkread.data.paths import bundled
from inkread.ml.architecture.description import Architecture, parse_architecture
from inkread.ml.architecture.presets import preset_path
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.gate import Gate
from inkread.ml.retraining.preparation import Prepared
from inkread.ml.synthesis.lines.recipe_file import is_line_recipe
from inkread.ml.synthesis.mixture import Mixture, mix
from inkread.ml.synthesis.model_recipe import (
    calibrate,
    is_teacher,
    prepare_from_recipe,
    prepare_teacher,
)
from inkread.ml.synthesis.recipe_file import ModelRecipe, parse_recipe
from inkread.ml.training.progress import TrainedModel


class RecipeIncomplete(InkreadError):
    template: ClassVar[str] = (
        "--recipe {recipe}: {reason}; give --data FOLDER with the files that it names, "
        "perhaps --out, and nothing else."
    )


class TeacherStopped(InkreadError):
    template: ClassVar[str] = (
        "Teacher {number} of {count} is not trained to its end; give the same command again, "
        "the teachers that are finished are used again."
    )


def run(args: argparse.Namespace) -> int:
    """Make a model from a recipe; returns the exit status as ``training.run`` does.

    Raises
    ------
    InkreadError
        If the arguments or the data cannot be used, or a teacher was stopped.
    """
    library = library_checked(args.out, args.home)
    _check_beside_recipe(args)
    data = read_file(args.recipe, MEGABYTE)
    if is_line_recipe(data, args.recipe):
        if not args.out:
            raise RecipeIncomplete(recipe=args.recipe, reason="a line network needs --out")
        return lines_from_recipe.run(args, data)
    recipe = parse_recipe(data, args.recipe)
    if recipe.teachers.count and not args.out:
        raise RecipeIncomplete(recipe=args.recipe, reason="its teachers are kept beside --out")
    # Opened first: a missing one must show now, not after hours.
    gate = gate_of(library)
    also = _further_teachers(recipe, Path(args.recipe).parent, gate)
    path = preset_path(recipe.network, bundled("models/architectures"))
    architecture = parse_architecture(read_file(path, MEGABYTE), recipe.network)
    mixture = shown(mix(recipe, Path(args.data[0])))

    def finished(model: TrainedModel) -> TrainedModel:
        return calibrate(model, mixture.validation, recipe.choice.refused)

    teachers = [*_teachers(recipe, mixture, architecture, args.out, gate), *also]
    prepared = prepare_from_recipe(recipe, mixture, architecture, teachers)
    return trained(args, library, prepared, finished)


def _further_teachers(recipe: ModelRecipe, beside: Path, gate: Gate) -> list[OnnxClassifier]:
    """The teachers that exist before the recipe is run."""
    paths = (beside / "teachers" / name for name in recipe.teachers.also)
    return [gate.open_file(path) for path in paths]


def _teachers(
    recipe: ModelRecipe, mixture: Mixture, architecture: Architecture, out: str, gate: Gate
) -> list[OnnxClassifier]:
    """The teachers from the files beside `out`; trains the missing ones."""
    found = []
    for number in range(1, recipe.teachers.count + 1):
        prepared = prepare_teacher(recipe, mixture, architecture, number)
        path = Path(out).with_suffix(f".teacher-{number}.onnx")
        teacher = _teacher(path, prepared, gate)
        if teacher is None:
            report(f"training teacher {number} of {recipe.teachers.count}.")
            trainer = prepared.trainer()
            if train(trainer) != DONE or trainer.best is None:
                raise TeacherStopped(number=number, count=recipe.teachers.count)
            write_file(path, trainer.best.data)
            teacher = OnnxClassifier(trainer.best.data, path.name)
        found.append(teacher)
    return found


def _teacher(path: Path, prepared: Prepared, gate: Gate) -> OnnxClassifier | None:
    """The teacher from an earlier, stopped run of the same recipe, if there is one."""
    if not path.is_file():
        return None
    try:
        found = gate.open_file(path)
    except ModelUnusable:
        return None
    return found if is_teacher(found, prepared) else None


def _check_beside_recipe(args: argparse.Namespace) -> None:
    settled = {
        "--architecture": args.architecture,
        "--from": args.start,
        "--epochs": args.epochs,
        "--batch": args.batch,
        "--learning-rate": args.learning_rate,
        "--seed": args.seed,
        "--no-augment": not args.augment,
    }
    reason = ""
    if len(args.data or ()) != 1 or not Path(args.data[0]).is_dir():
        reason = "its data are not given as one folder"
    for option, value in settled.items():
        if value:
            reason = f"it settles {option} itself"
    if reason:
        raise RecipeIncomplete(recipe=args.recipe, reason=reason)
