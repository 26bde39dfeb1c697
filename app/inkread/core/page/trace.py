"""What a person sees of the stages of a page."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from inkread.core.page.state import PageState, Reason
from inkread.core.picture.downsample import fitted
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True, eq=False)
class TraceStep:
    """A page after one stage.

    Attributes
    ----------
    name : str
        The stage, in words, such as "rectify sheet".
    picture : (h, w) array of uint8
        The page after it, dark on light as soon as the polarity is known.
    note : str
        What the stage did, one sentence.
    """

    name: str
    picture: Grey
    note: str

    def reduced(self, side: int) -> TraceStep:
        """The same with a picture whose longer side has at most `side` px."""
        return replace(self, picture=fitted(self.picture, side))


def picture_of(state: PageState) -> Grey:
    """The page as far as its stages have come; at the end, non-text is a light shade."""
    found = {removed.reason for removed in state.removed} - {Reason.RULING, Reason.FORM_BOX}
    if state.blobs or found:
        text = np.isin(state.labels, [blob.label for blob in state.blobs])
        return np.where(text, np.uint8(0), 255 - state.mask // 4)
    if state.mask.size:
        return 255 - state.mask
    if state.ink is not None:
        gain = 255 / max(1.0, state.level or 255.0)
        return np.asarray(255 - np.minimum(255, state.ink * gain), np.uint8)
    return state.grey
