"""Amounts on real bank cheques, whole, beside the figures that others published.

    python -m tests.benchmarks.cheques [--data FOLDER] [--model FILE] [--kept validation|training]
        [--limit N] [--errors FILE.png]

The labels of ORAND-CAR-A (Diem et al., ICFHR 2014) hold digits alone, so signs that are read are
left out of the comparison. Measured are the last 200 pictures by name, on which nothing is trained
or chosen. To choose by, take `--kept validation`: 100 of the others, evenly spread, which
`models/lines.toml` holds out; the rest are `training`.
The published figures are for the test set of the competition, 3,784 other amounts of that kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from inkread.core.classifier import Classifier
from inkread.core.generators import finished
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, page_of
from inkread.core.reading import Reading
from inkread.core.recognition.read_page import read_page
from inkread.data.paths import bundled
from inkread.ml.datasets.cheques import Cheque, read_cheques
from tests.benchmarks.corpus import argument_parser, reader_of
from tests.benchmarks.judging import (
    Tally,
    digits_of,
    is_flagged,
    percent,
    save_tiles,
    tile,
)

T = TypeVar("T")
KEPT = ("test", "validation", "training")
#: How many; as in `models/lines.toml`.
TEST, HELD_OUT = 200, 100
PUBLISHED = {
    "best of the ICFHR 2014 competition": 80.7,
    "residual network, RNN and CTC (Zhan et al. 2017)": 89.75,
    "convolutions and CTC (Zhan et al. 2018)": 92.2,
}
GOAL = 93.0


def cheques(folder: Path, kept: str = "test", limit: int | None = None) -> list[Cheque]:
    """The amounts of `orand-car`, in a folder of data sets, that are kept for one purpose."""
    return of_purpose(finished(read_cheques(folder / "orand-car")), kept)[:limit]


def of_purpose(found: Sequence[T], kept: str) -> list[T]:
    """Those of all cheques, sorted by name, that are kept for one purpose."""
    others, test = found[:-TEST], found[-TEST:]
    held_out = {index * len(others) // HELD_OUT for index in range(HELD_OUT)}
    return {
        "test": list(test),
        "validation": [others[index] for index in sorted(held_out)],
        "training": [each for index, each in enumerate(others) if index not in held_out],
    }[kept]


def readings(
    found: Iterable[Cheque], model: Classifier, layout: Layout = Layout.AUTO
) -> Iterator[tuple[Cheque, Page, Reading]]:
    for cheque in found:
        page = page_of(cheque.image, cheque.name)
        yield cheque, page, read_page(page, model, layout)


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--kept", choices=KEPT, default="test", help="which cheques")
    parser.add_argument("--limit", type=int, help="no more than this many of them")
    parser.add_argument("--layout", type=Layout, choices=tuple(Layout), default=Layout.AUTO)
    parser.add_argument("--errors", type=Path, help="write the wrong ones into this picture")
    args = parser.parse_args()
    found = cheques(args.data, args.kept, args.limit)
    model = reader_of(args)
    tally, tiles = Tally(), []
    for cheque, page, reading in readings(found, model, args.layout):
        is_right, flagged = digits_of(reading.text) == cheque.digits, is_flagged(reading)
        tally.add(is_right, flagged)
        if not is_right:
            mark = "" if flagged else " SILENT"
            tiles.append(tile(page.grey, f"{cheque.digits} -> {reading.text!r}{mark}"))
    print(f"{len(found)} amounts on cheques ({args.kept}), whole amount right")
    print(f"  this program: {percent(tally.right, tally.total)}  (goal {GOAL:.0f})")
    for name, figure in PUBLISHED.items():
        print(f"  {name}: {figure} %")
    print(f"  {tally}")
    if args.errors:
        save_tiles(tiles, args.errors)


if __name__ == "__main__":
    main()
