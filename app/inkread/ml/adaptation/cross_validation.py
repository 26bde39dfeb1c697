"""Choose the strength of an adaptation by cross-validation."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from itertools import count, product

import numpy as np

from inkread.core.generators import mapped
from inkread.ml.adaptation.fit import Correction, fit
from inkread.ml.adaptation.problem import Mask, Problem
from inkread.ml.adaptation.targets import Indices
from inkread.ml.adaptation.verdict import MAX_REFERENCE_LOSS, AdaptationProgress, Phase, Score
from inkread.ml.gradients.registry import Array

STRENGTHS = (1.0, 0.7, 0.5, 0.35, 0.2)
"""Factors on the memory's weights to choose from."""
_FOLDS = 3
_DECIMALS = 4
"""Samples whose features agree to this many decimals are copies."""
_HEADROOM = 0.5
"""Share of the permitted loss that the strength should leave unused, if one does."""
PENALTIES = (1.5, 0.75, 0.0)
"""Subtracted from the logits of new classes: digits of other hands are more varied than the
reference set."""
_TOLERANCE = 0.03
"""Share of the samples that may be read wrongly in exchange for a higher penalty."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Which held-out cells are read correctly with one setting.

    Attributes
    ----------
    strength : float
        Factor on the memory's weights; 0 for the present network.
    penalty : float
        Subtracted from the logits of new classes.
    own_correct : (n,) array of bool
        Of each sample.
    reference_correct : (m,) array of bool
        Of the reference set, plain and augmented.
    """

    strength: float
    penalty: float
    own_correct: Mask
    reference_correct: Mask

    @property
    def own_score(self) -> Score:
        return Score(int(self.own_correct.sum()), len(self.own_correct))

    @property
    def reference_score(self) -> Score:
        return Score(int(self.reference_correct.sum()), len(self.reference_correct))


def baseline(problem: Problem) -> Trial:
    """Score the present network; cells that its memory was fitted on are read without it."""
    return _trial(problem, problem.unbiased_logits)


def memorised(problem: Problem) -> Trial:
    """Score the present network with its memory, on all cells."""
    return _trial(problem, problem.current_logits)


def evaluate(problem: Problem, correction: Correction, trial: Trial) -> Trial:
    """Score a corrected network on all cells.

    Parameters
    ----------
    problem : Problem
        From ``collect``.
    correction : Correction
        From ``scaled``, with the strength and penalty of `trial`.
    trial : Trial
        The chosen setting.
    """
    everything = np.ones(len(problem.truth), np.bool_)
    logits = _corrected_logits(problem, correction, everything)
    return _trial(problem, logits, trial.strength, trial.penalty)


def scaled(problem: Problem, correction: Correction, strength: float, penalty: float) -> Correction:
    """Scale the memory's weights, and subtract a penalty from the logits of new classes."""
    rows = correction.rows.copy()
    rows[-1, problem.known_classes :] -= np.float32(penalty / problem.hidden_scale)
    return Correction(np.float32(strength) * correction.weights, rows)


def _corrected_logits(problem: Problem, correction: Correction, chosen: Mask) -> Array:
    remembered = problem.kernel[chosen] @ correction.weights
    by_last_layer = problem.hidden[chosen] @ correction.rows
    changed: Array = problem.logits[chosen] + remembered + by_last_layer
    return changed


def _trial(problem: Problem, logits: Array, strength: float = 0.0, penalty: float = 0.0) -> Trial:
    is_right = logits.argmax(axis=1) == problem.truth
    own, reference = is_right[problem.sample_rows], is_right[problem.reference_id >= 0]
    return Trial(strength, penalty, own, reference)


def cross_validate(problem: Problem) -> Generator[AdaptationProgress, None, list[Trial]]:
    """Cross-validate each strength and, if there are new classes, each penalty.

    Yields
    ------
    AdaptationProgress

    Returns
    -------
    list of Trial
        By falling penalty, then by falling strength.
    """
    has_new = problem.known_classes < problem.current_logits.shape[1]
    settings = list(product(PENALTIES if has_new else (0.0,), STRENGTHS))
    folds = _folds(problem.truth[problem.sample_rows], problem.hidden[problem.sample_rows])
    is_own, reference_fold = problem.sample_id >= 0, problem.reference_id % _FOLDS
    fold_of_cell = np.where(is_own, folds[problem.sample_id], reference_fold)
    fold_of_cell[~is_own & (problem.reference_id < 0)] = -1
    logits = [problem.current_logits.copy() for _ in settings]
    for fold in range(_FOLDS):
        held_out = fold_of_cell == fold
        correction = yield from fit_on(problem, ~held_out)
        for (penalty, strength), found in zip(settings, logits, strict=True):
            tried = scaled(problem, correction, strength, penalty)
            found[held_out] = _corrected_logits(problem, tried, held_out)
        yield AdaptationProgress(Phase.VALIDATING, fold + 1, _FOLDS)
    pairs = zip(settings, logits, strict=True)
    return [_trial(problem, found, strength, penalty) for (penalty, strength), found in pairs]


def select(trials: list[Trial], floor: float) -> Trial:
    """Choose the highest penalty that reads almost as many of the samples as any other.

    Parameters
    ----------
    trials : list of Trial
        From ``cross_validate``.
    floor : float
        Accuracy on the reference set before all adaptation, 0 to 1.
    """
    each = [
        _best_strength([trial for trial in trials if trial.penalty == penalty], floor)
        for penalty in dict.fromkeys(trial.penalty for trial in trials)
    ]
    candidates = [trial for trial in each if keeps_reference(trial, floor)] or each
    most = max(trial.own_correct.sum() for trial in candidates)
    enough = most - _TOLERANCE * len(candidates[0].own_correct)
    return next(trial for trial in candidates if trial.own_correct.sum() >= enough)


def _best_strength(trials: list[Trial], floor: float) -> Trial:
    """Of the trials that keep the reference set, the one that reads most samples.

    The greatest strength comes first, so it wins a tie.
    """
    for headroom in (_HEADROOM, 0.0):
        candidates = [trial for trial in trials if keeps_reference(trial, floor, headroom)]
        if candidates:
            return max(candidates, key=lambda trial: trial.own_correct.sum())
    return trials[-1]


def keeps_reference(trial: Trial, floor: float, headroom: float = 0.0) -> bool:
    """Whether the loss on the reference set is permitted, with a share of it left unused."""
    lost = floor - trial.reference_score.accuracy
    return lost <= MAX_REFERENCE_LOSS / 100 * (1 - headroom) + 1e-9


def fit_on(problem: Problem, chosen: Mask) -> Generator[AdaptationProgress, None, Correction]:
    """Fit the cells where a mask is true; the weights of the other centres are 0.

    If all samples are of new classes, the logits of the known classes do not change.
    """
    rows = chosen & problem.is_used
    columns = chosen[problem.centres]
    centre_kernel = problem.kernel[problem.centres[columns]][:, columns]
    kernel, hidden = problem.kernel[rows][:, columns], problem.hidden[rows]
    moves_known = bool((problem.truth[problem.sample_id >= 0] < problem.known_classes).any())
    examples = problem.examples.take(rows)
    steps = fit(examples, kernel, centre_kernel, hidden, problem.known_classes, moves_known)
    reports = (AdaptationProgress(Phase.FITTING, done, done) for done in count(1))
    correction = yield from mapped(steps, lambda _: next(reports))
    weights = np.zeros((len(columns), problem.current_logits.shape[1]), np.float32)
    weights[columns] = correction.weights
    return replace(correction, weights=weights)


def _folds(classes: Indices, features: Array) -> Indices:
    """Fold of each sample: stratified by class, with copies in the same fold."""
    rounded = np.round(features, _DECIMALS)
    _, firsts, copy_of = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    folds = np.zeros(len(firsts), np.int64)
    folds[np.lexsort((firsts, classes[firsts]))] = np.arange(len(firsts)) % _FOLDS
    return np.asarray(folds[copy_of.reshape(-1)], np.int64)
