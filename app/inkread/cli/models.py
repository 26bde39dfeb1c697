"""``inkread models``: the library of kept models. Light to import, since every start does."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from inkread.cli.common.library import gate_of, library_of
from inkread.cli.common.printing import write_json, write_lines, write_table
from inkread.core.encoding import decoded
from inkread.core.errors import InkreadError, ModelUnknown

if TYPE_CHECKING:
    from inkread.data.models.library import Kept, ModelEntry, ModelLibrary

DESCRIPTION = "list the models that can be used, choose one, bring models in and take them out"
DONE, FAILED = 0, 1
CURRENT, SHIPPED = "current", "shipped"

#: Performs an action and returns a sentence about it.
Act = Callable[["ModelLibrary", argparse.Namespace], str]


def add_actions(add_command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the actions of ``inkread models``; `add_command` adds a subcommand."""
    command = add_command("list", "show all models with their figures; the one with * is in use")
    command.add_argument("--json", action="store_true", help="write JSON")
    command.set_defaults(run=_list)
    command = add_command("show", "show all that is known of a model, or of the one in use")
    command.add_argument("model", nargs="?", metavar="MODEL", help=_HELP["model"])
    command.add_argument("--json", action="store_true", help="write JSON")
    command.set_defaults(run=_show)
    for action, description, act, arguments in _ACTIONS:
        command = add_command(action, description)
        for argument in arguments:
            name = argument.removesuffix("s")
            several = "+" if name != argument else None
            command.add_argument(
                argument, nargs=several, metavar=name.upper(), help=_HELP[argument]
            )
        command.set_defaults(run=partial(_run, act))


def _run(act: Act, args: argparse.Namespace) -> int:
    write_lines([act(library_of(args.home), args)])
    return DONE


class ModelNotTakenIn(InkreadError):
    template: ClassVar[str] = (
        "{name}: this is a file, not a model of the library; "
        'take it in with "inkread models import" first.'
    )


def _found(library: ModelLibrary, wanted: str) -> Kept:
    if wanted == CURRENT:
        return library.current()
    try:
        return library.find(wanted)
    except ModelUnknown as error:
        if os.path.isfile(wanted):  # noqa: PTH113 - False for bad names
            raise ModelNotTakenIn(name=wanted) from error
        raise


def _named(library: ModelLibrary, wanted: str) -> Kept:
    """As `_found`, but not by a part of its name, because deleting cannot be undone."""
    kept = _found(library, wanted)
    if wanted in (CURRENT, kept.card.name) or kept.id.startswith(wanted.casefold()):
        return kept
    raise ModelUnknown(name=wanted)


def _use(library: ModelLibrary, args: argparse.Namespace) -> str:
    kept = library.use(_found(library, args.model).id, gate_of(library).describe)
    return f"{_called(kept)} is in use now."


def _revert(library: ModelLibrary, _: argparse.Namespace) -> str:
    return f"{_called(library.revert())} is in use again."


def _rename(library: ModelLibrary, args: argparse.Namespace) -> str:
    before = _found(library, args.model)
    after = library.rename(before.id, args.name)
    return f"{_called(before)} is called {after.card.name} now."


def _export(library: ModelLibrary, args: argparse.Namespace) -> str:
    kept = _found(library, args.model)
    library.export(kept.id, args.file)
    return f"{_called(kept)} is written to {args.file}."


def _import(library: ModelLibrary, args: argparse.Namespace) -> str:
    kept = library.import_(args.file, gate_of(library).describe)
    return f'{_called(kept)} is in the library; "inkread models use {kept.id}" reads with it.'


def _delete(library: ModelLibrary, args: argparse.Namespace) -> str:
    chosen = {kept.id: kept for kept in (_named(library, name) for name in args.models)}
    kept_anyway = (SHIPPED, library.current().id)
    for model_id in sorted(chosen, key=lambda one: one not in kept_anyway):  # refused first
        library.delete(model_id)
    are = "is" if len(chosen) == 1 else "are"
    return f"{', '.join(map(_called, chosen.values()))} {are} deleted."


_ACTIONS: Sequence[tuple[str, str, Act, Sequence[str]]] = (
    ("use", "read with this model from now on", _use, ["model"]),
    ("revert", "go back to the model that was in use before", _revert, []),
    ("rename", "give a model another name", _rename, ["model", "name"]),
    ("export", "write a model to an ONNX file", _export, ["model", "file"]),
    ("import", "take any ONNX classifier that fits into the library", _import, ["file"]),
    ("delete", "delete models that are not in use", _delete, ["models"]),
)
_HELP = {
    "model": 'its id, its name, or a part that no other one has; "current" is the one in use, '
    '"shipped" the one that came with the program',
    "models": "its id or how that begins, or its name",
    "name": "what to call it",
    "file": "the ONNX file",
}


def _list(args: argparse.Namespace) -> int:
    """Show all models; 0, or 1 if one of them cannot be used."""
    library = library_of(args.home)
    models = library.models(gate_of(library).describe)
    if args.json:
        write_json([_object(listed) for listed in models])
    else:
        write_table([_row(listed) for listed in models])
    return FAILED if any(listed.problem for listed in models) else DONE


def _show(args: argparse.Namespace) -> int:
    """Show one model; 0, or 1 if it cannot be used."""
    library = library_of(args.home)
    wanted = _found(library, args.model or CURRENT).id
    models = library.models(gate_of(library).describe)
    listed = next(one for one in models if one.kept.id == wanted)
    if args.json:
        write_json(_object(listed))
    else:
        write_table([[name, fact] for name, fact in _facts(listed) if fact])
    return FAILED if listed.problem else DONE


def _facts(listed: ModelEntry) -> Iterator[tuple[str, str]]:
    kept, card = listed.kept, listed.kept.card
    yield "name", card.name
    yield "id", f"{kept.id}{', in use' if listed.in_use else ''}"
    yield "cannot be used", listed.problem
    yield "source", ", ".join(filter(None, [card.source, card.created[:10]]))
    yield from (("figure", figure) for figure in _figures(card.after, card.before))
    yield from (("data", data) for data in card.data)
    plain = {key: fact for key, fact in card.recipe.items() if isinstance(fact, str | int | float)}
    yield "recipe", ", ".join(f"{key.replace('_', ' ')} {fact}" for key, fact in plain.items())
    yield from (("made from", parent) for parent in card.parents)
    yield "file", str(kept.path)
    yield "size", f"{card.size:,} bytes" if card.size else ""
    yield "SHA-256", card.sha256


def _called(kept: Kept) -> str:
    return f"{kept.card.name} ({kept.id})"


def _row(listed: ModelEntry) -> list[str]:
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
    from inkread.data.models.card import is_share  # not before a command needs it

    return f"{100 * figure:.2f} %" if is_share(name, figure) else f"{figure:.4g}"


def _object(listed: ModelEntry) -> dict[str, object]:
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
