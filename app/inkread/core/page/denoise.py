"""Takes the noise off photos that were taken in the dark or show faint ink: before it is told from
the paper, so that lines do not break up and grain makes no ink.
"""

from __future__ import annotations

import cv2
import numpy as np

from inkread.core.page.background import inside
from inkread.core.page.contrast import cut, ink_level, noise_beside
from inkread.core.quantiles import quantile
from inkread.core.reading import Grey
from inkread.core.stroke_width import line_width

#: The paper of a dark page is brought to this grey, by so many times at most, at least so many.
_PAPER_LEVEL = 235.0
_PAPER_QUANTILE = 0.98
_GAINS = (1.5, 4.0)
#: A median with this window, px of the small page, is the paper beside thin lines.
_MEDIAN = 31
#: A page is noisy if noise has this part of the ink's strength.
_NOISY = 0.1
#: Lines of the small page look wider by this, in all and by the factor.
_WIDER, _WIDER_BY = 0.9, 0.6
#: Standard deviation of the smoothing, in widths of the lines.
_SMOOTHING = 0.25


def calmed(grey: Grey, small: Grey) -> Grey:
    """A page with thin lines, brightened and smoothed where it is dark or noisy.

    Parameters
    ----------
    grey : (h, w) array of uint8
        Dark thin lines on light paper, evenly lit or not.
    small : (h', w') array of uint8
        The same, reduced.

    Returns
    -------
    (h, w) array of uint8
        `grey` itself where nothing is to be done.
    """
    least, most = _GAINS
    gain = min(most, _PAPER_LEVEL / max(1.0, quantile(small, _PAPER_QUANTILE)))
    if gain >= least:
        grey, small = (
            np.asarray(cv2.convertScaleAbs(g, alpha=gain), np.uint8) for g in (grey, small)
        )
    paper = np.asarray(cv2.medianBlur(small, _MEDIAN), np.uint8)
    ink = np.asarray(cv2.subtract(paper, small), np.uint8)
    level = ink_level(ink)
    if level is None or noise_beside(grey, paper) < _NOISY * level:
        return grey
    wide = (line_width(inside(cut(ink, level))) - _WIDER) * (1 + _WIDER_BY)
    spread = _SMOOTHING * max(0.0, wide) * max(grey.shape) / max(small.shape)
    # A stack of r + 1 boxes has a variance of r (r + 2) / 6.
    reach = round(float(np.sqrt(6 * spread**2 + 1)) - 1)
    if reach == 0:
        return grey
    return np.asarray(cv2.stackBlur(grey, (2 * reach + 1, 2 * reach + 1)), np.uint8)
