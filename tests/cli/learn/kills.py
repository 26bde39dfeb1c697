"""Real processes that run ``inkread learn`` and are killed.

    python -m tests.cli.learn.kills at_work|keeping

kills one at the beginning of each phase of learning, or, one after the other, every few lines of
the code that keeps the new model, until one is through. For each, a line of JSON tells what the
next start finds.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from inkread.cli import main
from inkread.cli.learn import run as learning
from inkread.core.ink import Ink, Stroke
from inkread.data.models.library import ModelLibrary
from inkread.data.paths import home
from inkread.data.samples.sample import sample_from_ink
from inkread.data.samples.store import SampleStore
from inkread.ml.adaptation.learn import adapt
from inkread.ml.adaptation.split_network import SplitNetwork
from inkread.ml.adaptation.verdict import Phase, Reason, Score, Verdict
from inkread.ml.inference.classifier import OnnxClassifier
from tests.data.disasters import kill as kill_at_line
from tests.data.disasters import no_fsync
from tests.data.processes import ended
from tests.ml.adaptation.hands import DIGITS, crossed, reader

SAMPLES = 6
_LINES = 5
"""Lines of code from one death to the next."""
_LABELS = (*DIGITS, "tick")


def prepare(at: Path) -> None:
    """A home with some samples, and a small model to learn from."""
    inks = [Ink(tuple(Stroke(trace) for trace in crossed(seed))) for seed in range(SAMPLES)]
    SampleStore.of(home(at)).add_many(sample_from_ink("tick", ink) for ink in inks)
    (at / "reader.onnx").write_bytes(reader())


def learn(at: Path, disturb: Callable[[], object]) -> str:
    """Run the command in a process of its own; how that ended."""

    def run() -> None:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        disturb()
        status = main(["--home", str(at), "learn", "--from", str(at / "reader.onnx")])
        assert status == 0

    return ended(run, ())


def left_behind(at: Path) -> dict[str, object]:
    """The state found at the next start, with the model in use."""
    store, library = SampleStore.of(home(at)), ModelLibrary.of(home(at))
    opened = library.open_current(OnnxClassifier)
    return {
        "samples": [sample.label for sample in store.samples()],
        "notice": None if store.notice is None else str(store.notice),
        "labels": opened.model.labels,
        "passed_over": [str(error) for error in opened.passed_over],
    }


def at_phase(phase: Phase) -> Callable[[], None]:
    """Die when that phase of learning begins."""

    def killed(*given: Any) -> Generator[Any, None, None]:
        for step in adapt(*given):
            if step.phase is phase:
                os.kill(os.getpid(), signal.SIGKILL)
            yield step

    return lambda: setattr(learning, "adapt", killed)


def at_line(number: int) -> Callable[[], None]:
    """Learn in no time, and die after a number of lines of code that change the disk."""
    score = Score(SAMPLES, SAMPLES)
    network = SplitNetwork(reader(), "reader", 1)
    new = network.export(network.head.with_classes(_LABELS), None, network.info)

    def learned(*_: Any) -> Generator[Any, None, Verdict]:
        kill_at_line(number, Path())
        yield from ()
        return Verdict(
            score, score, score, score, Reason.BETTER, new, _LABELS, _LABELS[-1:], SAMPLES
        )

    return lambda: setattr(learning, "adapt", learned)


def disturbances(when: str) -> Iterator[Callable[[], None]]:
    if when == "at_work":
        yield from (at_phase(phase) for phase in Phase)
    else:
        number = 0
        while True:
            yield at_line(number)
            number += _LINES


def run(when: str) -> None:
    os.fsync = no_fsync
    work = Path(tempfile.mkdtemp())
    try:
        prepare(work / "prepared")
        for disturb in disturbances(when):
            shutil.copytree(work / "prepared", work / "home")
            end = learn(work / "home", disturb)
            print(json.dumps({"ended": end} | left_behind(work / "home")), flush=True)
            shutil.rmtree(work / "home")
            if end == "done":
                break
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    run(*sys.argv[1:])
