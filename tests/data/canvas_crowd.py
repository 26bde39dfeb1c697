"""One of several processes that keep drawings in the same folder.

    python -m tests.data.canvas_crowd FOLDER TEXT
    python -m tests.data.canvas_crowd FOLDER - take

The first keeps a drawing with that label until standard input is closed. The second waits for a
line there; then it takes over what was left, keeps it, and prints its labels.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inkread.core.inkml import Drawing
from inkread.data.canvas_records import Sketch, SketchDrawing
from inkread.data.canvas_session import SketchFolder
from tests.written import write


def main(folder: str, text: str, what: str = "keep") -> None:
    window = SketchFolder(Path(folder))
    if what == "keep":
        window.save([Sketch((SketchDrawing(Drawing(text, write("1"))),))])
        print("begun", flush=True)
        sys.stdin.read()
    else:
        print("begun", flush=True)
        sys.stdin.readline()
        sketches = window.load().sketches
        window.save(sketches)
        print(*(one.drawing.label for each in sketches for one in each.drawings), sep="\n")
    window.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
