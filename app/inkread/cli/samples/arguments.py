"""The arguments of ``inkread samples``. Light: every start imports it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

DESCRIPTION = "show what the program was taught, and bring samples in and take them out"


def add_actions(add_command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the actions of ``inkread samples``; `add_command` adds a subcommand."""
    command = add_command("list", "show the samples, each on a line")
    command.add_argument("--label", metavar="LABEL", help="only those of this label")
    command.add_argument("--json", action="store_true", help="write JSON")
    _does(command, "list")

    command = add_command("add", "keep pictures and InkML of one digit or character each")
    command.add_argument("--label", metavar="LABEL", help="what they are; InkML may say so itself")
    command.add_argument("files", nargs="+", metavar="FILE", help="picture or InkML file")
    _does(command, "add")

    command = add_command("relabel", "change the label of samples")
    command.add_argument("--label", metavar="LABEL", required=True, help="what they are")
    _add_ids(command)
    _does(command, "relabel")

    command = add_command("delete", "delete samples; undo brings them back")
    _add_ids(command)
    _does(command, "delete")

    _does(add_command("undo", "take back the last change of the samples"), "undo")

    command = add_command("export", "write the samples to a file or folder")
    command.add_argument("--label", metavar="LABEL", help="only those of this label")
    command.add_argument(
        "--form", choices=["folder", "npz", "inkml"], help="otherwise by the ending of FILE"
    )
    command.add_argument(
        "file", metavar="FILE", help="FILE.npz, FILE.inkml, or a new folder for pictures by label"
    )
    _does(command, "export")

    command = add_command("import", "take labelled samples in, each once")
    command.add_argument(
        "paths", nargs="+", metavar="PATH", help="InkML, NPZ, IDX, CSV, or a folder by label"
    )
    _does(command, "import")


def _add_ids(command: argparse.ArgumentParser) -> None:
    command.add_argument("ids", nargs="+", type=int, metavar="ID", help="id in the list")


def _does(command: argparse.ArgumentParser, action: str) -> None:
    def run(args: argparse.Namespace) -> int:
        from inkread.cli.samples import (
            run as sampling,  # only if needed: numpy, OpenCV, SQLite
        )

        return sampling.run(action, args)

    command.set_defaults(run=run)
