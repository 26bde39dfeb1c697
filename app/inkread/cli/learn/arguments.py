"""The arguments of ``inkread learn``. Light: every start imports it."""

from __future__ import annotations

import argparse

DESCRIPTION = "learn a hand from samples, and keep the result if nothing is forgotten"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``inkread learn``."""
    command.add_argument(
        "--samples",
        metavar="PATH",
        help="labelled InkML, or a folder of pictures for each class; "
        "without it, the samples that the program keeps",
    )
    command.add_argument(
        "--from",
        dest="start",
        default="current",
        metavar="MODEL",
        help='model to go on with: one of the library, "current" (the default), "shipped", '
        "or an ONNX file",
    )
    command.add_argument(
        "--out", metavar="FILE", help="write the model to this file, not into the library"
    )
    command.add_argument("--json", action="store_true", help="write the report as JSON")
    command.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from inkread.cli.learn import run as learning  # only if needed: the training engine

    return learning.run(args)
