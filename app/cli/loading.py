"""Labelled data for the commands that learn or measure: progress, and a word on what is skipped."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from app.cli.bars import bar
from app.cli.streams import tell
from app.data.paths import bundled, home
from app.ml.datasets import Dataset, Loading, Places, Purpose, Skipped, Unit, loading

#: So many of what was skipped are named.
_MOST_NAMED = 10
_SCALED = {Unit.BYTES: {"unit": "B", "unit_scale": True}}


def loaded(sources: Sequence[str], chosen_home: Path | None, purpose: Purpose) -> Dataset:
    """Load the sources that a person named, with a bar on a terminal.

    Parameters
    ----------
    sources : sequence of str
        As `app.ml.datasets.loading` takes them.
    chosen_home : Path or None
        What ``--home`` says; what is fetched is kept there.
    purpose : Purpose
        Chooses the part of data that come in two.

    Raises
    ------
    InkreadError
        Whatever is wrong with them.
    """
    places = Places(bundled("assets/starter.npz"), home(chosen_home).cache)
    dataset = _shown(loading(sources, places, purpose))
    _tell_skipped(dataset.skipped)
    return dataset


def _shown(steps: Generator[Loading, None, Dataset]) -> Dataset:
    """Go through the steps, with a bar for each source and unit."""
    shown: Any = None
    now = ("", "")
    try:
        while True:
            step = next(steps)
            if (step.source, step.unit) != now:
                if shown is not None:
                    shown.close()
                now = (step.source, step.unit)
                settings = _SCALED.get(step.unit, {"unit": f" {step.unit}"})
                shown = bar(step.total or None, desc=Path(step.source).name, **settings)
            shown.update(step.done - shown.n)
    except StopIteration as end:
        dataset: Dataset = end.value
        return dataset
    finally:
        if shown is not None:
            shown.close()


def _tell_skipped(skipped: Sequence[Skipped]) -> None:
    for name, reason in skipped[:_MOST_NAMED]:
        tell(f"{name} is skipped: {reason}.")
    if len(skipped) > _MOST_NAMED:
        tell(f"{len(skipped)} are skipped in all.")
