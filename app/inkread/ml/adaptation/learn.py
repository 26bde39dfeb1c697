"""Adapt a network to one hand: from a few samples to a candidate and a verdict on it."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

import numpy as np

from inkread.core.cell import PREPROCESS_VERSION
from inkread.ml.adaptation.collect import collect
from inkread.ml.adaptation.cross_validation import (
    Trial,
    baseline,
    cross_validate,
    evaluate,
    fit_on,
    keeps_reference,
    memorised,
    scaled,
    select,
)
from inkread.ml.adaptation.examples import Example
from inkread.ml.adaptation.minimum import MIN_SAMPLES, TooFewSamples
from inkread.ml.adaptation.rbf_memory import RbfMemory
from inkread.ml.adaptation.split_network import SplitNetwork
from inkread.ml.adaptation.verdict import AdaptationProgress, Reason, Verdict
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.retraining.run import CurrentModel

_FLOOR = "reference_accuracy"
"""Score of the model before all adaptation: many small losses must not add up unseen."""
_HAND, _OWN = ", my hand", "own samples"
_NUMBER = re.compile(r" \(\d+\)$")
"""Suffix that the library adds to a name that is in use already."""


def adapt(
    current: CurrentModel, samples: Sequence[Example], reference: Dataset, threads: int = 0
) -> Generator[AdaptationProgress, None, Verdict]:
    """Adapt a trained network to samples of one hand, and judge the result.

    The network itself does not change: an RBF memory beside its last layers corrects the logits
    of inputs near the samples and their variants, and leaves those near the reference set alone.
    The memory's strength is chosen by cross-validation: each sample, and each cell of the
    reference set, is read by a candidate that was fitted without it. So is the penalty on new
    classes. If all samples are of new classes, the logits of the known ones do not change.

    Parameters
    ----------
    current : Current
        The model to adapt.
    samples : sequence of Example
        Labels that are new to the network become classes.
    reference : Dataset
        Cells whose reading must not get worse; at least one.
    threads : int
        Of onnxruntime; 0 for one per core.

    Yields
    ------
    AdaptationProgress
        The run can be stopped at each of them.

    Returns
    -------
    Verdict

    Raises
    ------
    TooFewSamples
        If there are fewer than `MIN_SAMPLES` samples.
    ModelUnusable, NotTrainable
        If the model is not a classifier that ends in a dense layer.
    """
    if len(samples) < MIN_SAMPLES:
        raise TooFewSamples(count=len(samples), fewest=MIN_SAMPLES)
    network = SplitNetwork(current.data, current.name, threads)
    problem = yield from collect(network, samples, reference)
    old = baseline(problem)
    floor = max(old.reference_score.accuracy, network.info.scores.get(_FLOOR, 0.0))
    if problem.is_all_known:
        old = trial = memorised(problem)
        reason = Reason.KNOWN
    else:
        trial = select((yield from cross_validate(problem)), floor)
        reason = _reason(trial, old, floor)
    model = None
    if reason in (Reason.BETTER, Reason.NOT_WORSE):
        every = yield from fit_on(problem, np.ones(len(problem.truth), np.bool_))
        correction = scaled(problem, every, trial.strength, trial.penalty)
        if keeps_reference(evaluate(problem, correction, trial), floor):
            info = _info(network.info, current, samples, trial, floor)
            memory = RbfMemory(problem.features, problem.bandwidth, correction.weights)
            head = problem.head.plus(np.float32(problem.hidden_scale) * correction.rows.T)
            model = network.export(head, memory, info)
        else:
            reason = Reason.FORGETS
    return Verdict(
        own_before=old.own_score,
        own_after=trial.own_score,
        reference_before=old.reference_score,
        reference_after=trial.reference_score,
        reason=reason,
        model=model,
        labels=problem.head.labels,
        new_labels=problem.head.labels[len(network.info.labels) :],
        samples=len(samples),
    )


def _reason(trial: Trial, old: Trial, floor: float) -> Reason:
    gain = trial.own_score.right - old.own_score.right
    if not keeps_reference(trial, floor):
        return Reason.FORGETS
    if gain < 0:
        return Reason.OWN_WORSE
    return Reason.BETTER if gain else Reason.NOT_WORSE


def _info(
    old: ModelInfo, current: CurrentModel, samples: Sequence[Example], trial: Trial, floor: float
) -> ModelInfo:
    """Metadata of the candidate; temperature and threshold stay as they were."""
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
