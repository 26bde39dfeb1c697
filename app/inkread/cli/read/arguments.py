"""The arguments of ``inkread read``. Light: every start imports it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

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
    command.add_argument(
        "--type",
        metavar="TYPE",
        help="what stands in each line: integer, decimal, money, date, time, digits, digits:6, "
        "each perhaps with a range such as 'integer 1..31'; a pattern such as 999-99 (9 is a "
        "digit); or 'one of: 12|15|20'",
    )
    command.add_argument("--out", metavar="FILE", help="write to this file, whole or not at all")
    command.add_argument(
        "--trace", metavar="FOLDER", help="write pictures of each page after each of its stages"
    )
    command.add_argument(
        "--pages", metavar="PAGES", help="read these pages of each file, such as 2-5, 1,3 or 4-"
    )
    command.add_argument(
        "--template",
        metavar="FILE",
        help="read the fields of this form template: a row for each page, a column for each field",
    )
    command.add_argument(
        "--region", metavar="X,Y,W,H", help="read only this rectangle of each picture, in px"
    )
    command.add_argument(
        "--rotate", metavar="DEGREES", help="turn each picture to the right first: 90, 180 or 270"
    )
    formats = command.add_mutually_exclusive_group()
    formats.add_argument(
        "--json", dest="format", action="store_const", const="json", help="write JSON"
    )
    formats.add_argument(
        "--csv", dest="format", action="store_const", const="csv", help="write CSV"
    )
    formats.add_argument(
        "--xlsx", metavar="FILE", help="write a workbook, a sheet for each table, to this file"
    )
    command.add_argument(
        "--table",
        type=_number,
        metavar="N",
        help="with --csv or --xlsx of one picture: only this table of it, from 1",
    )
    command.add_argument(
        "--raw",
        action="store_true",
        help="with --csv: put no apostrophe before texts that a spreadsheet takes for formulas",
    )
    command.set_defaults(run=_run, format="plain")


def _is_one(paths: Sequence[str]) -> bool:
    """Whether the paths name one picture, and no folder, even one with a single picture in it."""
    return len(paths) == 1 and not os.path.isdir(paths[0])  # noqa: PTH112 - bad names are False


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
        raise argparse.ArgumentTypeError("a number from 1 is wanted")
    return int(text)


def _run(args: argparse.Namespace) -> int:
    if args.raw:
        if args.format != "csv":
            args.command.error("argument --raw: only with argument --csv")
        args.format = "raw csv"
    args.is_of_one = _is_one(args.paths)
    has_cells = args.xlsx is not None or args.format in {"csv", "raw csv"}
    if args.trace is not None and (args.region is not None or args.rotate is not None):
        args.command.error("argument --trace: not allowed with --region and --rotate")
    if args.table is not None and not has_cells:
        args.command.error("argument --table: only with argument --csv or --xlsx")
    if args.table is not None and not args.is_of_one:
        args.command.error("argument --table: only with one picture")
    if args.xlsx is not None and args.out is not None:
        args.command.error("argument --xlsx: not allowed with argument --out")
    if args.template is not None:
        for option in ("table", "trace", "type", "region", "rotate"):
            if getattr(args, option) is not None:
                args.command.error(f"argument --{option}: not allowed with argument --template")
        if args.layout != Layout.AUTO.value:
            args.command.error("argument --layout: not allowed with argument --template")
    # only if needed: numpy, OpenCV, onnxruntime
    from inkread.cli.read import run as reading

    return reading.run(args)
