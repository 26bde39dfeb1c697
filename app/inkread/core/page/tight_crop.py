"""One bold sign that a picture is cropped to: more ink than paper, of which only slivers are left.

No paper can be estimated between such lines. But where a page has two greys (Otsu 1979), and one
of them has nearly all of the border, the other one is ink if it is a single, long blob.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.reading import Grey

#: So much of the page's variance lies between the two greys.
_TWO_GREYS = 0.8
#: Ink covers at least this much of the page: where it is less there is paper to be seen.
_LEAST_COVER = 0.3
#: So much of the border is paper.
_PAPER_BORDER = 0.92
#: So much of the ink is one blob.
_ONE_BLOB = 0.97
#: A sign, its holes filled, is so many times as long as it is wide; a sheet of paper is 1.4.
_LONG = 1.8
#: What fills so much of the rectangle around it may be a strip of paper: it is no ink if it has
#: holes, which would be what is written on it.
_RECTANGULAR = 0.85


@dataclass(frozen=True, slots=True)
class Bold:
    """What tells bold ink from its paper: the mean greys of both."""

    ink: float
    paper: float


def find_bold(small: Grey) -> Bold | None:
    """The greys of bold ink and its paper.

    Parameters
    ----------
    small : (h, w) array of uint8
        A page, reduced or not.

    Returns
    -------
    Bold or None
        None if it is no page of one bold sign.
    """
    soft = np.asarray(cv2.blur(small, (3, 3)), np.uint8)
    light = np.asarray(
        cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1], np.uint8
    )
    border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]]) > 0
    share = float(border.mean())
    if max(share, 1 - share) < _PAPER_BORDER:
        return None
    ink = np.asarray(cv2.bitwise_not(light), np.uint8) if share > 0.5 else light
    cover = cv2.countNonZero(ink) / ink.size
    if not _LEAST_COVER < cover < 1:
        return None
    bold = Bold(cv2.mean(soft, ink)[0], cv2.mean(soft, cv2.bitwise_not(ink))[0])
    between = cover * (1 - cover) * (bold.ink - bold.paper) ** 2
    is_plain = between >= _TWO_GREYS * float(cv2.meanStdDev(soft)[1][0, 0]) ** 2
    return bold if is_plain and _is_sign(ink) else None


def _is_sign(ink: Grey) -> bool:
    """Whether ink is one long blob, and no sheet of paper."""
    blobs, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(blobs, key=cv2.contourArea)
    filled = cv2.drawContours(np.zeros_like(ink), [outline], -1, 255, cv2.FILLED)
    own, area = cv2.countNonZero(cv2.bitwise_and(ink, filled)), cv2.countNonZero(filled)
    if own < _ONE_BLOB * cv2.countNonZero(ink):
        return False
    room = cv2.copyMakeBorder(filled, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    width = 2 * float(cv2.distanceTransform(room, cv2.DIST_L2, 5).max())
    if area < _LONG * width**2:
        return False
    around = cv2.minAreaRect(outline)[1]
    return own == area or area < _RECTANGULAR * around[0] * around[1]


def split_bold(grey: Grey, bold: Bold) -> Grey:
    """Strength of bold ink.

    Parameters
    ----------
    grey : (h, w) array of uint8
        The page.
    bold : Bold
        The greys of its ink and paper.

    Returns
    -------
    (h, w) array of uint8
        0: paper, 255: ink.
    """
    levels = (np.arange(256) - bold.paper) * (255 / (bold.ink - bold.paper))
    return np.asarray(cv2.LUT(grey, np.clip(np.rint(levels), 0, 255).astype(np.uint8)), np.uint8)
