"""Photos of filled sudokus, read whole: puzzles and cells that are right, and the time.

    python -m tests.benchmarks.sudokus --folder FOLDER [--model FILE] [--lines FILE]

The folder holds pictures and `labels.csv`: the name of a file, and its nine rows with a slash
between them. A puzzle is wholly right if the reading has all nine rows as lines, and no other.
"""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass, field
from pathlib import Path

from inkread.core.classifier import Classifier
from inkread.core.picture.page import open_page
from inkread.core.reading import Reading
from inkread.core.recognition.read_page import read_page
from inkread.data.paths import bundled
from tests.benchmarks.corpus import argument_parser, reader_of


@dataclass
class Score:
    """Counts over puzzles."""

    puzzles: int = 0
    whole: int = 0
    rows: int = 0
    cells: int = 0
    doubtful: int = 0
    silent: int = 0
    seconds: list[float] = field(default_factory=list)

    def count(self, want: list[str], reading: Reading) -> bool:
        """Count a puzzle; whether it is wholly right."""
        got = reading.text.split("\n")
        self.puzzles += 1
        self.whole += got == want
        self.rows += sum(row in got for row in want)
        for table in reading.tables:
            if (table.rows, table.columns) != (9, 9):
                continue
            for cell, glyphs in zip(table.cells, reading.glyphs_of_cells(table), strict=True):
                right = want[cell.row][cell.column]
                is_right = "".join(glyph.label for glyph in glyphs) == right
                is_doubtful = not glyphs or any(glyph.is_doubtful for glyph in glyphs)
                self.cells += is_right
                self.doubtful += is_doubtful
                self.silent += not is_right and not is_doubtful
            break
        return got == want


def measure(folder: Path, classifier: Classifier) -> Score:
    """Read all puzzles of a folder."""
    score = Score()
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        labels = list(csv.DictReader(file))
    for row in labels:
        page = open_page((folder / row["file"]).read_bytes(), row["file"])
        start = time.perf_counter()
        reading = read_page(page, classifier, with_stages=False)
        score.seconds.append(time.perf_counter() - start)
        if not score.count(row["rows"].split("/"), reading):
            print(row["file"], " / ".join(reading.text.split("\n")), *reading.notes)
    return score


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--folder", type=Path, required=True)
    args = parser.parse_args()
    score = measure(args.folder, reader_of(args))
    count = 81 * score.puzzles
    print(f"wholly right {score.whole} of {score.puzzles}, rows {score.rows}")
    print(f"cells right {score.cells / count:.2%}, doubtful {score.doubtful / count:.2%}")
    print(f"wrong without doubt {score.silent}")
    mean = sum(score.seconds) / len(score.seconds)
    print(f"{1000 * mean:.0f} ms each, at most {1000 * max(score.seconds):.0f} ms")


if __name__ == "__main__":
    main()
