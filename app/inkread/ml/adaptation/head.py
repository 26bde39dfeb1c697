"""The head of a classifier: its last one or two dense layers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkread.ml.gradients.registry import Array


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """logits = W x + b, or W max(0, V x + c) + b, for features x.

    Attributes
    ----------
    labels : tuple of str
        The classes.
    layers : tuple of (k, d + 1) arrays of float32
        One or two, in the order of use: weights of each output, its bias in the last column.
    """

    labels: tuple[str, ...]
    layers: tuple[Array, ...]

    def logits(self, features: Array) -> Array:
        """(n, d) features -> (n, k)."""
        return self.hidden(features) @ self.layers[-1].T

    def hidden(self, features: Array) -> Array:
        """Inputs of the last layer, with a 1 for its bias: (n, d) features -> (n, p)."""
        for layer in self.layers[:-1]:
            features = np.maximum(_with_one(features) @ layer.T, 0)
        return _with_one(features)

    def with_classes(self, labels: tuple[str, ...]) -> Head:
        """Add an output for each new label, with zero weights and the lowest bias of the others.

        Parameters
        ----------
        labels : tuple of str
            The present labels in their order, then the new ones.
        """
        if labels == self.labels:
            return self
        last = self.layers[-1]
        new = np.zeros((len(labels) - len(self.labels), last.shape[1]), np.float32)
        new[:, -1] = last[:, -1].min()
        return Head(labels, (*self.layers[:-1], np.concatenate([last, new])))

    def plus(self, weights: Array) -> Head:
        """Add (k, p) to the weights of the last layer."""
        return Head(self.labels, (*self.layers[:-1], self.layers[-1] + weights))


def _with_one(inputs: Array) -> Array:
    return np.concatenate([inputs, np.ones_like(inputs[:, :1])], axis=1)


def log_softmax(logits: Array) -> Array:
    """Logarithm of the softmax of each row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def softmax(logits: Array) -> Array:
    """Softmax of each row."""
    return np.asarray(np.exp(log_softmax(logits)))
