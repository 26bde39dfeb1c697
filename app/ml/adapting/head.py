"""The end of a classifier: the one or two dense layers that make an answer of what it sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.ml.gradients.registry import Array


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

    @property
    def size(self) -> int:
        """The number of its weights."""
        return sum(layer.size for layer in self.layers)

    def logits(self, features: Array) -> Array:
        """(n, d) features -> (n, k) scores."""
        return dense(self.hidden(features), self.layers[-1])

    def hidden(self, features: Array) -> Array:
        """What the last layer is given."""
        return features if len(self.layers) == 1 else relu(dense(features, self.layers[0]))

    def answers(self, features: Array) -> Array:
        """(n,) int64: the best class of each, a place in `labels`."""
        best: Array = self.logits(features).argmax(axis=1)
        return best

    def grown(self, labels: tuple[str, ...]) -> Head:
        """With a row for each further label, which begins as unlikely as the least likely one.

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


def dense(inputs: Array, layer: Array) -> Array:
    """(n, d) inputs and a (k, d + 1) layer -> (n, k)."""
    outputs: Array = inputs @ layer[:, :-1].T + layer[:, -1]
    return outputs


def relu(values: Array) -> Array:
    """max(0, x)."""
    return np.asarray(np.maximum(values, 0))


def probabilities(logits: Array) -> Array:
    """Softmax of each row."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
