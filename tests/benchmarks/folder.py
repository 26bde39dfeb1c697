"""How fast a folder of small pictures is read, against only decoding them.

    python -m tests.benchmarks.folder [--files 2000] [--model FILE] [--rounds 3]

Pictures are made in a temporary folder: digits from `tests.written` by the program's own
rasteriser, PNG. In every round they are decoded only (read from the disk and opened as a page),
and read, both on one thread, by threads on all cores, and by processes on all cores, which
``inkread read -r`` uses for as many files. The best round of each counts, since other work on the
machine can only make them slower; so does the processor time, which other work changes less. The
processes' time holds their start. The network's share is measured by itself: no reading can be
faster. The figure to reach: reading at 60 % of the throughput of only decoding, each in the way
that is quickest for it.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NoReturn

import cv2
import numpy as np

from inkread.core.batch.process_pool import in_processes
from inkread.core.batch.read_files import file_results, open_source, results_of
from inkread.core.batch.read_many import read_many
from inkread.core.batch.sources import Source, expand
from inkread.core.batch.thread_pool import cores, in_order
from inkread.core.classifier import Classifier
from inkread.core.ink import rasterise_page
from inkread.core.layout import Layout
from inkread.core.reading import Cells
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.written import write

HEIGHT, PEN, MARGIN = 60.0, 6.0, 12.0  # px
GOAL = 0.6


class Counting:
    """A classifier that counts what it is asked, and how long it takes to answer."""

    def __init__(self, inner: Classifier) -> None:
        self.labels = inner.labels
        self.rejection_threshold = inner.rejection_threshold
        self.is_calibrated = inner.is_calibrated
        self._inner = inner
        self.cells = self.calls = 0
        self.seconds = 0.0

    def probabilities(self, cells: Cells) -> Cells:
        started = time.thread_time()
        answer = self._inner.probabilities(cells)
        self.seconds += time.thread_time() - started
        self.cells += len(cells)
        self.calls += 1
        return answer


def make(folder: Path, count: int, digits: int) -> list[Source]:
    """Pictures with `digits` digits each."""
    rng = np.random.default_rng(digits)
    for number in range(count):
        text = "".join(map(str, rng.integers(0, 10, digits)))
        grey = rasterise_page(write(text, height=HEIGHT, width=PEN, seed=number), MARGIN)
        (folder / f"{number:05}.png").write_bytes(cv2.imencode(".png", grey)[1].tobytes())
    return expand([str(folder)], recursive=True)


def decoder() -> Callable[[Source], None]:
    return decode


def decode(source: Source) -> None:
    open_source(source)


def no_result(source: Source) -> NoReturn:
    raise RuntimeError(f"the process that had {source.name} ended")


def measured(work: Callable[[], Iterable[object]]) -> tuple[float, float]:
    """Seconds by the clock, and of the processors."""
    started, used = time.perf_counter(), processor_time()
    for _ in work():
        pass
    return time.perf_counter() - started, processor_time() - used


def processor_time() -> float:
    """Of this process and of those that it has begun and ended, seconds."""
    own, others = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in (own, others))


def compare(sources: list[Source], model: Path, rounds: int) -> None:
    classifier = OnnxClassifier.open(model, threads=1)
    read = partial(read_many, sources, file_results, classifier, Layout.AUTO)
    works: dict[str, Callable[[], Iterable[object]]] = {
        "decoding, one thread": lambda: in_order(sources, decode, 1),
        "decoding, threads": lambda: in_order(sources, decode),
        "decoding, processes": lambda: in_processes(sources, decoder, no_result),
        "reading, one thread": lambda: read(1),
        "reading, threads": lambda: read(cores()),
        "reading, processes": lambda: read(0),
    }
    best = dict.fromkeys(works, (float("inf"), float("inf")))
    for _ in range(rounds):
        for name, work in works.items():
            found = measured(work)
            best[name] = min(best[name][0], found[0]), min(best[name][1], found[1])
    for name, (seconds, used) in best.items():
        speed, each = len(sources) / seconds, 1000 * used / len(sources)
        print(f"  {name:22} {speed:8,.0f} files/s, {each:6.3f} ms of processor")
    show_shares([seconds for seconds, _ in best.values()], sources, classifier)


def show_shares(best: list[float], sources: list[Source], classifier: Classifier) -> None:
    decoded, read = min(best[:3]), min(best[3:])
    print(f"  reading / decoding, both as is quickest: {decoded / read:6.1%}, goal {GOAL:.0%}")
    print(f"  reading / decoding on one thread:        {best[0] / read:6.1%}")
    some = sources[:300]
    counting = Counting(classifier)
    _, used = measured(lambda: results_of(some, counting, workers=1))
    _, opened = measured(lambda: in_order(some, open_source, 1))
    cells, calls = counting.cells / len(some), counting.calls / len(some)
    bound = opened / (opened + counting.seconds)
    decoding, network = opened / used, counting.seconds / used
    print(f"  of the processor time decoding takes {decoding:.0%}, the network {network:.0%}")
    print(f"  ({cells:.1f} cells in {calls:.1f} runs a file); with nothing else: {bound:.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--digits", type=int, nargs="+", default=[1, 4], help="in a picture")
    args = parser.parse_args()
    for digits in args.digits:
        with tempfile.TemporaryDirectory() as folder:
            sources = make(Path(folder), args.files, digits)
            print(f"{len(sources)} pictures of {digits} digits, {cores()} cores")
            compare(sources, args.model, args.rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory: {peak:.0f} MB")


if __name__ == "__main__":
    # Processes of ours do not import the main script, so `decoder` must come from a module.
    from tests.benchmarks import folder

    folder.main()
