"""Mutated files of every format that is read, in bounded processes: does any do harm?

Each case is a sound file of ours, changed by chance, with some knowledge of its format, and read as
the window and the command line read it. It is read, or refused in one sentence (an `InkreadError`);
anything else counts: an unexpected exception, a hang, a crash, noise on the terminal.

    python -m tests.benchmarks.fuzz --count 20000
    python -m tests.benchmarks.fuzz --only ink --count 100000
    python -m tests.benchmarks.fuzz --only png --seed 7 --keep failures
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.fuzzing.pool import Case, Result, run
from tests.fuzzing.worker import rng_of

#: Processor seconds of a case; chosen: three times what any file may take.
LIMIT = 10.0
BAD = ("unexpected", "hang", "crash")
_COLUMNS = ("cases", "read", "refused", *BAD, "noise")


def main() -> None:
    from tests.fuzzing.formats import FORMATS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="cases of all formats together")
    parser.add_argument("--seed", type=int, default=0, help="the same one makes the same cases")
    parser.add_argument("--only", action="append", choices=FORMATS, help="one format")
    parser.add_argument("--keep", type=Path, help="folder for the files that do harm")
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    chosen = args.only or list(FORMATS)
    started = time.monotonic()
    found = list(run(cases_of(chosen, args.count, args.seed), args.workers, LIMIT))
    print(table(chosen, found))
    print(f"{len(found)} cases in {time.monotonic() - started:.0f} s")
    print(examples(found))
    if args.keep:
        keep([result.case for result in found if is_bad(result)], args.keep)


def cases_of(formats: Sequence[str], count: int, seed: int) -> list[Case]:
    """So many cases, spread evenly over the formats."""
    return [Case(formats[i % len(formats)], seed, i // len(formats)) for i in range(count)]


def is_bad(result: Result) -> bool:
    return result.outcome in BAD or bool(result.noise)


def table(formats: Sequence[str], results: Iterable[Result]) -> str:
    """A line for each format, and their sum."""
    by_format = defaultdict[str, list[Result]](list)
    for result in results:
        by_format[result.case.format].append(result)
    by_format["all"] = [result for each in list(by_format.values()) for result in each]
    lines = [f"{'':16}" + "".join(f"{title:>11}" for title in (*_COLUMNS, "worst s", "worst MB"))]
    for name in (*formats, "all"):
        own = by_format[name]
        count = Counter(result.outcome for result in own)
        count.update(cases=len(own), noise=sum(bool(result.noise) for result in own))
        seconds = max((result.seconds for result in own), default=0.0)
        megabytes = max((result.megabytes for result in own), default=0.0)
        figures = "".join(f"{count[title]:>11}" for title in _COLUMNS)
        lines.append(f"{name:16}{figures}{seconds:>11.2f}{megabytes:>11.0f}")
    return "\n".join(lines)


def examples(results: Iterable[Result], most: int = 3) -> str:
    """The first of each kind of harm, with the case that makes it again."""
    shown, lines = Counter[tuple[str, str, str]](), list[str]()
    for result in results:
        if not is_bad(result):
            continue
        text = result.error if result.outcome in BAD else f"noise: {result.noise}"
        kind = (result.case.format, result.outcome, text.partition("\n")[0][:50])
        shown[kind] += 1
        if shown[kind] <= most:
            case = result.case
            lines.append(f"\n{case.format} {case.seed}/{case.index} {result.outcome}: {text}")
    counts = [f"{count} x {' '.join(kind)}" for kind, count in shown.most_common()]
    return "\n".join([*lines, "", *counts])


def keep(cases: Iterable[Case], folder: Path) -> None:
    """Write the bytes of these cases."""
    from tests.fuzzing.formats import FORMATS

    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        data = FORMATS[case.format].case(rng_of(case.format, case.seed, case.index))
        name = f"{case.format.replace(' ', '-')}-{case.seed}-{case.index}"
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
