"""The arguments of ``inkread read``. Light: every start imports it."""

from __future__ import annotations

import argparse

from inkread.core.layout import Layout

DESCRIPTION = "read pictures and InkML files"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``inkread read``."""
    command.add_argument(
        "paths", nargs="+", metavar="PATH", help="picture, InkML file, folder, or - for stdin"
    )
    command.add_argument("-r", "--recursive", action="store_true", help="read subfolders too")
    command.add_argument("--model", metavar="FILE", help="read with this ONNX model")
    command.add_argument(
        "--layout",
        choices=[layout.value for layout in Layout],
        default=Layout.AUTO.value,
        help="take each picture for one digit, one line or a page of lines (default: as it looks)",
    )
    command.add_argument("--out", metavar="FILE", help="write to this file, whole or not at all")
    command.add_argument(
        "--trace", metavar="FOLDER", help="write pictures of each page after each of its stages"
    )
    formats = command.add_mutually_exclusive_group()
    formats.add_argument(
        "--json", dest="format", action="store_const", const="json", help="write JSON"
    )
    formats.add_argument(
        "--csv", dest="format", action="store_const", const="csv", help="write CSV"
    )
    command.add_argument(
        "--raw",
        action="store_true",
        help="with --csv: put no apostrophe before texts that a spreadsheet takes for formulas",
    )
    command.set_defaults(run=_run, format="plain")


def _run(args: argparse.Namespace) -> int:
    if args.raw:
        if args.format != "csv":
            args.command.error("argument --raw: only with argument --csv")
        args.format = "raw csv"
    # only if needed: numpy, OpenCV, onnxruntime
    from inkread.cli.read import run as reading

    return reading.run(args)
