"""Collect the fitting problem from the samples and the reference set."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from inkread.core.generators import mapped
from inkread.core.reading import Grey
from inkread.ml.adaptation.examples import Example, variants
from inkread.ml.adaptation.problem import Problem, build_problem
from inkread.ml.adaptation.split_network import SplitNetwork
from inkread.ml.adaptation.targets import Indices
from inkread.ml.adaptation.verdict import AdaptationProgress, Phase
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.synthesis.rendering import ink_cell
from inkread.ml.synthesis.scribbles import scribble
from inkread.ml.training.augment import Augmentation

_VARIANTS = 6
_MAX_CELLS = 6000
"""Maximum number of cells of samples and variants; many samples get fewer variants each."""
_SCRIBBLES = 300
_SEED = 6


def collect(
    network: SplitNetwork, samples: Sequence[Example], reference: Dataset
) -> Generator[AdaptationProgress, None, Problem]:
    """Render variants of the samples, and compute the features of all cells.

    Parameters
    ----------
    network : SplitNetwork
        The network to adapt.
    samples : sequence of Example
        At least one; labels that are new to the network become classes.
    reference : Dataset
        Cells to rehearse; those of classes that the network does not know are left out.

    Yields
    ------
    AdaptationProgress
    """
    known = network.info.labels
    labels = (
        *known,
        *dict.fromkeys(s.label for s in samples if s.label not in known),
    )
    rng = np.random.default_rng(_SEED)
    count = max(1, min(_VARIANTS, _MAX_CELLS // len(samples)))
    drawn = list[Grey]()
    for done, sample in enumerate(samples, 1):
        drawn.append(variants(sample, count, rng))
        yield AdaptationProgress(Phase.RENDERING, done, len(samples))
    cells, truth, reference_id = _rehearsal_cells(reference, known)
    every = np.concatenate([*drawn, *cells])
    features = yield from mapped(
        network.features(every),
        lambda done: AdaptationProgress(Phase.EXTRACTING, done, len(every)),
    )
    own = np.repeat([labels.index(sample.label) for sample in samples], count + 1)
    sample_id = np.repeat(np.arange(len(samples)), count + 1)
    return build_problem(
        network.head.with_classes(labels),
        len(known),
        features,
        np.concatenate([own, truth]),
        np.concatenate([sample_id, np.full(len(reference_id), -1)]),
        np.concatenate([np.full(len(own), -1), reference_id]),
        network.memory,
    )


def _rehearsal_cells(
    reference: Dataset, known: tuple[str, ...]
) -> tuple[tuple[Grey, ...], Indices, Indices]:
    """The reference set plain and augmented, and scribbles of no class.

    Returns the three sets of cells, then class and index in the reference set of each cell.
    The same each time, whatever the samples.
    """
    rng = np.random.default_rng(_SEED)
    indices = {label: index for index, label in enumerate(known)}
    classes = np.array([indices.get(label, -1) for label in reference.labels], np.int64)
    truth = classes[reference.targets]
    if not (truth < 0).all():
        reference, truth = reference.take(truth >= 0), truth[truth >= 0]
    augmented = Augmentation()(reference.cells, rng)
    scribbles = np.stack([ink_cell(scribble(rng), rng) for _ in range(_SCRIBBLES)])
    none = np.full(len(scribbles), -1)
    reference_id = np.arange(len(reference))
    cells = (reference.cells, augmented, scribbles)
    return (
        cells,
        np.concatenate([truth, truth, none]),
        np.concatenate([reference_id, reference_id, none]),
    )
