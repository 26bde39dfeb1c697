"""Result of an adaptation: scores before and after, and whether the candidate is accepted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

#: Maximum loss of accuracy on the reference set, in percentage points.
MAX_REFERENCE_LOSS = 0.1


class Phase(Enum):
    """Phases of an adaptation; the command line prints the values."""

    RENDERING = "drawing"
    EXTRACTING = "reading"
    VALIDATING = "cross-validating"
    FITTING = "learning"


@dataclass(frozen=True, slots=True)
class AdaptationProgress:
    """Steps of a phase that are done, and their total."""

    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Score:
    """Count of cells that are read correctly, and of all."""

    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """0 to 1; 1 if the count is 0."""
        return self.right / self.count if self.count else 1.0


class Reason(StrEnum):
    """Why a candidate is accepted or rejected."""

    BETTER = "better"
    NOT_WORSE = "not worse"
    OWN_WORSE = "own samples worse"
    FORGETS = "forgets"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The candidate compared with the model that it was adapted from.

    Attributes
    ----------
    own_before, own_after : Score
        On the person's own samples, each read by a candidate that was fitted without it.
    reference_before, reference_after : Score
        On the reference set, each cell read by a candidate that was fitted without it. If all
        samples are known already, both are of the present model with its memory.
    reason : Reason
    model : bytes or None
        The ONNX file of the candidate; None if it is rejected.
    labels : tuple of str
        Its classes.
    new_labels : tuple of str
        Those of them that the previous model did not have.
    samples : int
        Count of samples.
    """

    own_before: Score
    own_after: Score
    reference_before: Score
    reference_after: Score
    reason: Reason
    model: bytes | None
    labels: tuple[str, ...]
    new_labels: tuple[str, ...]
    samples: int

    @property
    def is_accepted(self) -> bool:
        return self.model is not None

    @property
    def before(self) -> dict[str, float]:
        """Scores of the previous model, as a model's card keeps them."""
        return _figures(self.own_before, self.reference_before)

    @property
    def after(self) -> dict[str, float]:
        """Scores of the candidate."""
        return _figures(self.own_after, self.reference_after)


def _figures(own: Score, reference: Score) -> dict[str, float]:
    return {"own_samples": own.accuracy, "reference": reference.accuracy}
