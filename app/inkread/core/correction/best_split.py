"""Primitives read as a person groups them; one glyph as two, split where both read best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.reading import Glyph
from inkread.core.recognition.recognise import glyph_of, settled
from inkread.core.segmentation import prices
from inkread.core.segmentation.primitives import Primitives

Members = tuple[int, ...]


def glyphs_of(
    primitives: Primitives, groups: Sequence[Members], classifier: Classifier
) -> list[Glyph]:
    """Each group of primitives read as one glyph, on line 0."""
    made = [primitives.cell(members) for members in groups]
    rows = classifier.probabilities(np.stack([cell for cell, _ in made])[:, np.newaxis])
    boxes = [primitives.in_file(primitives.outline(members)) for members in groups]
    return [
        settled(glyph_of(box, 0, row, classifier, *cell))
        for box, row, cell in zip(boxes, rows, made, strict=True)
    ]


def best_split(
    primitives: Primitives, splits: Sequence[tuple[Members, Members]], classifier: Classifier
) -> tuple[Glyph, Glyph] | None:
    """The two glyphs of the split that leaves the least doubt; None if there is no split.

    Doubt alone decides: that there are two glyphs is certain, so that cuts cost nothing. Of 900
    pairs of pen-written digits (folds 2 to 4) that touch on a page 94.3 % are split right, and of
    531 pairs in one stroke 75.9 %; with prices for the ink that is cut, for halves of different
    width or for halves above one another 80 to 92 % and 61 to 71 % (tests.benchmarks.splits
    --count 900).
    """
    if not splits:
        return None
    glyphs = glyphs_of(primitives, [half for split in splits for half in split], classifier)
    pairs = zip(glyphs[::2], glyphs[1::2], strict=True)
    return min(pairs, key=lambda pair: sum(prices.doubt(glyph.probability) for glyph in pair))
