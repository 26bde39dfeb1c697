"""The TOML file that says how a model is made: its data, what is made of them, and the network.

`models/digits.toml` is the one that made the model that ships, and explains each key.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.ml.architecture.toml_options import Options, Wrong
from inkread.ml.training.augment import Augmentation

T = TypeVar("T")
DIGITS = tuple("0123456789")


class RecipeWrong(InkreadError):
    template = QT_TRANSLATE_NOOP("errors", "{name}: {place} {reason}; correct the recipe.")


@dataclass(frozen=True, slots=True)
class StrokeWish:
    """Digits as strokes: the file, whose, and how many cells of each sample and form."""

    file: str
    folds: tuple[int, ...]
    as_ink: int = 4
    as_page: int = 1
    hooked_ones: int = 0
    crossed_sevens: int = 0


@dataclass(frozen=True, slots=True)
class LetterWish:
    """Letters that are no digits: the file, whose, which not, and how many of each at most."""

    file: str
    folds: tuple[int, ...]
    leave_out: str = ""
    each: int = 500


@dataclass(frozen=True, slots=True)
class OtherWish:
    """How much else is no digit, and how much it counts beside a digit."""

    pairs: int = 0
    half_fours: int = 0
    scribbles: int = 0
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class ChoiceWish:
    """Digits to choose by: the file, whose, and which share of them may be refused."""

    file: str
    folds: tuple[int, ...]
    refused: float = 0.01


@dataclass(frozen=True, slots=True)
class TeacherWish:
    """How many networks are trained first, for how long, and how much their answers count; and
    the files of further ones, in the folder `teachers` beside the recipe.
    """

    count: int = 0
    epochs: int = 0
    share: float = 0.7
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelRecipe:
    """How a model is made.

    Attributes
    ----------
    title, licence : str
        For people.
    network : str
        Name of a preset, which says how to train it, too.
    seed : int
        Of all that is random.
    epochs, batch : int
        Passes over the data, cells in a step.
    rate : float
        The highest learning rate.
    cells : str
        File of cells to learn.
    strokes, letters, others, choice
        See their classes.
    augment : Augmentation
    calm_epochs : int
        Passes at the end in which cells are changed less.
    calm : float
        How much less: a factor of all strengths.
    labels : tuple of str
    teachers : TeacherWish
        None, unless the recipe asks for some.
    """

    title: str
    licence: str
    network: str
    seed: int
    epochs: int
    batch: int
    rate: float
    cells: str
    strokes: StrokeWish
    letters: LetterWish
    others: OtherWish
    choice: ChoiceWish
    augment: Augmentation
    calm_epochs: int = 0
    calm: float = 1.0
    labels: tuple[str, ...] = DIGITS
    teachers: TeacherWish = TeacherWish()


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
        options = Options(tomllib.loads(data.decode("utf-8")))
        cells = _section(options, "cells")
        recipe = ModelRecipe(
            title=options.text("title"),
            licence=options.text("licence", ""),
            network=options.text("network"),
            seed=options.whole("seed", 0, least=0),
            epochs=options.whole("epochs", least=1),
            batch=options.whole("batch", least=1),
            rate=options.number("rate", above=0),
            cells=_file(cells),
            strokes=_wish(options, "strokes", StrokeWish),
            letters=_wish(options, "letters", LetterWish),
            others=_wish(options, "others", OtherWish),
            choice=_wish(options, "choice", ChoiceWish),
            augment=_wish(options, "augment", Augmentation),
            calm_epochs=options.whole("calm_epochs", 0, least=0),
            calm=options.number("calm", 1.0, least=0),
            teachers=_teachers(options),
        )
        cells.done()
        options.done()
    except Wrong as wrong:
        raise RecipeWrong(name=name, place=wrong.place, reason=str(wrong)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        reason = f"is not TOML ({str(error).rstrip('.')})"
        raise RecipeWrong(name=name, place="the file", reason=reason) from error
    return recipe


def _teachers(options: Options) -> TeacherWish:
    if not options.has("teachers"):
        return TeacherWish()
    wish = _wish(options, "teachers", TeacherWish)
    if not wish.count and not wish.also:
        raise Wrong("must have a count of at least 1, or files under also", "[teachers]")
    if wish.share > 1 or (wish.count and wish.epochs < 1):
        raise Wrong("must have a share up to 1, and epochs from 1 up for its count", "[teachers]")
    return wish


def _section(options: Options, key: str) -> Options:
    return Options(options.table(key))


def _file(options: Options) -> str:
    """A file's name: the data are in one folder, and a recipe does not lead out of it."""
    return _plain_name("file", options.text("file"))


def _plain_name(key: str, name: str) -> str:
    if not name or name != name.replace("\\", "/").rsplit("/", 1)[-1] or name.startswith("."):
        raise Wrong(f"{key} must be a name without a folder, not {name!r}")
    return name


def _plain_names(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or any(not isinstance(name, str) for name in value):
        raise Wrong(f"{key} must be a list of names, not {value!r}")
    return tuple(_plain_name(key, name) for name in value)


def _wish(options: Options, key: str, kind: type[T]) -> T:
    """A table whose keys are the fields of a class."""
    inner = _section(options, key)
    try:
        given = {field.name: _value(inner, field) for field in fields(kind)}  # type: ignore[arg-type]
        inner.done()
        return kind(**given)
    except Wrong as wrong:
        raise Wrong(str(wrong), f"[{key}]") from None
    except ValueError as error:
        raise Wrong(str(error), f"[{key}]") from None


def _value(options: Options, field: Any) -> Any:
    """A value by the type of its field, or the field's default."""
    if field.name == "file":
        return _file(options)
    if field.name == "folds":
        return _folds(options.get("folds"))
    if isinstance(field.default, tuple):
        return _plain_names(field.name, options.get(field.name, []))
    if isinstance(field.default, str):
        return options.text(field.name, field.default)
    if isinstance(field.default, int):
        return options.whole(field.name, field.default, least=0)
    return options.number(field.name, field.default, least=0)


def _folds(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not value or any(type(v) is not int for v in value):
        raise Wrong(f"folds must be a list of whole numbers, not {value!r}")
    return tuple(value)
