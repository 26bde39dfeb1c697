"""Lines that are easily read wrong, by kind: lines right, and silent errors.

    python -m tests.benchmarks.case_kinds [--data FOLDER] [--model FILE] [--count 10] [--seed 0]
        [--only KIND,...] [--folds 2 3 4 | --own] [--errors FILE.png]

`tests/case_kinds.py` makes the pictures: seeds choose size, pen, angle and noise. Digits are those
of single writers of the folds; with ``--own`` the hand of `tests/written.py`, of the tests. Of a
picture of several lines each counts; one that shows nothing counts as one line.
`tests/benchmarks/judging.py` says what is flagged. To choose by, never take fold 1.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from inkread.core.reading import Reading
from inkread.core.recognition.read_page import read_page
from inkread.data.paths import bundled
from tests.benchmarks.corpus import Sample, argument_parser, folds_argument, read_strokes, reader_of
from tests.benchmarks.judging import Tally, line_outcomes, percent, save_tiles, tile
from tests.case_kinds import KINDS, Case, Hand, Strokes, case_of, fitted, own_hand

GOAL, MOST_SILENT = 95.0, 1.0


def hands_of(samples: list[Sample]) -> list[dict[str, list[Sample]]]:
    """What each writer gave who gave all ten digits, without those that are no digit in a line: a 1
    that lies.
    """
    found: defaultdict[str, defaultdict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    for sample in samples:
        wide, tall = np.ptp(np.concatenate(sample.strokes), axis=0).tolist()
        if not sample.suspect and wide < 1.3 * tall:
            found[sample.writer][sample.label].append(sample)
    return [dict(own) for own in found.values() if len(own) == 10]


def hand_of(own: dict[str, list[Sample]], rng: np.random.Generator) -> Hand:
    def strokes(sign: str, height: float) -> Strokes:
        some = own[sign]
        return fitted(list(some[int(rng.integers(len(some)))].strokes), height)

    return strokes


def outcomes(case: Case, reading: Reading) -> list[tuple[bool, bool]]:
    """Whether each line is right, and flagged; nothing, where nothing is written, is right."""
    if not case.text:
        return [(reading.is_empty, bool(reading.doubtful))]
    if case.is_right(reading.text):
        return [(True, bool(reading.doubtful))] * len(case.text.split("\n"))
    return list(line_outcomes(case.text.split("\n"), reading))


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--count", type=int, default=10, help="pictures of each kind")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--only", default=",".join(KINDS), help="kinds, by commas")
    parser.add_argument("--own", action="store_true", help="digits of tests/written.py")
    parser.add_argument("--errors", type=Path, help="write the wrong ones into this picture")
    folds_argument(parser)
    args = parser.parse_args()
    model, everything, tiles = reader_of(args), Tally(), []
    known = (
        []
        if args.own
        else hands_of(read_strokes(args.data / "unipen-digits.json.gz", set(args.folds)))
    )
    for kind in args.only.split(","):
        tally = Tally()
        for seed in range(args.seed, args.seed + args.count):
            rng = np.random.default_rng(seed)
            hand = (
                own_hand(seed) if args.own else hand_of(known[int(rng.integers(len(known)))], rng)
            )
            case = case_of(kind, seed, hand)
            reading = read_page(case.page, model)
            found = outcomes(case, reading)
            for is_right, is_flagged in found:
                tally.add(is_right, is_flagged)
            if not all(is_right for is_right, _ in found):
                mark = "" if all(flag for right, flag in found if not right) else " SILENT"
                label = f"{kind} {seed}: {case.text!r} -> {reading.text!r}{mark}"
                tiles.append(tile(case.page.grey, label))
        print(f"{kind:18} right {percent(tally.right, tally.total):18} {tally}")
        everything += tally
    print(f"all: lines right {percent(everything.right, everything.total)} (goal {GOAL:.0f})")
    print(
        f"silent errors {percent(everything.silent, everything.total)} (at most {MOST_SILENT:.0f})"
    )
    if args.errors:
        save_tiles(tiles, args.errors)


if __name__ == "__main__":
    main()
