"""What came of learning: figures before and after, and whether the candidate is taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

#: Points of accuracy (percent) that the reference set may lose.
MAX_LOST = 0.1


class Phase(Enum):
    """What learning is at."""

    DRAWING = "drawing"
    READING = "reading"
    TRYING = "trying"
    LEARNING = "learning"


@dataclass(frozen=True, slots=True)
class Adapting:
    """How much of a phase is done, of how much."""

    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Score:
    """How many were read right, of how many."""

    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """0 to 1; 1 of none."""
        return self.right / self.count if self.count else 1.0


class Reason(StrEnum):
    """Why a candidate is taken, or not."""

    BETTER = "better"
    NOT_WORSE = "not worse"
    OWN_WORSE = "own samples worse"
    FORGETS = "forgets"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The candidate beside the model that it comes from.

    Attributes
    ----------
    own_before, own_after : Score
        On a person's own samples: each read by a candidate that had not learned it.
    reference_before, reference_after : Score
        On the reference set: each read by a candidate that had not rehearsed it. If all samples
        are known already, both are of the model as it is, by heart.
    reason : Reason
    model : bytes or None
        The ONNX file of the candidate; None if it is not taken.
    labels : tuple of str
        Its classes.
    new_labels : tuple of str
        Those of them that the model before did not know.
    samples : int
        So many were learned.
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
    def is_taken(self) -> bool:
        return self.model is not None

    @property
    def before(self) -> dict[str, float]:
        """Figures of the model that the candidate comes from, as a model's card keeps them."""
        return _figures(self.own_before, self.reference_before)

    @property
    def after(self) -> dict[str, float]:
        """Figures of the candidate."""
        return _figures(self.own_after, self.reference_after)


def _figures(own: Score, reference: Score) -> dict[str, float]:
    return {"own_samples": own.accuracy, "reference": reference.accuracy}
