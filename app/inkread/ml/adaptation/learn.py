"""Learning a hand: from a network and a few samples to a candidate and a verdict on it."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

import numpy as np

from inkread.core.cell import PREPROCESS_VERSION
from inkread.ml.adaptation.collect import gathering
from inkread.ml.adaptation.cross_validation import (
    Trial,
    before,
    best,
    by_heart,
    holds,
    learned,
    read,
    scaled,
    trying,
)
from inkread.ml.adaptation.examples import Taught
from inkread.ml.adaptation.minimum import FEWEST, TooFewTaught
from inkread.ml.adaptation.rbf_memory import Memory
from inkread.ml.adaptation.split_network import CutNetwork
from inkread.ml.adaptation.verdict import Adapting, Reason, Verdict
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.retraining.run import Current

_FLOOR = "reference_accuracy"
"""Of the model that all learning began with: many small losses must not add up unseen."""
_HAND, _OWN = ", my hand", "own samples"
_NUMBER = re.compile(r" \(\d+\)$")
"""What a library puts behind a name that another model has."""


def adapting(
    current: Current, samples: Sequence[Taught], reference: Dataset, threads: int = 0
) -> Generator[Adapting, None, Verdict]:
    """Learn samples of one hand, going on from a trained network, and judge the result.

    The network itself stays as it is; a memory beside its last layers corrects the scores of what
    looks like the samples and their variants, and leaves what looks like the reference set as it
    is. How strongly is chosen by cross-validation: each sample, and each cell of the reference
    set, is read by a candidate that was made without it. So is how much less likely new classes
    are made than the samples alone would have it; taught alone, they change nothing of how the
    known ones are told apart.

    Parameters
    ----------
    current : Current
        The model to go on with.
    samples : sequence of Taught
        Labels that the network does not know become new classes.
    reference : Dataset
        What must not be forgotten; at least one cell.
    threads : int
        Of onnxruntime; 0: as many as there are cores.

    Yields
    ------
    Adapting
        Each is a point where it can be stopped.

    Returns
    -------
    Verdict

    Raises
    ------
    TooFewTaught
        If there are fewer than `FEWEST` samples.
    ModelUnusable, NotTrainable
        If the model is no classifier that ends in a dense layer.
    """
    if len(samples) < FEWEST:
        raise TooFewTaught(count=len(samples), fewest=FEWEST)
    network = CutNetwork(current.data, current.name, threads)
    material = yield from gathering(network, samples, reference)
    old = before(material)
    floor = max(old.reference_score.accuracy, network.info.scores.get(_FLOOR, 0.0))
    if material.is_nothing_new:
        old = trial = by_heart(material)
        reason = Reason.KNOWN
    else:
        trial = best((yield from trying(material)), floor)
        reason = _reason(trial, old, floor)
    model = None
    if reason in (Reason.BETTER, Reason.NOT_WORSE):
        every = yield from learned(material, np.ones(len(material.truth), np.bool_))
        change = scaled(material, every, trial.strength, trial.reserve)
        if holds(read(material, change, trial), floor):
            info = _info(network.info, current, samples, trial, floor)
            memory = Memory(material.features, material.reach, change.weights)
            head = material.head.moved(np.float32(material.scale) * change.rows.T)
            model = network.remembering(head, memory, info)
        else:
            reason = Reason.FORGETS
    return Verdict(
        own_before=old.own_score,
        own_after=trial.own_score,
        reference_before=old.reference_score,
        reference_after=trial.reference_score,
        reason=reason,
        model=model,
        labels=material.head.labels,
        new_labels=material.head.labels[len(network.info.labels) :],
        samples=len(samples),
    )


def _reason(trial: Trial, old: Trial, floor: float) -> Reason:
    gained = trial.own_score.right - old.own_score.right
    if not holds(trial, floor):
        return Reason.FORGETS
    if gained < 0:
        return Reason.OWN_WORSE
    return Reason.BETTER if gained else Reason.NOT_WORSE


def _info(
    old: ModelInfo, current: Current, samples: Sequence[Taught], trial: Trial, floor: float
) -> ModelInfo:
    """What the candidate says of itself; temperature and threshold stay as they were."""
    name = _NUMBER.sub("", current.name)
    own = {"own_samples_accuracy": trial.own_score.accuracy}
    return replace(
        old,
        preprocess_version=PREPROCESS_VERSION,
        name=name if _OWN in old.data else name + _HAND,
        scores={**own, _FLOOR: floor},
        data=tuple(dict.fromkeys((*old.data, _OWN))),
        parents=tuple(current.lineage),
        recipe={"start": current.name, "samples": len(samples), "strength": trial.strength},
    )
