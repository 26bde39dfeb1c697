"""The baseline: a simple program reads a page of several digits."""

from __future__ import annotations

import cv2
import numpy as np

from inkread.core.cell import cell_from_glyph
from inkread.core.classifier import Classifier
from inkread.core.picture.page import Page


def read_blobs(page: Page, classifier: Classifier) -> str:
    """Every connected blob of dark ink (Otsu 1979) is a digit; from left to right."""
    _, mask = cv2.threshold(page.grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    _, blobs, stats, _ = cv2.connectedComponentsWithStats(np.asarray(mask, np.uint8))
    large = [i for i in range(1, len(stats)) if stats[i, cv2.CC_STAT_HEIGHT] > 5]
    cells = []
    for i in sorted(large, key=lambda i: int(stats[i, cv2.CC_STAT_LEFT])):
        x, y, width, height = (int(value) for value in stats[i, :4])
        own = blobs[y : y + height, x : x + width] == i
        cells.append(cell_from_glyph(np.asarray(own * np.uint8(255)))[0])
    if not cells:
        return ""
    best = classifier.probabilities(np.stack(cells)[:, np.newaxis]).argmax(axis=1)
    return "".join(classifier.labels[i] for i in best)
