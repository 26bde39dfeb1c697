"""The type of a field at work on its lines: which readings it allows, and what it did to them.

A type is one more piece of evidence: a text that may not stand in the field is less probable by a
fixed factor. So the type decides where the ink leaves it open; where the ink clearly says something
else, the mass of that stays, and what was made to fit is doubtful.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from inkread.core.field_types.field_type import FieldType
from inkread.core.line_labels import OTHER
from inkread.core.reading import Glyph, Guess, line_text


@dataclass(frozen=True, slots=True)
class Params:
    """How much a type counts."""

    #: Nats against a text that may not stand in the field; chosen: of a hundred fields one holds
    #: something else.
    against: float = 4.6
    #: Nats against a text in a form that people seldom use; chosen: one of eight, such as times of
    #: day with a point.
    rare: float = 2.0
    #: Share of the most probable reading, with the type counted, that one that fits has at least;
    #: chosen: below, the ink plainly says something else, and is read as that.
    bent: float = 0.01
    #: Probability at most, 0 to 1, of the signs of a line that does not fit; chosen: either the
    #: writer or the reading is wrong.
    unfit: float = 0.5


PARAMS = Params()


@dataclass(slots=True)
class Field:
    """A type, and what was done to lines so that they fit.

    Attributes
    ----------
    type : FieldType
    bent : dict of str to str
        What the ink of a line says without the type, by the text that was made of it.
    currencies : set of str
        Texts beside which a sign of a currency was left out.
    """

    type: FieldType
    bent: dict[str, str] = field(default_factory=dict)
    currencies: set[str] = field(default_factory=set)

    def weight(self, text: str) -> float:
        """Nats, at most 0, that the type adds to the logarithm of a text's probability."""
        if not self.type.accepts(text):
            return -PARAMS.against
        return -PARAMS.rare if self.type.is_rare(text) else 0.0

    def tempered(self, seen: Mapping[str, float], text: str, place: int) -> dict[str, float]:
        """Probabilities by label at one place of a text, the rest of it as it is, with the type."""
        before, after = text[:place], text[place + 1 :]
        weights = np.exp([self.weight(before + label + after) for label in seen])
        values = np.array(list(seen.values())) * weights
        return dict(zip(seen, (values / values.sum()).tolist(), strict=True))

    def keep(self, text: str, without: str) -> None:
        """Note what a line that fits says, and what it would say without the type."""
        kept = text.replace(OTHER, "")
        if kept != text:
            self.currencies.add(kept)
        if not self.type.accepts(without):
            self.bent[kept] = without

    def is_fit(self, line: Sequence[Glyph]) -> bool:
        """Whether a line may stand in the field."""
        return self.type.accepts(line_text(line))

    def fitted(self, line: list[Glyph]) -> list[Glyph]:
        """A line as it is, or doubtful throughout if it does not fit."""
        if not line or self.is_fit(line):
            return line
        return [at_most(glyph, PARAMS.unfit) for glyph in line]

    def bent_to(
        self,
        line: list[Glyph],
        other: Sequence[Glyph],
        labels: Sequence[str],
        behind: float,
    ) -> list[Glyph]:
        """A line that cells alone read, with labels that fit; as it is if these are far behind.

        Parameters
        ----------
        line : list of Glyph
            As it reads without the type.
        other : sequence of Glyph
            Its glyphs where it fits, read without the type.
        labels : sequence of str
            Their labels.
        behind : float
            Nats by which they read worse.
        """
        share = 1 / (1 + math.exp(min(behind - PARAMS.against, 50.0)))
        if share < PARAMS.bent:
            return line
        text, known = "".join(labels), {(glyph.box, glyph.label) for glyph in line}
        self.keep(text, "".join(glyph.label for glyph in line))
        found = [self._labelled(glyph, text, place) for place, glyph in enumerate(other)]
        is_same = [(glyph.box, label) in known for glyph, label in zip(other, labels, strict=True)]
        if all(is_same):  # a mark was left out
            is_same = [False] * len(other)
        return [
            glyph if same else at_most(glyph, share)
            for glyph, same in zip(found, is_same, strict=True)
        ]

    def _labelled(self, glyph: Glyph, text: str, place: int) -> Glyph:
        """A glyph with the label of a text, as probable as the type makes it."""
        label = text[place]
        shares = {guess.label: guess.probability for guess in glyph.guesses}
        if not glyph.is_mark:
            shares = self.tempered(shares, text, place)
        own = shares.pop(label)
        rest = sorted(shares.items(), key=lambda each: -each[1])
        guesses = (Guess(label, own), *(Guess(*each) for each in rest))
        return at_most(replace(glyph, guesses=guesses, rejected=False), own)

    def notes(self, lines: Sequence[Sequence[Glyph]]) -> tuple[str, ...]:
        """Sentences about the lines that were kept."""
        found = []
        for line in lines:
            text = "".join(glyph.label for glyph in line)
            if not self.is_fit(line):
                found.append(f"{line_text(line)}: this does not fit the type {self.type}.")
            elif text in self.bent and any(glyph.is_doubtful for glyph in line):
                found.append(
                    f"{line_text(line)}: read so to fit the type {self.type}; "
                    f"without it, it would be {self.bent[text]}."
                )
            if text in self.currencies:
                found.append(f"{line_text(line)}: a sign beside it, of a currency, was left out.")
        return tuple(dict.fromkeys(found))


def at_most(glyph: Glyph, probability: float) -> Glyph:
    """A glyph whose label is no more probable than that; the label stays."""
    first, *others = glyph.guesses
    highest = max((other.probability for other in others), default=0.0)
    if first.probability <= probability and highest <= first.probability:
        return glyph
    if glyph.is_mark:
        rest = tuple(replace(o, probability=min(o.probability, probability)) for o in others)
        return replace(glyph, guesses=(Guess(first.label, probability), *rest))
    # The label stays the most probable one.
    probability = max(min(first.probability, probability), 1.1 / len(glyph.guesses))
    total, count = sum(other.probability for other in others), len(others)
    shares = [other.probability * (1 - probability) / max(total, 1e-9) for other in others]
    if max(shares, default=0.0) >= probability:
        shares = [(1 - probability) / count] * count
    rest = tuple(Guess(o.label, p) for o, p in zip(others, shares, strict=True))
    return replace(glyph, guesses=(Guess(first.label, probability), *rest))
