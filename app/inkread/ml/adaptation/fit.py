"""Fit the weights of an RBF memory and of new outputs: kernel logistic regression."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.ml.adaptation.head import log_softmax
from inkread.ml.adaptation.lbfgs import Vector, minimise
from inkread.ml.gradients.registry import Array

#: L2 penalty on the correction: ½ λ |c|², in the norm of the kernel's Hilbert space.
RIDGE_PENALTY = 1e-3
_MAX_STEPS = 30
_JITTER = 1e-3
"""Added to the diagonal of the kernel matrix: nearly equal centres make it singular."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Inputs of a fit.

    Attributes
    ----------
    logits : (n, k) array of float32
        Of the network without a memory.
    targets : (n, k) array of float32
        Target probabilities; each row adds up to 1.
    weights : (n,) array of float32
        Weight of each example, >= 0.
    """

    logits: Array
    targets: Array
    weights: Array

    def take(self, mask: NDArray[np.bool_]) -> TrainingSet:
        """The examples where the mask is true."""
        return TrainingSet(self.logits[mask], self.targets[mask], self.weights[mask])


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """Added to the logits: k(x) W + h(x) C.

    Attributes
    ----------
    weights : (m, k) array of float32
        W, of the memory.
    rows : (p, k) array of float32
        C, of the last layer; zero for all classes that are not new.
    """

    weights: Array
    rows: Array


def fit(
    examples: TrainingSet,
    kernel: Array,
    centre_kernel: Array,
    hidden: Array,
    known_classes: int,
    moves_known: bool,
) -> Generator[float, None, Correction]:
    """Minimise Σ wᵢ H(targetᵢ, softmax(sᵢ + kᵢW + hᵢC)) + ½ λ (tr WᵀKW + |C|²).

    Kernel logistic regression. W is sought in coordinates in which K is the identity, where
    L-BFGS needs few steps. The logits of new classes also depend on the inputs of the last layer:
    a memory alone reaches only the neighbourhood of the samples.

    Parameters
    ----------
    examples : TrainingSet
        n of them.
    kernel : (n, m) array of float32
        k, of each example with each centre.
    centre_kernel : (m, m) array of float32
        K, of the centres with one another.
    hidden : (n, p) array of float32
        h, with norms around 1.
    known_classes : int
        Count of classes that are not new.
    moves_known : bool
        Whether their logits may change.

    Yields
    ------
    float
        The loss after each step.

    Returns
    -------
    Correction
    """
    centres = len(centre_kernel)
    root = np.linalg.cholesky(centre_kernel.astype(np.float64) + _JITTER * np.eye(centres))
    whitening = np.linalg.inv(root).T.astype(np.float32)
    classes = examples.logits.shape[1]
    inputs = kernel @ whitening
    if known_classes < classes:
        inputs = np.concatenate([inputs, hidden], axis=1)
    is_free = np.ones((inputs.shape[1], classes), np.bool_)
    is_free[centres:, :known_classes] = False
    is_free[:, :known_classes] &= moves_known

    def objective(point: Vector) -> tuple[float, Vector]:
        weights = point.reshape(is_free.shape).astype(inputs.dtype)
        loss, slope = cross_entropy(examples, inputs, weights)
        gradient = (slope * is_free).ravel() + RIDGE_PENALTY * point
        return loss + RIDGE_PENALTY / 2 * float(point @ point), gradient

    point = yield from minimise(objective, np.zeros(is_free.size), _MAX_STEPS)
    found = point.reshape(is_free.shape).astype(np.float32)
    rows = np.zeros((hidden.shape[1], classes), np.float32)
    rows[: len(found) - centres] = found[centres:]
    return Correction(np.asarray(whitening @ found[:centres], np.float32), rows)


def cross_entropy(examples: TrainingSet, inputs: Array, weights: Array) -> tuple[float, Array]:
    """Σ wᵢ H(targetᵢ, softmax(sᵢ + xᵢW)), and its gradient with respect to W."""
    logs = log_softmax(examples.logits + inputs @ weights)
    each = examples.weights[:, np.newaxis]
    loss = -float((each * examples.targets * logs).sum(dtype=np.float64))
    slope: Array = inputs.T @ (each * (np.exp(logs) - examples.targets))
    return loss, slope
