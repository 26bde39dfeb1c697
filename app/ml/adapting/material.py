"""From samples and the reference set to lessons: what to learn, and what not to forget."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.reading import Grey
from app.ml.adapting.cut import CutNetwork
from app.ml.adapting.fitting import Lessons
from app.ml.adapting.head import Head, probabilities
from app.ml.adapting.taught import Taught, variants
from app.ml.adapting.verdict import Adapting, Phase
from app.ml.augment import Augmentation
from app.ml.datasets.dataset import Dataset
from app.ml.gradients.registry import Array
from app.ml.handwriting.rendering import ink_cell
from app.ml.handwriting.scribbles import scribble

_VARIANTS = 6
_MOST_CELLS = 6000
"""Of many samples there are fewer variants each, so that they take no longer."""
_CERTAIN = 0.95
"""How probable a sample's class shall be; the rest is shared by all."""
_SURE = 0.8
"""A lesson whose class is more probable than this already is to stay so, and no more."""
_SATURATION = 8.0
"""A class of so many samples counts half of what it could with endless ones: fifty 7s do not
make everything a 7."""
_SCRIBBLES, _SCRIBBLES_WEIGHT = 300, 0.1
_SEED = 6

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All that learning needs, as the head sees it.

    Attributes
    ----------
    head : Head
        As it is, with rows for new classes.
    own : Lessons
        A person's samples and their variants, weight 1 in all for a class of endless samples.
    own_classes : (n,) array of int64
        What they are.
    sample : (n,) array of int64
        Which sample a lesson of `own` is, or is a variant of.
    rehearsal : Lessons
        The reference set, the same bent, and what is of no class; answers as they are now.
    part : (m,) array of int64
        Which cell of the reference set a lesson of `rehearsal` comes from, -1: none.
    truth : (m,) array of int64
        The right class of each; -1 if there is none.
    """

    head: Head
    own: Lessons
    own_classes: Numbers
    sample: Numbers
    rehearsal: Lessons
    part: Numbers
    truth: Numbers

    @property
    def firsts(self) -> Numbers:
        """Where in `own` the samples themselves are."""
        return np.unique(self.sample, return_index=True)[1]

    @property
    def classes(self) -> Numbers:
        """Of each sample."""
        return self.own_classes[self.firsts]


def gathering(
    network: CutNetwork, samples: Sequence[Taught], reference: Dataset
) -> Generator[Adapting, None, Material]:
    """Draw variants, and look at everything through the network.

    Parameters
    ----------
    network : CutNetwork
        What is to learn.
    samples : sequence of Taught
        At least one; labels that the network does not know become classes.
    reference : Dataset
        What must not be forgotten; what of it the network does not know is left out.

    Yields
    ------
    Adapting
    """
    known = network.info.labels
    labels = (*known, *dict.fromkeys(s.label for s in samples if s.label not in known))
    head = network.head.grown(labels)
    rng = np.random.default_rng(_SEED)
    count = max(1, min(_VARIANTS, _MOST_CELLS // len(samples)))
    drawn = list[Grey]()
    for number, sample in enumerate(samples, 1):
        drawn.append(variants(sample, count, rng))
        yield Adapting(Phase.DRAWING, number, len(samples))
    cells, truth, part = _to_rehearse(reference, known, rng)
    seen = yield from _seen(network, np.concatenate([*drawn, *cells]))
    own, rehearsed = np.split(seen, [sum(map(len, drawn))])
    targets = np.array([labels.index(sample.label) for sample in samples], np.int64)
    owner = np.repeat(np.arange(len(samples)), count + 1)
    truth, rehearsal = _rehearsal(head, rehearsed, truth, len(known))
    return Material(
        head,
        _own(own, targets[owner], head, len(known), count + 1),
        targets[owner],
        owner,
        rehearsal,
        part,
        truth,
    )


def _seen(network: CutNetwork, cells: Grey) -> Generator[Adapting, None, Array]:
    reading = network.features(cells)
    while True:
        try:
            yield Adapting(Phase.READING, next(reading), len(cells))
        except StopIteration as end:
            found: Array = end.value
            return found


def _to_rehearse(
    reference: Dataset, known: tuple[str, ...], rng: np.random.Generator
) -> tuple[tuple[Grey, ...], Numbers, Numbers]:
    """Cells as they are, bent, and of no class; their classes, and where they come from."""
    places = {label: place for place, label in enumerate(known)}
    classes = np.array([places.get(label, -1) for label in reference.labels], np.int64)
    truth = classes[reference.targets]
    if not (truth < 0).all():
        reference, truth = reference.take(truth >= 0), truth[truth >= 0]
    bent = Augmentation()(reference.cells, rng)
    nothing = np.stack([ink_cell(scribble(rng), rng) for _ in range(_SCRIBBLES)])
    none = np.full(len(nothing), -1)
    part = np.arange(len(reference))
    cells = (reference.cells, bent, nothing)
    return cells, np.concatenate([truth, truth, none]), np.concatenate([part, part, none])


def _rehearsal(head: Head, features: Array, truth: Numbers, known: int) -> tuple[Numbers, Lessons]:
    """Answers as they are now (Li and Hoiem 2016, "Learning without forgetting"), or better.

    A network that knows no class of the reference set is to answer as it does now.
    """
    now = _now(head, features, known)
    answers = now.argmax(axis=1)
    is_reference = np.arange(len(truth)) < len(truth) - _SCRIBBLES
    if (truth < 0).all():
        truth = np.where(is_reference, answers, -1)
    wrong = np.flatnonzero((truth >= 0) & (answers != truth))
    now[wrong] = np.eye(len(head.labels), dtype=np.float32)[truth[wrong]]
    shares = np.where(is_reference, 1 / is_reference.sum(), _SCRIBBLES_WEIGHT / _SCRIBBLES)
    return truth, Lessons(features, now, shares.astype(np.float32))


def _own(features: Array, classes: Numbers, head: Head, known: int, each: int) -> Lessons:
    """A person's lessons, `each` of a sample: a class of n samples counts n / (n + s) in all.

    What is read rightly, and without doubt, stays as it is: fifty 7s that are read teach nothing.
    """
    count = len(head.labels)
    lessons = np.bincount(classes, minlength=count)[classes]
    weights = 1 / (lessons + each * _SATURATION)
    hot = np.eye(count, dtype=np.float32)[classes]
    targets = _CERTAIN * hot + np.float32((1 - _CERTAIN) / count)
    now = _now(head, features, known)
    is_sure = now[np.arange(len(classes)), classes] >= _SURE
    targets[is_sure] = now[is_sure]
    return Lessons(features, targets, weights.astype(np.float32))


def _now(head: Head, features: Array, known: int) -> Array:
    """The answers of the network as it is; new classes are impossible."""
    now = np.zeros((len(features), len(head.labels)), np.float32)
    now[:, :known] = probabilities(head.logits(features)[:, :known])
    return now
