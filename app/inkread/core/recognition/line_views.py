"""One line seen at several sizes by a line network, and what texts it shows in all of them.

The network makes other mistakes where the same digits are a little larger or smaller; the mean of
the logarithms of its probabilities makes fewer than any size alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.core.field_types.automaton import Automaton
from inkread.core.line_picture import LinePicture, resized
from inkread.core.recognition.ctc_decode import aligned, decoded, log_probabilities, texts_within
from inkread.core.recognition.line_hypothesis import LineHypothesis
from inkread.core.recognition.line_reader import LineReader, logits_of

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Params:
    """At what sizes a line is seen."""

    #: Size beside its own, as a factor; measured: of 198 pen-written numbers of fold 1 as strokes
    #: and as pictures the line network alone reads 176 and 175, with this and the next 178 and 178
    #: (0.9 alone: 174 and 175, 1.1 alone: 176 and 169).
    smaller: float = 0.9
    #: Another one; measured: as `smaller`.
    larger: float = 1.1
    #: Steps of a line that is seen so; chosen: some thirty digits, as are decoded at once.
    max_steps: int = 256


PARAMS = Params()
#: At how many sizes a line is seen.
SIZES = 3


@dataclass(frozen=True, slots=True, eq=False)
class LineViews:
    """A line at its own size and at others.

    Attributes
    ----------
    picture : LinePicture
        At its own size.
    logits : tuple of (T, k + 1) arrays
        At each size, its own first.
    labels : tuple of str
        The k signs.
    """

    picture: LinePicture
    logits: tuple[Logits, ...]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, picture: LinePicture, logits: Logits, lines: LineReader) -> LineViews:
        """The views of a line whose logits at its own size are known."""
        sizes = (PARAMS.smaller, PARAMS.larger) if len(logits) <= PARAMS.max_steps else ()
        others = logits_of(lines, [resized(picture.image, size) for size in sizes])
        return cls(picture, (logits, *others), lines.labels)

    def found(
        self, also: Sequence[str] = (), automaton: Automaton | None = None
    ) -> tuple[LineHypothesis, ...]:
        """The most probable texts of each view, as probable as all views find them; the best first.

        Empty texts are none of them.

        Parameters
        ----------
        also : sequence of str, optional
            More texts, where there are several views; none that have other signs than the labels,
            or more than the line has steps.
        automaton : Automaton, optional
            The most probable texts that it accepts are found as well.
        """
        own = decoded(self.logits[0], self.labels)
        within = [] if automaton is None else self._within(automaton)
        if len(self.logits) == 1 and not within:
            return tuple(each for each in own if each.text)
        texts = [each.text for each in own]
        if len(self.logits) > 1:
            texts += [text for text in also if self._may_be(text)]
        texts += [each.text for rows in self.logits[1:] for each in decoded(rows, self.labels)]
        return self.hypotheses([*texts, *within])

    def _may_be(self, text: str) -> bool:
        return set(text) <= set(self.labels) and len(text) <= min(map(len, self.logits))

    def _within(self, automaton: Automaton) -> list[str]:
        """The texts that an automaton accepts, of all views."""
        if len(self.logits[0]) > PARAMS.max_steps:
            return []
        return [t for rows in self.logits for t in texts_within(rows, self.labels, automaton)]

    def hypotheses(self, texts: Iterable[str]) -> tuple[LineHypothesis, ...]:
        """Texts as probable as all views find them, with places in the picture; the best first.

        What is empty, or cannot be in the picture, is left out; all of them where a line is too
        long to be looked at so.
        """
        if len(self.logits[0]) > PARAMS.max_steps:
            return ()
        wanted = [text for text in dict.fromkeys(texts) if text]
        found = aligned(self.logits[0], self.labels, wanted)
        if not found:
            return ()
        seen = [each.text for each in found]
        logs = [np.array([each.log_probability for each in found])]
        logs += [log_probabilities(rows, self.labels, seen) for rows in self.logits[1:]]
        mean = np.mean(logs, axis=0).tolist()
        both = (replace(h, log_probability=log) for h, log in zip(found, mean, strict=True))
        return tuple(sorted(both, key=lambda each: -each.log_probability))
