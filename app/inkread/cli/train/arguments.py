"""The arguments of ``inkread train``. Light: every start imports it."""

from __future__ import annotations

import argparse
import math

DESCRIPTION = "train a network: a new one, or one that is there already"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``inkread train``."""
    command.add_argument(
        "--data",
        action="append",
        metavar="SOURCE",
        help='"starter" (the default), "mnist" (fetched on demand), or a path: NPZ, IDX, CSV, '
        "InkML or a folder; may be given several times",
    )
    command.add_argument(
        "--recipe",
        metavar="FILE",
        help="make a model from a TOML recipe such as models/digits.toml, which settles all the "
        "rest; --data is the folder of its files then",
    )
    start = command.add_mutually_exclusive_group()
    start.add_argument(
        "--architecture", metavar="NAME", help="network to make: a preset's name, or a TOML file"
    )
    start.add_argument(
        "--from",
        dest="start",
        metavar="MODEL",
        help='model to train on: one of the library, "current", "shipped", or an ONNX file',
    )
    command.add_argument("--epochs", type=_count, metavar="N", help="passes over the data")
    command.add_argument("--batch", type=_count, metavar="N", help="samples in a step")
    command.add_argument("--learning-rate", type=_rate, metavar="R", help="the highest rate")
    command.add_argument(
        "--augment",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="bend, turn and shift what is learned at random (the default), or not",
    )
    command.add_argument(
        "--seed", type=_seed, default=0, metavar="N", help="same seed, same weights; default 0"
    )
    command.add_argument("--name", help="what to call the model")
    command.add_argument(
        "--out", metavar="FILE", help="write the model to this file, not into the library"
    )
    command.add_argument("--json", action="store_true", help="write the report as JSON")
    command.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from inkread.cli.train import from_recipe as making
    from inkread.cli.train import run as training  # only if needed: the training engine

    return making.run(args) if args.recipe else training.run(args)


def _count(text: str) -> int:
    return _whole(text, 1)


def _seed(text: str) -> int:
    return _whole(text, 0)


def _whole(text: str, least: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from {least} up")
    return number


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0 < rate < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return rate
