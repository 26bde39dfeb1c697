"""Stroke width of a glyph."""

from __future__ import annotations

import cv2
import numpy as np

from inkread.core.reading import Grey


def line_width(glyph: Grey) -> float:
    """Mean stroke width of a glyph, px.

    A stroke of length n and width w has the area n w and an outline of about 2 n.
    """
    mask = (glyph > 127).astype(np.uint8)
    outline, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    length = sum(cv2.arcLength(contour, True) for contour in outline)
    area = float(mask.sum())
    # The outline runs through the centres of the outermost pixels, half a pixel inside the edge.
    return 2 * area / (length + 2 * area / max(area, 1) + 1e-6) if length else 1.0
