"""``inkread models``: the library of kept models. Light to import, since every start does."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.cli.printing import write_json, write_lines, write_table
from app.cli.streams import tell
from app.core.encoding import decoded
from app.core.errors import LibraryFailed
from app.data.paths import home

if TYPE_CHECKING:
    from app.data.models import Kept, Listed, ModelLibrary
    from app.ml.metadata import ModelInfo

DESCRIPTION = "list the models that can be used, choose one, bring models in and take them out"
DONE, FAILED = 0, 1

#: Does what is wished, and says so in a sentence.
Act = Callable[["ModelLibrary", argparse.Namespace], str]


def add_actions(add_command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add all that ``inkread models`` can do; `add_command` makes a subcommand."""
    command = add_command("list", "show all models with their figures; the one with * is in use")
    command.add_argument("--json", action="store_true", help="write JSON")
    command.set_defaults(run=_list)
    for name, description, act, arguments in _ACTIONS:
        command = add_command(name, description)
        for argument in arguments:
            command.add_argument(argument, metavar=argument.upper(), help=_HELP[argument])
        command.set_defaults(run=partial(_run, act))


def _run(act: Act, wishes: argparse.Namespace) -> int:
    """Do it; 0, or 1 if the library cannot be changed."""
    try:
        sentence = act(_library(wishes), wishes)
    except LibraryFailed as error:
        tell(str(error))
        return FAILED
    write_lines([sentence])
    return DONE


def _use(library: ModelLibrary, wishes: argparse.Namespace) -> str:
    return f"{_called(library.use(library.find(wishes.model).id, describe))} is in use now."


def _revert(library: ModelLibrary, _: argparse.Namespace) -> str:
    return f"{_called(library.revert())} is in use again."


def _rename(library: ModelLibrary, wishes: argparse.Namespace) -> str:
    before = library.find(wishes.model)
    after = library.rename(before.id, wishes.name)
    return f"{_called(before)} is called {after.card.name} now."


def _export(library: ModelLibrary, wishes: argparse.Namespace) -> str:
    kept = library.find(wishes.model)
    library.export(kept.id, wishes.file)
    return f"{_called(kept)} is written to {wishes.file}."


def _import(library: ModelLibrary, wishes: argparse.Namespace) -> str:
    kept = library.import_(wishes.file, describe)
    return f'{_called(kept)} is in the library; "inkread models use {kept.id}" reads with it.'


def _delete(library: ModelLibrary, wishes: argparse.Namespace) -> str:
    kept = library.find(wishes.model)
    library.delete(kept.id)
    return f"{_called(kept)} is deleted."


_ACTIONS: Sequence[tuple[str, str, Act, Sequence[str]]] = (
    ("use", "read with this model from now on", _use, ["model"]),
    ("revert", "go back to the model that was in use before", _revert, []),
    ("rename", "give a model another name", _rename, ["model", "name"]),
    ("export", "write a model to an ONNX file", _export, ["model", "file"]),
    ("import", "take any ONNX classifier that fits into the library", _import, ["file"]),
    ("delete", "delete a model that is not in use", _delete, ["model"]),
)
_HELP = {
    "model": 'its id or how that begins, its name, or "shipped"',
    "name": "what to call it",
    "file": "the ONNX file",
}


def _list(wishes: argparse.Namespace) -> int:
    """Show all models; 0, or 1 if one of them cannot be used."""
    models = _library(wishes).models(describe)
    if wishes.json:
        write_json([_object(listed) for listed in models])
    else:
        write_table([_row(listed) for listed in models])
    return FAILED if any(listed.problem for listed in models) else DONE


def describe(data: bytes, name: str) -> ModelInfo:
    """Try a model, and tell what it says of itself.

    Raises
    ------
    ModelUnusable
        If it does not fit.
    """
    from app.ml.classifier import OnnxClassifier

    return OnnxClassifier(data, name).info


def _library(wishes: argparse.Namespace) -> ModelLibrary:
    from app.data.models import ModelLibrary  # not before a command needs it

    return ModelLibrary.of(home(wishes.home))


def _called(kept: Kept) -> str:
    return f"{kept.card.name} ({kept.id})"


def _row(listed: Listed) -> list[str]:
    kept, card = listed.kept, listed.kept.card
    figures = ", ".join(_figures(card.after, card.before))
    last = f"cannot be used: {listed.problem}" if listed.problem else figures
    mark = "*" if listed.in_use else " "
    return [f"{mark} {kept.id}", card.name, card.created[:10], card.source, last]


def _figures(after: Mapping[str, float], before: Mapping[str, float]) -> Iterator[str]:
    for name, figure in after.items():
        then = f" (before: {_figure(name, before[name])})" if name in before else ""
        yield f"{name.replace('_', ' ')} {_figure(name, figure)}{then}"


def _figure(name: str, figure: float) -> str:
    return f"{100 * figure:.2f} %" if "accuracy" in name else f"{figure:.4g}"


def _object(listed: Listed) -> dict[str, object]:
    card = listed.kept.card
    return {
        "id": listed.kept.id,
        "name": card.name,
        "in_use": listed.in_use,
        "problem": listed.problem or None,
        "source": card.source,
        "created": card.created or None,
        "before": dict(card.before),
        "after": dict(card.after),
        "data": card.data,
        "recipe": dict(card.recipe),
        "parents": card.parents,
        "sha256": card.sha256 or None,
        "size": card.size or None,
        "file": decoded(str(listed.kept.path)),
    }
