"""The end of a classifier: the one or two dense layers that make an answer of what it sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkread.ml.gradients.registry import Array


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """scores = W x + b, or W max(0, V x + c) + b, for features x.

    Attributes
    ----------
    labels : tuple of str
        The classes.
    layers : tuple of (k, d + 1) arrays of float32
        One or two, in the order of use: of each output the weights and, last, the bias.
    """

    labels: tuple[str, ...]
    layers: tuple[Array, ...]

    def scores(self, features: Array) -> Array:
        """(n, d) features -> (n, k)."""
        return self.hidden(features) @ self.layers[-1].T

    def hidden(self, features: Array) -> Array:
        """What the last layer is given, and a one for its bias: (n, d) features -> (n, p)."""
        for layer in self.layers[:-1]:
            features = np.maximum(_with_one(features) @ layer.T, 0)
        return _with_one(features)

    def grown(self, labels: tuple[str, ...]) -> Head:
        """With a row for each further label, which is as unlikely as the least likely one.

        Parameters
        ----------
        labels : tuple of str
            Those that there are, in their order, and then new ones.
        """
        if labels == self.labels:
            return self
        last = self.layers[-1]
        new = np.zeros((len(labels) - len(self.labels), last.shape[1]), np.float32)
        new[:, -1] = last[:, -1].min()
        return Head(labels, (*self.layers[:-1], np.concatenate([last, new])))

    def moved(self, rows: Array) -> Head:
        """With (k, p) added to the last layer."""
        return Head(self.labels, (*self.layers[:-1], self.layers[-1] + rows))


def _with_one(inputs: Array) -> Array:
    return np.concatenate([inputs, np.ones_like(inputs[:, :1])], axis=1)


def log_softmax(scores: Array) -> Array:
    """The logarithm of the softmax of each row."""
    behind = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(behind - np.log(np.exp(behind).sum(axis=1, keepdims=True)))


def probabilities(scores: Array) -> Array:
    """Softmax of each row."""
    return np.asarray(np.exp(log_softmax(scores)))
