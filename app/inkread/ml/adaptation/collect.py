"""From samples and the reference set to all that learning needs."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from inkread.core.reading import Grey
from inkread.ml.adaptation.examples import Taught, variants
from inkread.ml.adaptation.problem import Material, assembled
from inkread.ml.adaptation.split_network import CutNetwork
from inkread.ml.adaptation.targets import Numbers
from inkread.ml.adaptation.verdict import Adapting, Phase
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.gradients.registry import Array
from inkread.ml.synthesis.rendering import ink_cell
from inkread.ml.synthesis.scribbles import scribble
from inkread.ml.training.augment import Augmentation

_VARIANTS = 6
_MAX_CELLS = 6000
"""Of many samples there are fewer variants each, so that they take no longer."""
_SCRIBBLES = 300
_SEED = 6


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
    rng = np.random.default_rng(_SEED)
    count = max(1, min(_VARIANTS, _MAX_CELLS // len(samples)))
    drawn = list[Grey]()
    for number, sample in enumerate(samples, 1):
        drawn.append(variants(sample, count, rng))
        yield Adapting(Phase.DRAWING, number, len(samples))
    cells, truth, part = _to_rehearse(reference, known)
    features = yield from _seen(network, np.concatenate([*drawn, *cells]))
    own = np.repeat([labels.index(sample.label) for sample in samples], count + 1)
    which = np.repeat(np.arange(len(samples)), count + 1)
    return assembled(
        network.head.grown(labels),
        len(known),
        features,
        np.concatenate([own, truth]),
        np.concatenate([which, np.full(len(part), -1)]),
        np.concatenate([np.full(len(own), -1), part]),
        network.memory,
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
    reference: Dataset, known: tuple[str, ...]
) -> tuple[tuple[Grey, ...], Numbers, Numbers]:
    """Cells as they are, bent, and of no class; their classes, and where they come from.

    They are the same each time, whatever is taught.
    """
    rng = np.random.default_rng(_SEED)
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
