"""The arguments of ``inkread evaluate``. Light: every start imports it."""

from __future__ import annotations

import argparse

DESCRIPTION = "measure how well a model reads labelled data"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``inkread evaluate``."""
    command.add_argument(
        "--data",
        action="append",
        required=True,
        metavar="SOURCE",
        help='"mnist" (its test part, fetched on demand), "starter", or a path: NPZ, IDX, CSV, '
        "InkML or a folder; may be given several times",
    )
    command.add_argument("--model", metavar="FILE", help="measure this ONNX model")
    formats = command.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help="write JSON")
    formats.add_argument(
        "--report", metavar="FILE", help="write a page in HTML to this file, with the wrong ones"
    )
    command.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from inkread.cli.evaluate import (
        run as evaluation,  # only if needed: numpy, OpenCV, onnxruntime
    )

    return evaluation.run(args)
