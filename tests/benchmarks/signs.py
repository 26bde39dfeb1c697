"""Signs in numbers put together of digits and signs that writers kept out of training wrote.

    python -m tests.benchmarks.signs [--data FOLDER] [--model FILE] [--count 300] [--folds 1]
        [--seed 0] [--errors FILE.png]

Dates, times, prices, phone numbers, fractions, brackets, percent, negative numbers, sums and
apostrophes of thousands, in turns. All of a number is one writer's hand as far as that writer gave
its signs; what is missing comes from others of the same folds. Digits are 80 px high, the signs
have usual sizes and places beside them (`PLACES`), since the strokes come without. Each number is
read as strokes and as a picture of them. A sign is found and right if the fewest edits between
what is written and what is read leave it in place; spaces don't count. To choose by, take folds 2,
3 and 4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from inkread.core.ink import Ink, Points, Stroke
from inkread.core.reading import Reading
from inkread.data.paths import bundled
from tests.benchmarks.corpus import Sample, argument_parser, folds_argument, read_strokes, reader_of
from tests.benchmarks.judging import (
    Tally,
    is_flagged,
    matched,
    percent,
    save_tiles,
    tile,
    without_spaces,
)
from tests.benchmarks.numbers import HEIGHT, PEN, pictured, readings

GOAL = 97.0
Rng = np.random.Generator
#: Sign -> what a writer gave of it.
Hand = Mapping[str, Sequence[Sample]]


class Place(NamedTuple):
    """Size and place of a sign, in heights of a digit: 0 is its top, 1 the base line."""

    longer_side: tuple[float, float]
    middle: tuple[float, float]


#: Chosen: as people write them beside digits.
PLACES = {
    ".": Place((0.02, 0.09), (0.93, 1.02)),
    ",": Place((0.20, 0.35), (1.00, 1.10)),
    "-": Place((0.25, 0.55), (0.45, 0.60)),
    "/": Place((1.00, 1.30), (0.47, 0.55)),
    ":": Place((0.40, 0.60), (0.55, 0.70)),
    "(": Place((1.05, 1.35), (0.47, 0.55)),
    ")": Place((1.05, 1.35), (0.47, 0.55)),
    "+": Place((0.45, 0.70), (0.48, 0.60)),
    "=": Place((0.40, 0.60), (0.50, 0.62)),
    "%": Place((0.80, 1.05), (0.47, 0.55)),
    "*": Place((0.35, 0.55), (0.42, 0.58)),
    "'": Place((0.20, 0.35), (0.05, 0.15)),
}


#: Signs of several strokes. Chosen by looking at folds 2 to 4: of these, most samples of one stroke
#: are a piece of the sign, and of the other signs, most of several strokes are more than one.
OF_SEVERAL_STROKES = "%:=+*"


def any_of(rng: Rng, *texts: str) -> str:
    return texts[int(rng.integers(len(texts)))]


def date(rng: Rng) -> str:
    day, month, year = (int(v) for v in rng.integers((1, 1, 1900), (29, 13, 2100)))
    return any_of(
        rng,
        f"{day}.{month}.{year}",
        f"{day:02}.{month:02}.{year % 100:02}",
        f"{day:02}/{month:02}/{year}",
        f"{year}-{month:02}-{day:02}",
    )


def time(rng: Rng) -> str:
    hour, minute, second = (int(v) for v in rng.integers(0, (24, 60, 60)))
    return any_of(rng, f"{hour}:{minute:02}", f"{hour:02}:{minute:02}:{second:02}")


def price(rng: Rng) -> str:
    whole, cents, thousands = (int(v) for v in rng.integers((1, 0, 1), (1000, 100, 100)))
    return any_of(
        rng,
        f"{whole},{cents:02}",
        f"{whole}.{cents:02}",
        f"{whole},-",
        f"{thousands},{whole:03}.{cents:02}",
    )


def phone_number(rng: Rng) -> str:
    area, first, last, country = (
        int(v) for v in rng.integers((100, 100, 1000, 20), (1000, 1000, 10000, 100))
    )
    return any_of(
        rng,
        f"0{area}/{last}{first}",
        f"+{country} {area} {last}{first}",
        f"(0{area}) {first}{last}",
        f"{area}-{first}-{last}",
    )


def fraction(rng: Rng) -> str:
    below = int(rng.integers(2, 101))
    above = int(rng.integers(1, below))
    return any_of(rng, f"{above}/{below}", f"{rng.integers(1, 10)} {above}/{below}")


def brackets(rng: Rng) -> str:
    one, other = (int(v) for v in rng.integers(1, 1000, 2))
    return any_of(rng, f"({one})", f"({one}.{other % 10})", f"({one}+{other})", f"({one}-{other})")


def percentage(rng: Rng) -> str:
    whole, part = (int(v) for v in rng.integers(0, 101, 2))
    return any_of(rng, f"{whole}%", f"{whole}.{part % 10}%", f"{whole},{part % 10}%")


def negative(rng: Rng) -> str:
    whole, part = (int(v) for v in rng.integers((1, 0), (10000, 100)))
    return any_of(rng, f"-{whole}", f"-{whole}.{part:02}", f"-{whole},{part:02}")


def sum_of(rng: Rng) -> str:
    low, high = sorted(int(v) for v in rng.integers(1, 100, 2))
    return any_of(
        rng,
        f"{low}+{high}={low + high}",
        f"{high}-{low}={high - low}",
        f"{low}*{high}={low * high}",
    )


def thousands(rng: Rng) -> str:
    most, middle, least, cents = (
        int(v) for v in rng.integers((1, 0, 0, 0), (1000, 1000, 1000, 100))
    )
    return any_of(
        rng,
        f"{most}'{least:03}",
        f"{most}'{least:03}.{cents:02}",
        f"{most}'{middle:03}'{least:03}",
    )


KINDS: dict[str, Callable[[Rng], str]] = {
    "dates": date,
    "times": time,
    "prices": price,
    "phone numbers": phone_number,
    "fractions": fraction,
    "brackets": brackets,
    "percent": percentage,
    "negative": negative,
    "sums": sum_of,
    "thousands": thousands,
}


def hands(folder: Path, folds: set[int]) -> list[Hand]:
    """What each writer of some folds gave: label -> samples."""
    found: defaultdict[str, defaultdict[str, list[Sample]]]
    found = defaultdict(lambda: defaultdict(list))
    for name in ("unipen-digits", "unipen-symbols"):
        for sample in read_strokes(folder / f"{name}.json.gz", folds):
            if is_usable(sample):
                found[sample.writer][sample.label].append(sample)
    return list(found.values())


def is_usable(sample: Sample) -> bool:
    """Whether it is a digit whose label is sure, or one whole sign."""
    if sample.label not in PLACES:
        return sample.label.isdecimal() and not sample.suspect
    return (len(sample.strokes) > 1) == (sample.label in OF_SEVERAL_STROKES)


def hand_for(text: str, known: Sequence[Hand], rng: Rng) -> Hand:
    """One of the writers who gave most of a text's signs; what is missing is the others'."""
    needed = set(without_spaces(text))
    given = [len(needed & hand.keys()) for hand in known]
    best = [hand for hand, count in zip(known, given, strict=True) if count == max(given)]
    own = best[int(rng.integers(len(best)))]
    return {
        sign: own.get(sign) or [sample for hand in known for sample in hand.get(sign, ())]
        for sign in sorted(needed)
    }


def written_out(text: str, hand: Hand, rng: Rng) -> Ink:
    """A text in one hand, from left to right, digits about `HEIGHT` px high."""
    x, strokes = 20.0, list[Points]()
    for sign in text:
        if sign == " ":
            x += HEIGHT * rng.uniform(0.5, 1.0)
            continue
        sample = hand[sign][int(rng.integers(len(hand[sign])))]
        new = put(sample, x, rng)
        strokes += new
        x = max(float(stroke[:, 0].max()) for stroke in new) + HEIGHT * rng.uniform(0.1, 0.3)
    return Ink(tuple(Stroke.of(np.rint(stroke), PEN) for stroke in strokes))


def put(sample: Sample, x: float, rng: Rng) -> list[Points]:
    """The strokes of a digit or sign whose ink begins at x; its line is from 20 px down."""
    place = PLACES.get(sample.label)
    if place is None:
        height = HEIGHT * rng.uniform(0.92, 1.05)
        return sample.of_height(height, (x, 20 + HEIGHT - height + rng.uniform(-3, 3)))
    side, middle = (HEIGHT * rng.uniform(*ends) for ends in place)
    tall = float(np.ptp(np.concatenate(sample.fitted(side, (0, 0)))[:, 1]))
    return sample.fitted(side, (x, 20 + middle - tall / 2))


def numbers(known: Sequence[Hand], count: int, rng: Rng) -> Iterator[tuple[str, str, Ink]]:
    """Kind, text and ink, the kinds in turns."""
    for index in range(count):
        kind = tuple(KINDS)[index % len(KINDS)]
        text = KINDS[kind](rng)
        yield kind, text, written_out(text, hand_for(text, known, rng), rng)


@dataclass
class Score:
    """Counts over numbers that are read in one way: of signs by kind and by sign, of numbers."""

    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    too_many: int = 0
    whole: Tally = field(default_factory=Tally)

    def count(self, kind: str, text: str, reading: Reading) -> bool:
        """Count one number; whether it is all right."""
        wanted, read = without_spaces(text), without_spaces(reading.text)
        kept = matched(wanted, read)
        for sign in filter(PLACES.__contains__, wanted):
            self.wanted.update((kind, sign, "all"))
        for index, _ in kept:
            if wanted[index] in PLACES:
                self.found.update((kind, wanted[index], "all"))
        placed = {index for _, index in kept}
        self.too_many += sum(
            not sign.isdecimal() and index not in placed for index, sign in enumerate(read)
        )
        self.whole.add(read == wanted, is_flagged(reading))
        return read == wanted

    def share(self, what: str) -> str:
        return percent(self.found[what], self.wanted[what])


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--errors", type=Path, help="write the wrong ones into this picture")
    folds_argument(parser)
    args = parser.parse_args()
    model = reader_of(args)
    known = hands(args.data, set(args.folds))
    scores, tiles = defaultdict[str, Score](Score), []
    for kind, text, ink in numbers(known, args.count, np.random.default_rng(args.seed)):
        page = pictured(ink)
        for way, reading in readings(ink, page, model).items():
            if not scores[way].count(kind, text, reading):
                tiles.append(tile(page.grey, f"{way[3:]}: {text} -> {reading.text!r}"))
    print(f"{args.count} numbers with signs, folds {args.folds}; signs found and right")
    for way, score in scores.items():
        print(f"{way}: {score.share('all')}, {score.too_many} too many  (goal {GOAL:.0f})")
        print("\n".join(f"  {kind:14} {score.share(kind)}" for kind in KINDS))
        print("  " + ", ".join(f"{sign} {score.share(sign)}" for sign in PLACES))
        print(f"  whole numbers right {percent(score.whole.right, score.whole.total)}")
        print(f"  {score.whole}")
    if args.errors:
        save_tiles(tiles, args.errors)


if __name__ == "__main__":
    main()
