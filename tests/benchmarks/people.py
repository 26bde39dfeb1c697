"""People who teach the program their hand, and what that does to everybody else's digits.

python -m tests.benchmarks.people [--data FOLDER] [--model FILE] [--writers N] [--rounds 10]

Writers of fold 1, which no model was trained on, teach their first 20 digits and are tested on
their others; their letters; one person teaches fifty 7s again and again; fifty corrections are
timed from the click to the new model.

The shipped model reads nearly all of fold 1, so that little can be seen there, and what is chosen
by it is no measure any more. To work on learning, take a weaker model that has not seen some of
the other folds, and a part of MNIST that is not the test set:
--model LESS --folds 2,3 --max 100 --steer, and --seed 1 for other twenty digits than the first.

Measured on 22 November 2026. LESS is the shipped network after three epochs of digits.toml without
teachers, on the first 55,000 of MNIST's training digits and the people of fold 4 alone: of folds 2
and 3 it has seen nobody. Settings were chosen with it. "Before": learning without a margin and
without a reserve, which was chosen with a still weaker network that had seen no pen.

                        errors of people who teach    worst  MNIST, mean, worst
LESS, folds 2-3, before   48 -> 34 of 2,253 (-29 %)     +1   -0.02, +0.04 *
LESS, folds 2-3           48 -> 33 of 2,253 (-31 %)     +1   -0.01, +0.04 *
small, fold 1, before     59 -> 34 of 1,675 (-42 %)     +0
small, fold 1             59 -> 33 of 1,675 (-44 %)     +0   -0.01, +0.09
shipped, fold 1, before   13 -> 10 of 1,675 (-23 %)     +0   +0.01, +0.02
shipped, fold 1           13 -> 11 of 1,675 (-15 %)     +1   +0.02, +0.05

(Points of error, + is worse; * of 5,000 training digits that LESS has not learned. Small has seen
no pen at all.) The margin changes few answers, but makes right ones more probable: the surprise of
LESS falls from 208.9 to 148.5, and to 159.6 before. The digit that one person loses is no 4 that
can be read: no class was above 19 %.

Of the 13 digits, four are single bare strokes or a 4 like the same person's 9s, which nobody could
learn from what was taught. Three of one person's five hooked 1s are put right, two are read surely
as 7s like that person's; a 7 unlike the one that was taught comes to 48.5 %. 13 of LESS's 48 were
read wrongly even by the shipped network, which has learned them: fragments and doubtful labels.

Five new letters, shipped, fold 1: 96.5 % of further letters, digits +0.06 points of error on
average, +0.08 at worst; before 97.6 %, +0.27, +0.42. Ten rounds of fifty 7s: one is taken, MNIST
+0.01 points. Fifty corrections: 3.5 s of processor, one thread; the file has 2.85 MB.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkread.core.cell import cell_from_ink
from inkread.core.generators import finished
from inkread.core.ink import Stroke
from inkread.core.reading import Grey
from inkread.data.paths import bundled
from inkread.ml.adaptation.examples import Example
from inkread.ml.adaptation.learn import adapt
from inkread.ml.adaptation.verdict import Verdict
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.datasets.strokes import StrokeSample, read_strokes, select_folds
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.retraining.run import CurrentModel
from tests.benchmarks.corpus import argument_parser, mnist_test

TAUGHT, MIN = 20, 40
DIGITS = tuple("0123456789")
LETTERS = "aehnrtAEHKMNRT"
"""Those that look like no digit."""


@dataclass(frozen=True, slots=True)
class Report:
    """Of one person: errors on their other digits before and after, and so on."""

    count: int
    before: int
    after: int
    surprise: tuple[float, float]
    lost: float
    taken: bool
    seconds: float
    cpu: float


def cell_of(sample: StrokeSample) -> Grey:
    """As the canvas draws it."""
    return cell_from_ink([Stroke(trace) for trace in sample.traces])[1][-1].image


def examples_of(samples: Sequence[StrokeSample]) -> list[Example]:
    return [Example(s.label, cell_of(s), s.traces) for s in samples]


def wrong(model: bytes, cells: Grey, labels: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the cells are read wrongly."""
    return judged(model, cells, labels)[0]


def judged(
    model: bytes, cells: Grey, labels: Sequence[str]
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Which of the cells are read wrongly, and of each -log of the right class's probability."""
    classifier = OnnxClassifier(model, "model")
    answers = classifier.probabilities(cells[:, np.newaxis].astype(np.float32) / np.float32(255))
    places = {label: place for place, label in enumerate(classifier.labels)}
    right = np.array([places.get(label, -1) for label in labels])
    own = np.where(right < 0, 0, answers[np.arange(len(right)), right])
    return answers.argmax(axis=1) != right, -np.log(np.maximum(own, np.float32(1e-6)))


class Simulation:
    """A model, the reference set, and MNIST's test set to see what is forgotten."""

    def __init__(self, model: bytes, data: Path, threads: int, steers: bool = False) -> None:
        with np.load(bundled("assets/starter.npz")) as starter:
            self._reference = Dataset(starter["x"], starter["y"].astype(np.int64), DIGITS)
        self.model, self._threads = model, threads
        cells, digits = mnist_steering(data) if steers else mnist_test(data)
        self._cells, self._labels = cells, [str(digit) for digit in digits]
        self.error = self.test_error(model)

    def test_error(self, model: bytes) -> float:
        """Percent of MNIST's test set read wrongly."""
        return 100 * float(wrong(model, self._cells, self._labels).mean())

    def learned(self, model: bytes, samples: Sequence[Example]) -> Verdict:
        current = CurrentModel(model, "model")
        return finished(adapt(current, samples, self._reference, self._threads))

    def person(self, given: Sequence[StrokeSample], rest: Sequence[StrokeSample]) -> Report:
        cells, labels = np.stack([cell_of(s) for s in rest]), [s.label for s in rest]
        wall, cpu = time.perf_counter(), time.process_time()
        verdict = self.learned(self.model, examples_of(given))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        new = verdict.model or self.model
        lost = self.test_error(new) - self.error if verdict.is_accepted else 0.0
        before, after = (judged(m, cells, labels) for m in (self.model, new))
        surprise = float(before[1].sum()), float(after[1].sum())
        wrong_before, wrong_after = int(before[0].sum()), int(after[0].sum())
        taken = verdict.is_accepted
        return Report(len(rest), wrong_before, wrong_after, surprise, lost, taken, wall, cpu)


def mnist_steering(folder: Path) -> tuple[Grey, NDArray[np.uint8]]:
    """The last 5,000 cells of the training set; the model may have learned them."""
    with np.load(folder / "mnist.npz", allow_pickle=False) as data:
        return data["x_train"][-5000:], data["y_train"][-5000:]


def by_writer(samples: Sequence[StrokeSample]) -> dict[str, list[StrokeSample]]:
    found: dict[str, list[StrokeSample]] = {}
    for sample in samples:
        found.setdefault(sample.writer, []).append(sample)
    return found


def divided(
    own: Sequence[StrokeSample], seed: int, maximum: int
) -> tuple[list[StrokeSample], list[StrokeSample]]:
    """The first 20, or others by chance, and at most `maximum` of the rest (0: all)."""
    order = np.arange(len(own))
    if seed:
        chosen = np.sort(np.random.default_rng(seed).permutation(order)[:TAUGHT])
        order = np.concatenate([chosen, np.setdiff1d(order, chosen)])
    end = TAUGHT + maximum if maximum else len(own)
    return [own[i] for i in order[:TAUGHT]], [own[i] for i in order[TAUGHT:end]]


def people(
    simulation: Simulation, samples: Sequence[StrokeSample], writers: int, seed: int, maximum: int
) -> None:
    """Teach 20 digits each."""
    reports = []
    every = [(w, own) for w, own in by_writer(samples).items() if len(own) >= MIN]
    for writer, own in every[:writers]:
        reports.append(simulation.person(*divided(own, seed, maximum)))
        r = reports[-1]
        print(
            f"  {writer:12} {r.count:4} digits, wrong {r.before} -> {r.after}, MNIST "
            f"{r.lost:+.2f}, {'taken' if r.taken else 'kept'}, {r.seconds:.1f} s ({r.cpu:.1f} CPU)",
            flush=True,
        )
    before, after = sum(r.before for r in reports), sum(r.after for r in reports)
    surprised = [sum(r.surprise[i] for r in reports) for i in range(2)]
    lost = [r.lost for r in reports]
    print(
        f"{len(reports)} people, {sum(r.count for r in reports)} digits: wrong {before} -> {after} "
        f"({100 * (after - before) / max(before, 1):+.0f} %), worst "
        f"{max(r.after - r.before for r in reports):+d}; surprise {surprised[0]:.1f} -> "
        f"{surprised[1]:.1f}; MNIST error (old {simulation.error:.2f} %) {np.mean(lost):+.3f} "
        f"points on average, {max(lost):+.2f} at worst; "
        f"{sum(r.taken for r in reports)} taken",
        flush=True,
    )


def sevens(simulation: Simulation, samples: Sequence[StrokeSample], rounds: int) -> None:
    """Fifty 7s, again and again; all that were taught are learned each time."""
    every = examples_of([s for s in samples if s.label == "7"][:50])
    model, taken = simulation.model, 0
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(rounds):
        verdict = simulation.learned(model, every)
        model, taken = verdict.model or model, taken + verdict.is_accepted
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{rounds} rounds of fifty 7s, {taken} taken: MNIST test error "
        f"{simulation.test_error(model) - simulation.error:+.3f} points; "
        f"{wall / rounds:.1f} s ({cpu / rounds:.1f} CPU) a round",
        flush=True,
    )


def corrections(simulation: Simulation, samples: Sequence[StrokeSample], count: int) -> None:
    """From the click to the new model in use."""
    every = examples_of(samples[:count])
    wall, cpu = time.perf_counter(), time.process_time()
    verdict = simulation.learned(simulation.model, every)
    OnnxClassifier(verdict.model or simulation.model, "model")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    size = len(verdict.model or b"") / 1e6
    print(f"{count} corrections: {wall:.1f} s ({cpu:.1f} CPU), {verdict.reason}, {size:.2f} MB")


def letters(
    simulation: Simulation,
    digits: Sequence[StrokeSample],
    signs: Sequence[StrokeSample],
    most: int,
) -> None:
    """Writers with 25 or more of each of five letters teach 20 of each."""
    cells, labels = np.stack([cell_of(s) for s in digits]), [s.label for s in digits]
    old = int(wrong(simulation.model, cells, labels).sum())
    right = count = people_ = 0
    lost = []
    for own in by_writer(signs).values():
        groups = [[s for s in own if s.label == letter] for letter in LETTERS]
        chosen = [group for group in groups if len(group) >= TAUGHT + 5][:5]
        if len(chosen) < 5 or people_ >= most:
            continue
        people_ += 1
        verdict = simulation.learned(
            simulation.model, examples_of([s for group in chosen for s in group[:TAUGHT]])
        )
        new = verdict.model or simulation.model
        rest = [s for group in chosen for s in group[TAUGHT:]]
        missed = wrong(new, np.stack([cell_of(s) for s in rest]), [s.label for s in rest])
        right, count = right + int((~missed).sum()), count + len(rest)
        lost.append(100 * (int(wrong(new, cells, labels).sum()) - old) / len(labels))
        mnist = simulation.test_error(new) - simulation.error
        print(
            f"  {''.join(g[0].label for g in chosen)}: {1 - missed.mean():.1%} of {len(rest)} "
            f"letters, the folds' digits {lost[-1]:+.2f}, MNIST {mnist:+.2f}, {verdict.reason}",
            flush=True,
        )
    if count:
        print(
            f"{people_} people, five new letters each: {100 * right / count:.1f} % of {count} "
            f"further letters; digits {np.mean(lost):+.2f} points of error, "
            f"{max(lost):+.2f} at worst"
        )


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--writers", type=int, default=1000)
    parser.add_argument("--letter-writers", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--corrections", type=int, default=50)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--folds", default="1", help="of the writers")
    parser.add_argument("--seed", type=int, default=0, help="which twenty digits; 0: the first")
    parser.add_argument("--max", type=int, default=0, help="digits tested of each writer; 0: all")
    parser.add_argument("--steer", action="store_true", help="spare MNIST's test set")
    args = parser.parse_args()
    simulation = Simulation(args.model.read_bytes(), args.data, args.threads, args.steer)
    folds = {int(fold) for fold in args.folds.split(",")}
    digits = select_folds(
        read_strokes(args.data / "unipen-digits.json.gz"), folds, with_suspect=True
    )
    if args.writers:
        people(simulation, digits, args.writers, args.seed, args.max)
    if args.corrections:
        corrections(simulation, digits, args.corrections)
    if args.rounds:
        sevens(simulation, digits, args.rounds)
    if args.letter_writers:
        path = args.data / "unipen-letters.json.gz"
        signs = select_folds(read_strokes(path), folds)
        letters(simulation, digits, signs, args.letter_writers)


if __name__ == "__main__":
    main()
