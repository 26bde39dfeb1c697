"""Threshold and invert: from a grey page to bright ink on black, whatever the light and colours.

What is darker than the paper is ink (light ink: on the page inverted). In the shade the same ink
is less dark by the same factor as the paper, so that it is strengthened there. It is cut at half
its height, where the edge of a blurred line lies.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from inkread.core.page.background import lit_ink, lit_lines, small_of
from inkread.core.page.binary import Binary
from inkread.core.page.contrast import cut, noise_of
from inkread.core.page.denoise import calmed
from inkread.core.page.form_boxes import unframed
from inkread.core.page.illumination import evened
from inkread.core.page.non_text import text_blobs
from inkread.core.page.polarity import lines_are_light, of_surfaces
from inkread.core.page.remove_rulings import without_rules
from inkread.core.page.sheet import flattened
from inkread.core.page.state import PageState
from inkread.core.page.texture import level_above_roughness
from inkread.core.page.tight_crop import find_bold, split_bold
from inkread.core.picture.downsample import half_of
from inkread.core.picture.page import Page
from inkread.core.reading import Grey


def clean(page: Page, *, rectify: bool = True, half_size: bool = False) -> PageState:
    """Separate the text of a page from everything else.

    Parameters
    ----------
    page : Page
        As decoded.
    rectify : bool
        Whether to look for a sheet in the photo; false: all of the picture is the page.
    half_size : bool
        Whether to work at half the size, in a quarter of the time.
    """
    grey, scale = (half_of(page.grey), page.scale / 2) if half_size else (page.grey, page.scale)
    view = flattened(replace(page, grey=grey, scale=scale)) if rectify else None
    to_file = np.diag([1 / scale, 1 / scale, 1.0])
    is_rectified = view is not None and view.back is not None
    if view is not None and view.back is not None:
        grey, to_file = view.page.grey, view.back
    binary, labels, stats = unframed(binarise(grey))
    blobs, removed = text_blobs(labels, stats)
    return PageState(
        seen=grey,
        to_file=to_file,
        is_rectified=is_rectified,
        quarters=0,
        light_on_dark=binary.light_on_dark,
        mask=binary.mask,
        soft=binary.soft,
        labels=labels,
        blobs=blobs,
        removed=removed,
    )


def binarise(grey: Grey) -> Binary:
    """Tell ink from paper.

    Parameters
    ----------
    grey : (h, w) array of uint8
        Dark on light or light on dark, evenly lit or not.

    Returns
    -------
    Binary
        With an empty mask if nothing stands out from the paper.
    """
    grey = evened(grey)
    small = small_of(grey)
    lines = lines_are_light(small)
    bold = find_bold(small) if lines is None else None
    if bold is not None:
        soft = split_bold(grey, bold)
        return Binary(_halved(soft), soft, bold.ink > bold.paper)
    light_on_dark = of_surfaces(small) if lines is None else lines
    dark, small = (255 - g if light_on_dark else g for g in (grey, small))
    if lines is not None:
        dark = calmed(dark, small)
    mask, soft = _split(dark, is_thin=lines is not None)
    return Binary(mask, soft, light_on_dark)


def _halved(soft: Grey) -> Grey:
    return np.asarray(cv2.threshold(soft, 127, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _split(grey: Grey, is_thin: bool) -> tuple[Grey, Grey]:
    """Mask and soft strength of dark ink, without rules."""
    found = lit_lines(grey) if is_thin else (lit_ink(grey), 0.0)
    ink, noise = found or (None, 0.0)
    level, grain = None, 0.0
    if ink is not None:
        grain = noise_of(ink)
        ink = without_rules(ink, grain)
        level = level_above_roughness(ink, grain, noise)
    if ink is None or level is None:
        return np.zeros_like(grey), np.zeros_like(grey)
    soft = cv2.convertScaleAbs(ink, alpha=255 / level)
    return cut(ink, level, grain), np.asarray(soft, np.uint8)
