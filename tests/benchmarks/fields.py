"""Fields of known type, put together of digits and signs of writers kept out of training.

    python -m tests.benchmarks.fields [--data FOLDER] [--model FILE] [--count 300] [--folds 1]
        [--seed 0] [--foreign] [--errors FILE.png]

Dates, times, money and numbers of six digits, in turns, written as `tests.benchmarks.signs` writes
them; each is read as strokes and as a picture, once without and once with its type, in the same
run. Whole fields count; spaces don't. Digits much wider than high are left out: they are drawn as
high as the others, and a 1 that its writer gave lying would be ten digits wide. `--foreign` reads
each field with the type of another kind, where hardly any fits: what is wrong and not flagged then
was bent in silence. To choose by, take folds 2, 3 and 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.field_types.field_type import FieldType
from inkread.core.ink import Ink
from inkread.core.picture.page import Page
from inkread.core.reading import Reading
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from tests.benchmarks import signs
from tests.benchmarks.corpus import Sample, argument_parser, folds_argument, reader_of
from tests.benchmarks.judging import Tally, is_flagged, percent, save_tiles, tile, without_spaces
from tests.benchmarks.numbers import pictured
from tests.benchmarks.signs import Hand, Rng, any_of, hand_for, hands, written_out

GOAL = 98.0
#: Width to height of a digit at most; chosen: a wide 0 has 1.3.
MAX_ASPECT = 2.0


def upright(hand: Hand) -> Hand:
    """What a writer gave, without digits that lie."""
    return {
        sign: [each for each in given if not (sign.isdecimal() and _aspect(each) > MAX_ASPECT)]
        for sign, given in hand.items()
    }


def _aspect(sample: Sample) -> float:
    wide, tall = np.ptp(np.concatenate(sample.strokes), axis=0)
    return float(wide / max(tall, 1.0))


def money(rng: Rng) -> str:
    whole, cents, thousands = (int(v) for v in rng.integers((1, 0, 1), (1000, 100, 100)))
    return any_of(
        rng,
        f"{whole},{cents:02}",
        f"{whole}.{cents:02}",
        f"{whole},-",
        f"{thousands},{whole:03}.{cents:02}",
        f"{thousands}'{whole:03}.{cents:02}",
    )


def six_digits(rng: Rng) -> str:
    return f"{int(rng.integers(0, 1_000_000)):06}"


#: The kinds, what is written, and the type.
KINDS: dict[str, tuple[Callable[[Rng], str], str]] = {
    "dates": (signs.date, "date"),
    "times": (signs.time, "time"),
    "money": (money, "money"),
    "six digits": (six_digits, "digits:6"),
}


def fields(known: Sequence[Hand], count: int, rng: Rng) -> Iterator[tuple[str, str, Ink]]:
    """Kind, text and ink, the kinds in turns."""
    for index in range(count):
        kind = tuple(KINDS)[index % len(KINDS)]
        text = KINDS[kind][0](rng)
        yield kind, text, written_out(text, hand_for(text, known, rng), rng)


def readings(
    ink: Ink, page: Page, model: Classifier, field_type: FieldType
) -> Iterator[tuple[str, Reading]]:
    """Each way to read a field, and the reading."""
    for name, asked in (("untyped", None), ("typed", field_type)):
        yield f"as strokes, {name}", read_ink(ink, model, field_type=asked)
        yield f"as pictures, {name}", read_page(page, model, field_type=asked)


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--foreign", action="store_true", help="read with the type of another kind")
    parser.add_argument("--errors", type=Path, help="write the wrong ones into this picture")
    folds_argument(parser)
    args = parser.parse_args()
    model = reader_of(args)
    known = [upright(hand) for hand in hands(args.data, set(args.folds))]
    scores = defaultdict[str, defaultdict[str, Tally]](lambda: defaultdict(Tally))
    tiles, names = [], tuple(KINDS)
    for index, (kind, text, ink) in enumerate(
        fields(known, args.count, np.random.default_rng(args.seed))
    ):
        page = pictured(ink)
        asked = names[(index + 1) % len(names)] if args.foreign else kind
        for way, reading in readings(ink, page, model, FieldType.parse(KINDS[asked][1])):
            is_right = without_spaces(reading.text) == text
            scores[way][kind].add(is_right, is_flagged(reading))
            if not is_right and " typed" in way:
                flag = "" if is_flagged(reading) else " SILENT"
                tiles.append(tile(page.grey, f"{way[3:]}: {text} -> {reading.text!r}{flag}"))
    other = ", each with the type of another kind" if args.foreign else ""
    print(f"{args.count} fields of folds {args.folds}{other}; whole fields right (goal {GOAL:.0f})")
    for way, score in scores.items():
        whole = sum(score.values(), Tally())
        print(f"{way}: {percent(whole.right, whole.total)}; {whole}")
        print(
            "  "
            + ", ".join(f"{kind} {percent(own.right, own.total)}" for kind, own in score.items())
        )
    if args.errors:
        save_tiles(tiles, args.errors)


if __name__ == "__main__":
    main()
