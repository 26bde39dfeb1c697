"""Learning a hand: from a network and a few samples to a candidate and a verdict on it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import ClassVar

from app.core.errors import InkreadError
from app.core.preprocess import PREPROCESS_VERSION
from app.ml.adapting.cut import CutNetwork
from app.ml.adapting.material import gathering
from app.ml.adapting.taught import Taught
from app.ml.adapting.trying import Trial, best, holds, learned, read, trying
from app.ml.adapting.verdict import Adapting, Reason, Verdict
from app.ml.datasets.dataset import Dataset
from app.ml.metadata import ModelInfo
from app.ml.retraining import Current

_FLOOR = "reference_accuracy"
"""Of the model that all learning began with: many small losses must not add up unseen."""
_HAND = ", my hand"


class NothingTaught(InkreadError):
    template: ClassVar[str] = "There are no samples to learn; correct or teach a few signs first."


def adapting(
    current: Current, samples: Sequence[Taught], reference: Dataset, threads: int = 0
) -> Generator[Adapting, None, Verdict]:
    """Learn samples of one hand, going on from a trained network, and judge the result.

    Only the last dense layers learn: the samples with variants of them, beside the answers that
    the network gives now for the reference set, near the weights that they have. How strongly
    is chosen by cross-validation: each sample, and each cell of the reference set, is read by a
    candidate that was made without it.

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
    NothingTaught
        Without samples.
    ModelUnusable, NotTrainable
        If the model is no classifier that ends in a dense layer.
    """
    if not samples:
        raise NothingTaught
    network = CutNetwork(current.data, current.name, threads)
    material = yield from gathering(network, samples, reference)
    before = read(material.head, material)
    floor = max(before.reference_score.accuracy, network.info.scores.get(_FLOOR, 0.0))
    trials = yield from trying(material)
    trial = best(trials, floor)
    reason, model = _reason(trial, before, floor), None
    if reason in (Reason.BETTER, Reason.NOT_WORSE):
        head = yield from learned(material, trial.strength)
        if holds(read(head, material), floor):
            info = _info(network.info, current, samples, trial, floor)
            model = network.with_head(head, info)
        else:
            reason = Reason.FORGETS
    return Verdict(
        own_before=before.own_score,
        own_after=trial.own_score,
        reference_before=before.reference_score,
        reference_after=trial.reference_score,
        reason=reason,
        model=model,
        labels=material.head.labels,
        new_labels=material.head.labels[len(network.info.labels) :],
        samples=len(samples),
    )


def _reason(trial: Trial, before: Trial, floor: float) -> Reason:
    gained = trial.own_score.right - before.own_score.right
    if not holds(trial, floor):
        return Reason.FORGETS
    if gained < 0:
        return Reason.OWN_WORSE
    return Reason.BETTER if gained else Reason.NOT_WORSE


def _info(
    old: ModelInfo, current: Current, samples: Sequence[Taught], trial: Trial, floor: float
) -> ModelInfo:
    """What the candidate says of itself; temperature and threshold stay as they were."""
    name = old.name or current.name
    own = {"own_samples_accuracy": trial.own_score.accuracy}
    return replace(
        old,
        preprocess_version=PREPROCESS_VERSION,
        name=name if name.endswith(_HAND) else name + _HAND,
        scores={**own, _FLOOR: floor},
        data=tuple(dict.fromkeys((*old.data, "own samples"))),
        parents=tuple(current.lineage),
        recipe={"start": name, "samples": len(samples), "strength": trial.strength},
    )
