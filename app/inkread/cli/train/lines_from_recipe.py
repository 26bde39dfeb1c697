"""``inkread train --recipe`` for line networks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tqdm import tqdm

from inkread.cli.common.load_data import shown as loaded
from inkread.cli.common.printing import write_json, write_lines
from inkread.cli.common.progress_bars import bar
from inkread.cli.common.streams import report
from inkread.cli.train.run import INTERRUPTED, driven
from inkread.core.encoding import decoded
from inkread.core.files import MEGABYTE, read_file, write_file
from inkread.data.paths import bundled
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.architecture.presets import preset_path
from inkread.ml.synthesis.lines.model_recipe import prepare_lines
from inkread.ml.synthesis.lines.recipe_file import parse_line_recipe
from inkread.ml.synthesis.lines.source import make_line_source, validation_lines
from inkread.ml.training.lines import LineCheck, LineProgress, LineTrainer

#: Between two lines of a log, s. Chosen: 60 lines for an hour.
_LOG_INTERVAL = 60


def run(args: argparse.Namespace, data: bytes) -> int:
    """Make a line network from the recipe `data`; returns the exit status as ``run.run`` does.

    The averaged network of each check is written beside ``--out``, its name ending in
    ``.so-far.onnx``: a run that is killed leaves it.

    Raises
    ------
    InkreadError
        If the recipe or its data cannot be used, or the model cannot be saved.
    """
    recipe = parse_line_recipe(data, args.recipe)
    path = preset_path(recipe.network, bundled("models/architectures"), for_lines=True)
    architecture = parse_architecture(read_file(path, MEGABYTE), recipe.network)
    folder = Path(args.data[0])
    source = loaded(make_line_source(recipe, folder))
    held_out = validation_lines(recipe, folder)
    trainer = prepare_lines(recipe, architecture, source, held_out, args.name)
    status = _train(trainer, Path(args.out).with_suffix(".so-far.onnx"))
    model = trainer.model
    if model is None:
        report("no check came to its end, so there is no model to keep.")
        return status
    write_file(args.out, model)
    _write_report(trainer.checks, args)
    return status


def _train(trainer: LineTrainer, so_far: Path) -> int:
    """Train to the end, to the first Ctrl-C, or until it diverges; returns the status."""
    shown = bar(100, unit="")
    display = Display(shown)

    def show(progress: LineProgress) -> None:
        display.show(progress)
        if progress.check is not None and trainer.model is not None:
            write_file(so_far, trainer.model)

    status = driven(trainer.run(), shown, show)
    if status == INTERRUPTED:
        report("stopped by Ctrl-C; the network of the last check is kept.")
    return status


class Display:
    """Reports each check on a line; between them moves a bar, or without one adds a line a minute.

    Parameters
    ----------
    shown : tqdm
        The bar; disabled where standard error is no terminal.
    """

    def __init__(self, shown: Any) -> None:
        self._bar = shown
        self._reported = 0.0
        self._losses: list[float] = []

    def show(self, progress: LineProgress) -> None:
        """Show one step or check of a run."""
        if progress.check is not None:
            self._bar.clear()
            self._report(check_line(progress.check), progress)
            return
        self._losses.append(progress.loss)
        if not self._bar.disable:
            self._move(progress)
        elif progress.seconds - self._reported >= _LOG_INTERVAL:
            loss = sum(self._losses) / len(self._losses)
            self._report(f"{progress.lines} of {progress.total} lines: loss {loss:.4f}", progress)

    def _report(self, line: str, progress: LineProgress) -> None:
        left = tqdm.format_interval(progress.seconds_left)
        speed = f"{progress.lines_per_second:.0f} lines/s, {left} left"
        report(f"{line}, rate {progress.rate:.2g}, {speed}")
        self._reported = progress.seconds
        self._losses.clear()

    def _move(self, progress: LineProgress) -> None:
        left = tqdm.format_interval(progress.seconds_left)
        self._bar.n = 100 * progress.lines / progress.total
        self._bar.set_description_str(
            f"{progress.lines} lines, loss {progress.loss:.3f}, {left} left"
        )


def check_line(check: LineCheck) -> str:
    """One check, on one line."""
    score = check.score
    return (
        f"{check.lines} lines: loss {check.loss:.4f}, wholly right {score.right} of "
        f"{score.count} numbers and {score.free_right} of {score.free_count} amounts"
    )


def _write_report(checks: list[LineCheck], args: argparse.Namespace) -> None:
    if args.json:
        last = checks[-1]
        write_json(
            {
                "accuracy": last.score.share,
                "count": last.score.count + last.score.free_count,
                "lines": last.lines,
                "checks": [[c.lines, c.loss, c.score.share] for c in checks],
                "file": decoded(args.out),
            }
        )
    else:
        write_lines([*map(check_line, checks), f"the model is in {args.out}"])
