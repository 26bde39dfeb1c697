"""The command line. No command: the window. Nothing here imports Qt but `_show_window`."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from inkread import __version__
from inkread.cli import models
from inkread.cli.common.interrupts import ctrl_c_remembered
from inkread.cli.common.streams import report
from inkread.cli.evaluate import arguments as evaluate_arguments
from inkread.cli.learn import arguments as learn_arguments
from inkread.cli.read import arguments as read_arguments
from inkread.cli.samples import arguments as samples_arguments
from inkread.cli.train import arguments as train_arguments
from inkread.core.errors import InkreadError, LibraryFailed, SamplesFailed
from inkread.core.escapes import visible
from inkread.data.paths import HOME_VARIABLE, home

#: Exit statuses. Some input failed, or nothing can be kept; wrong usage; stopped by Ctrl-C; the
#: reader of the output is gone (the last two as shells report SIGINT and SIGPIPE).
FAILED, WRONG_USAGE, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with `arguments`, or with those of the process; returns the exit status."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = _parsed(arguments)
    if args.try_model is not None:
        from inkread.ml.inference.trial_process import main as try_model

        try_model(args.try_model)
    if args.render_pdf:
        from inkread.core.picture.pdf_process import main as render_pdf

        render_pdf()
    with ctrl_c_remembered() as is_interrupted:
        try:
            status: int = args.run(args)
            return status
        except (LibraryFailed, SamplesFailed) as error:
            report(str(error))
            return FAILED
        except InkreadError as error:
            report(str(error))
            return WRONG_USAGE
        except KeyboardInterrupt:
            return INTERRUPTED
        except BrokenPipeError:
            return BROKEN_PIPE
        except Exception:
            if is_interrupted():
                return INTERRUPTED
            raise


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse the arguments; the chosen command reports unknown ones, with its own usage."""
    parser = _parser()
    args, left = parser.parse_known_args(arguments)
    if left:
        args.command.error(f"unrecognized arguments: {' '.join(left)}")
    return args


class _Parser(argparse.ArgumentParser):
    """Its errors quote arguments, such as names of files."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="inkread",
        description="Read handwritten digits. Without a command, the window opens.",
        epilog=f"The environment variable {HOME_VARIABLE} does what --home does.",
    )
    parser.add_argument("--version", action="version", version=f"inkread {__version__}")
    parser.add_argument("--home", type=_folder, metavar="DIR", help=_HOME_HELP)
    # Where the program is one file, it tries foreign models in another process by this.
    parser.add_argument("--try-model", type=int, metavar="PARENT", help=argparse.SUPPRESS)
    # And renders PDFs by this.
    parser.add_argument("--render-pdf", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=_show_window, command=parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, arguments in (
        ("read", read_arguments),
        ("train", train_arguments),
        ("evaluate", evaluate_arguments),
        ("learn", learn_arguments),
    ):
        arguments.add_arguments(_add_command(commands, name, arguments.DESCRIPTION))
    for name, several in (("models", models), ("samples", samples_arguments)):
        command = _add_command(commands, name, several.DESCRIPTION)
        actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
        several.add_actions(partial(_add_command, actions))
    return parser


def _folder(name: str) -> Path:
    if not name:
        raise argparse.ArgumentTypeError("an empty name is no folder")
    return Path(name)


_HOME_HELP = "folder for everything that the program keeps, settings included"


def _add_command(
    commands: argparse._SubParsersAction[Any], name: str, description: str
) -> argparse.ArgumentParser:
    """Add a subcommand, with the arguments that all of them have."""
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=description, description=description
    )
    command.set_defaults(command=command)
    # Without a default, which would override a --home before the command.
    command.add_argument(
        "--home", type=_folder, metavar="DIR", default=argparse.SUPPRESS, help=_HOME_HELP
    )
    return command


def _show_window(args: argparse.Namespace) -> int:
    if sys.platform == "linux" and not _has_screen():
        report(f"there is no screen for the window; {_INSTEAD}")
        return FAILED
    gc.disable()  # importing makes many objects and no garbage: this saves a third of its time
    try:
        from inkread import bootstrap
    except ImportError as error:  # a system library is missing
        report(f"the window cannot be opened ({error}); {_INSTEAD}")
        return FAILED
    finally:
        gc.freeze()  # all of it stays: the collector need not visit it again
        gc.enable()
    return bootstrap.run(home(args.home))


_INSTEAD = 'read with "inkread read FILE", or see "Linux without a desktop" in the README.'


def _has_screen() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)
