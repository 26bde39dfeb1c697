"""How to train: everything but the network and the data."""

from __future__ import annotations

from dataclasses import dataclass, field

from inkread.ml.training.batches import Augment
from inkread.ml.training.losses import Loss, SoftmaxCrossEntropy
from inkread.ml.training.optimisers import AdamW, Optimiser
from inkread.ml.training.schedules import OneCycle, Schedule


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes
    ----------
    epochs, batch : int
        Passes over the data; samples in a step.
    rate : float
        Maximum learning rate.
    average : float, optional
        See ``Settings``.
    clip : float, optional
        See ``Settings``.
    augment : callable, optional
        Changes cells before they are learned.
    calm : callable, optional
        Replaces `augment` in the last `calm_epochs`, and changes less: networks end a little
        better on unchanged cells (He et al. 2019, "Data augmentation revisited").
    calm_epochs : int
        Last passes, with `calm`.
    keeps_last : bool
        Return the network of the last pass, not the best one on held-out data: after a whole
        schedule the last is the best, and less of that is chance.
    seed : int
        Same seed, data and machine: same weights.
    """

    epochs: int = 12
    batch: int = 64
    rate: float = 0.003
    loss: Loss = field(default_factory=SoftmaxCrossEntropy)
    optimiser: Optimiser = field(default_factory=AdamW)
    schedule: Schedule = field(default_factory=OneCycle)
    clip: float | None = None
    average: float | None = None
    augment: Augment | None = None
    calm: Augment | None = None
    calm_epochs: int = 0
    keeps_last: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse impossible numbers.

        Raises
        ------
        ValueError
            With the reason in words.
        """
        if self.epochs < 1 or self.batch < 1:
            raise ValueError("epochs and batch must be at least 1")
        if not 0 <= self.calm_epochs <= self.epochs:
            raise ValueError("calm epochs must be among the epochs")
        if self.rate <= 0:
            raise ValueError("the learning rate must be above 0")
        if self.clip is not None and self.clip <= 0:
            raise ValueError("the limit of the gradient must be above 0")
        if self.average is not None and not 0 <= self.average < 1:
            raise ValueError("the decay of the average must be at least 0 and below 1")
