"""How long until one can draw: Inkread's window against an empty one of PySide6.

    python -m tests.benchmarks.startup [--runs 15] [--model FILE]

Fresh processes, alternating. The clock runs from before the process is started until the empty
window is painted, and until Inkread's is, has read its first digit and painted the answer.
The figure to reach: at most 1.5 times as long.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EMPTY = """
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.resize(1000, 680)
window.show()
application.processEvents()
print("ready", flush=True)
"""

INKREAD = """
import sys
import gc
gc.disable()  # as inkread.cli does around this import
from inkread import bootstrap, cli
gc.freeze()
gc.enable()
if len(sys.argv) > 1:
    bootstrap.MODEL = sys.argv[1]

class Watched(bootstrap.Program):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        from PySide6.QtCore import QTimer
        QTimer.singleShot(0, self.draw)

    def draw(self):
        from inkread.core.ink import Ink, Stroke
        self.recognition.reading_changed.connect(self.check)
        one = Stroke.of([(300.0, 100.0 + 5 * step) for step in range(40)])
        self.window.workspace.canvas.do("Draw", Ink((one,)))

    def check(self, reading):
        if reading.text:
            self._application.processEvents()
            print("ready", flush=True)
            self._application.quit()

bootstrap.Program = Watched
sys.exit(cli.main([]))
"""


def seconds_until_ready(code: str, arguments: list[str], home: str) -> float:
    """Start a process and wait until it says that it is ready."""
    environment = {**os.environ, "INKREAD_HOME": home}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    # An installed program is compiled once; here the first, uncounted run does that.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(Path(home) / "compiled")
    start = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - start
        process.stdout.read()
    if line.strip() != "ready":
        raise SystemExit(f"the process did not get ready: {line!r}")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--model", help="read with this model instead of the shipped one")
    args = parser.parse_args()
    arguments = [str(Path(args.model).resolve())] if args.model else []
    empty, inkread = [], []
    with tempfile.TemporaryDirectory() as home:
        for run in range(args.runs + 1):
            pair = (
                seconds_until_ready(EMPTY, [], home),
                seconds_until_ready(INKREAD, arguments, home),
            )
            if run:  # the first pair only warms the disk cache
                empty.append(pair[0])
                inkread.append(pair[1])
    before, after = statistics.median(empty), statistics.median(inkread)
    best = min(inkread) / min(empty)
    print(f"empty window {1000 * before:.0f} ms, Inkread {1000 * after:.0f} ms (medians)")
    print(f"ratio {after / before:.2f} (of the fastest runs {best:.2f}); to reach: 1.50")


if __name__ == "__main__":
    main()
