"""The TOML file of a line network: its data, the lines made of them, and how it is trained.

`models/lines.toml` is the one that made the model that ships, and explains each key.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from inkread.ml.architecture.toml_options import Wrong, read_toml
from inkread.ml.synthesis.recipe_file import RecipeWrong, section

KIND = "lines"


@dataclass(frozen=True, slots=True)
class StrokeData:
    """Strokes to learn: the file, the folds of writers, the labels left out (characters), and the
    places in the file, from 0, of samples left out.
    """

    file: str
    folds: tuple[int, ...]
    leave_out: str = ""
    skip: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CellData:
    """Cells of digits to learn: the file."""

    file: str


@dataclass(frozen=True, slots=True)
class ChequeData:
    """Amounts on cheques.

    Attributes
    ----------
    folder : str
        With ``labels.csv`` and the pictures.
    test : int
        Last ones by name, which neither training nor validation uses.
    held_out : int
        Of the others, evenly spread over their names: for validation.
    """

    folder: str
    test: int = 200
    held_out: int = 100


@dataclass(frozen=True, slots=True)
class Shares:
    """Weights of the kinds of lines; their sum is any.

    Attributes
    ----------
    canvas : float
        Clean ink, drawn as the canvas's lines are.
    page : float
        Strokes on a page: paper, pens, printed lines, cameras.
    cells : float
        Digits of cells side by side, on a page.
    cheques : float
        Amounts on cheques.
    recombined : float
        Digits cut out of cheques, put together to other amounts.
    """

    canvas: float = 0.33
    page: float = 0.29
    cells: float = 0.08
    cheques: float = 0.2
    recombined: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecipe:
    """How a line network is made.

    Attributes
    ----------
    title, licence : str
        For people.
    network : str
        Name of a preset.
    seed : int
        Of everything random.
    lines : int
        Lines to train on in all; none comes twice.
    batch : int
        Lines in a step.
    rate : float
        Maximum learning rate.
    average : float
        Decay of the average of the weights; 0: no average.
    digits, numbers, symbols, letters : StrokeData
        Single digits, whole numbers, signs, and letters, which are other signs.
    cells : CellData
        More digits.
    cheques : ChequeData
    choice : StrokeData
        Numbers for validation.
    shares : Shares
    """

    title: str
    licence: str = ""
    network: str
    seed: int = 0
    lines: int
    batch: int
    rate: float
    average: float = 0.0
    digits: StrokeData
    numbers: StrokeData
    symbols: StrokeData
    letters: StrokeData
    cells: CellData
    cheques: ChequeData
    choice: StrokeData
    shares: Shares = Shares()


def is_line_recipe(data: bytes, name: str) -> bool:
    """Whether a recipe is that of a line network, by its key ``kind``.

    Raises
    ------
    RecipeWrong
        If it is not TOML.
    """
    try:
        return read_toml(data, "the recipe").get("kind", "cells") == KIND
    except Wrong as wrong:
        raise RecipeWrong(name=name, place=wrong.place, reason=str(wrong)) from None


def parse_line_recipe(data: bytes, name: str) -> LineRecipe:
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
        options.choice("kind", (KIND,))
        recipe = options.fill(
            LineRecipe,
            title=options.text("title"),
            network=options.text("network"),
            lines=options.whole("lines", minimum=1),
            batch=options.whole("batch", minimum=1),
            rate=options.number("rate", above=0),
            average=options.number("average", 0.0, minimum=0, below=1),
            digits=section(options, "digits", StrokeData),
            numbers=section(options, "numbers", StrokeData),
            symbols=section(options, "symbols", StrokeData),
            letters=section(options, "letters", StrokeData),
            cells=section(options, "cells", CellData),
            cheques=section(options, "cheques", ChequeData),
            choice=section(options, "choice", StrokeData),
            shares=section(options, "shares", Shares) if options.has("shares") else Shares(),
        )
        _check_folds(recipe)
    except Wrong as wrong:
        raise RecipeWrong(name=name, place=wrong.place, reason=str(wrong)) from None
    return recipe


def _check_folds(recipe: LineRecipe) -> None:
    """Refuse to learn from the people that the network is chosen by, and lines of no kind."""
    for table in ("digits", "numbers", "symbols", "letters"):
        learned: StrokeData = getattr(recipe, table)
        if shared := set(learned.folds) & set(recipe.choice.folds):
            reason = f"has the fold {min(shared)}, which [choice] keeps for validation"
            raise Wrong(reason, f"[{table}]")
    if not sum(getattr(recipe.shares, field.name) for field in fields(Shares)) > 0:
        raise Wrong("must have a share above 0", "[shares]")
