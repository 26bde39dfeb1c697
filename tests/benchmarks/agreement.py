"""How long until a window shows what another process changed.

    python -m tests.benchmarks.agreement [--changes 20]

A window in a process of its own; this one chooses models and adds samples on the same home, at
random times. The clock runs from the end of a change until the window says so, its drawing read
with the new model. The figure to reach: at most 1 s. Then the window is left alone for 20 s: the
share of a processor that it takes.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from inkread.data.models.library import Card, Kept, ModelLibrary
from inkread.data.paths import home
from inkread.data.samples.store import SampleStore
from tests.data.stores import sample
from tests.template_model import template_model

#: Time in which the window is left alone, s.
QUIET = 20

WINDOW = """
import sys, time
from inkread import bootstrap, cli

class Watched(bootstrap.Program):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        from inkread.core.ink import Ink, Stroke
        one = Stroke.of([(300.0, 100.0 + 5 * step) for step in range(40)])
        self.window.workspace.canvas.do("Draw", Ink((one,)))
        self.window.statusBar().messageChanged.connect(self.report)
        self.recognition.model_changed.connect(self.ready)

    def ready(self):
        self.recognition.model_changed.disconnect(self.ready)
        from PySide6.QtCore import QTimer
        QTimer.singleShot(2000, lambda: print("ready", flush=True))

    def report(self, words):
        if words.startswith("Another window"):
            print(time.time(), flush=True)
            self.window.status.forget()

bootstrap.Program = Watched
sys.exit(cli.main([]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=20)
    changes = parser.parse_args().changes
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), changes)


def measure(folder: Path, changes: int) -> None:
    env = {**os.environ, "INKREAD_HOME": str(folder)}
    command = [sys.executable, "-c", WINDOW]
    library, store = ModelLibrary.of(home(folder)), SampleStore.of(home(folder))
    kept = [library.keep(template_model(n), Card(n, "trained"), use=False) for n in ("one", "two")]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        window.stdout.readline()
        try:
            for kind in ("model", "sample"):
                found = [_delay(window, library, store, kept, kind, i) for i in range(changes)]
                print(
                    f"{kind}: {changes} changes, median {statistics.median(found):.2f} s, "
                    f"at most {max(found):.2f} s",
                    flush=True,
                )
            time.sleep(5)
            before, begun = _processor_time(window.pid), time.monotonic()
            time.sleep(QUIET)
            share = (_processor_time(window.pid) - before) / (time.monotonic() - begun)
            print(f"left alone: {100 * share:.2f} % of a processor")
        finally:
            window.kill()


def _delay(
    window: subprocess.Popen[str],
    library: ModelLibrary,
    store: SampleStore,
    kept: list[Kept],
    kind: str,
    index: int,
) -> float:
    time.sleep(random.uniform(0.5, 1.5))
    if kind == "model":
        library.use(kept[index % 2].id)
    else:
        store.add(sample("1", index))
    begun = time.time()
    assert window.stdout is not None
    said = float(window.stdout.readline())
    return said - begun


def _processor_time(process: int) -> float:
    """Processor time of a process and its threads, s; Linux only."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
