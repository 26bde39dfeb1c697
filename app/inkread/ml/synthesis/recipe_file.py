"""The TOML file of a model: its data, the cells made of them, and the network.

`models/digits.toml` is the one that made the model that ships, and explains each key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.ml.architecture.toml_options import Options, Wrong, read_toml
from inkread.ml.training.augment import Augmentation

T = TypeVar("T")
DIGITS = tuple("0123456789")


class RecipeWrong(InkreadError):
    template = QT_TRANSLATE_NOOP("errors", "{name}: {place} {reason}; correct the recipe.")


@dataclass(frozen=True, slots=True)
class CellOptions:
    """Cells to learn: the file."""

    file: str


@dataclass(frozen=True, slots=True)
class StrokeOptions:
    """Digits as strokes: the file, the folds of writers, and the cells of each sample by form."""

    file: str
    folds: tuple[int, ...]
    as_ink: int = 4
    as_page: int = 1
    hooked_ones: int = 0
    crossed_sevens: int = 0


@dataclass(frozen=True, slots=True)
class LetterOptions:
    """Letters that are not digits: the file, the folds, those left out, the most of each."""

    file: str
    folds: tuple[int, ...]
    leave_out: str = ""
    each: int = 500


@dataclass(frozen=True, slots=True)
class NonDigitOptions:
    """Counts of other cells that show no digit, and their weight beside a digit's."""

    pairs: int = 0
    half_fours: int = 0
    scribbles: int = 0
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class ValidationOptions:
    """Digits for choosing the threshold: the file, the folds, and the share it may refuse."""

    file: str
    folds: tuple[int, ...]
    refused: float = 0.01


@dataclass(frozen=True, slots=True)
class TeacherOptions:
    """Teachers for distillation: how many to train first, for how long, and the share of their
    answers; `also`: files of further ones in the folder ``teachers`` beside the recipe.
    """

    count: int = 0
    epochs: int = 0
    share: float = 0.7
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecipe:
    """How a model is made.

    Attributes
    ----------
    title, licence : str
        For people.
    network : str
        Name of a preset, which says how to train it, too.
    seed : int
        Of everything random.
    epochs, batch : int
        Passes over the data, cells in a step.
    rate : float
        Maximum learning rate.
    cells : str
        File of cells to learn.
    strokes, letters, others, choice
        See their classes.
    augment : Augmentation
    calm_epochs : int
        Last passes, with weaker augmentation.
    calm : float
        Their factor for all strengths.
    labels : tuple of str
    teachers : TeacherOptions
        Default: none.
    """

    title: str
    licence: str = ""
    network: str
    seed: int = 0
    epochs: int
    batch: int
    rate: float
    cells: str
    strokes: StrokeOptions
    letters: LetterOptions
    others: NonDigitOptions
    choice: ValidationOptions
    augment: Augmentation
    calm_epochs: int = 0
    calm: float = 1.0
    labels: tuple[str, ...] = DIGITS
    teachers: TeacherOptions = TeacherOptions()


def parse_recipe(data: bytes, name: str) -> ModelRecipe:
    """Read a recipe.

    Parameters
    ----------
    data : bytes
        A TOML file.
    name : str
        What error sentences call it.

    Raises
    ------
    RecipeWrong
        With file, table and reason.
    """
    try:
        options = read_toml(data, "the recipe")
        return options.fill(
            ModelRecipe,
            title=options.text("title"),
            network=options.text("network"),
            epochs=options.whole("epochs", minimum=1),
            batch=options.whole("batch", minimum=1),
            rate=options.number("rate", above=0),
            cells=section(options, "cells", CellOptions).file,
            strokes=section(options, "strokes", StrokeOptions),
            letters=section(options, "letters", LetterOptions),
            others=section(options, "others", NonDigitOptions),
            choice=section(options, "choice", ValidationOptions),
            augment=section(options, "augment", Augmentation),
            teachers=_teachers(options),
            labels=DIGITS,
        )
    except Wrong as wrong:
        raise RecipeWrong(name=name, place=wrong.place, reason=str(wrong)) from None


def _teachers(options: Options) -> TeacherOptions:
    if not options.has("teachers"):
        return TeacherOptions()
    teachers = section(options, "teachers", TeacherOptions)
    if not teachers.count and not teachers.also:
        raise Wrong("must have a count of at least 1, or files under also", "[teachers]")
    if teachers.share > 1 or (teachers.count and teachers.epochs < 1):
        raise Wrong("must have a share up to 1, and epochs from 1 up for its count", "[teachers]")
    return teachers


def section(options: Options, key: str, kind: type[T], below_one: Collection[str] = ()) -> T:
    """A table whose keys are the fields of a class; see `Options.fill`."""
    inner = options.table(key)
    readers: dict[str, Callable[[Options], Any]] = {
        "file": _file,
        "folder": _folder,
        "folds": _folds,
        "skip": _skip,
        "also": _also,
    }
    given = {field.name for field in fields(kind)} & readers.keys()  # type: ignore[arg-type]
    return inner.fill(kind, below_one=below_one, **{name: readers[name](inner) for name in given})


def _file(options: Options) -> str:
    """A file's name: the data are in one folder, and a recipe does not lead out of it."""
    return _plain_name(options, "file", options.text("file"))


def _folder(options: Options) -> str:
    return _plain_name(options, "folder", options.text("folder"))


def _also(options: Options) -> tuple[str, ...]:
    names = options.get("also", [])
    if not isinstance(names, list) or any(not isinstance(name, str) for name in names):
        raise options.wrong(f"also must be a list of names, not {names!r}")
    return tuple(_plain_name(options, "also", name) for name in names)


def _plain_name(options: Options, key: str, name: str) -> str:
    if not name or name != name.replace("\\", "/").rsplit("/", 1)[-1] or name.startswith("."):
        raise options.wrong(f"{key} must be a name without a folder, not {name!r}")
    return name


def _folds(options: Options) -> tuple[int, ...]:
    folds = _whole_numbers(options, "folds", None)
    if not folds:
        raise options.wrong("folds must name one at least")
    return folds


def _skip(options: Options) -> tuple[int, ...]:
    return _whole_numbers(options, "skip", [])


def _whole_numbers(options: Options, key: str, default: object) -> tuple[int, ...]:
    value = options.get(key, default)
    if not isinstance(value, list) or any(type(v) is not int for v in value):
        raise options.wrong(f"{key} must be a list of whole numbers, not {value!r}")
    return tuple(value)
