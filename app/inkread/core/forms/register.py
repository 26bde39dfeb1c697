"""Registration: where the points of a form template are on a scan.

Key points (ORB, Rublee 2011) of print and scan give a homography, first in any direction, then once
more on the scan that is brought into place, where none is turned any more. Correlation (ECC,
Evangelidis 2008) refines it by all of the print. Paper that does not lie flat is followed by a
polynomial, fitted as a flow is (Lucas and Kanade 1981).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.forms.bend import Bend, fit_bend
from inkread.core.forms.form_print import PARAMS as PRINT
from inkread.core.forms.form_print import FormPrint, ink_contrast, reduced_to
from inkread.core.forms.print_fit import PrintFit, fit_of
from inkread.core.geometry import Matrix
from inkread.core.reading import Grey

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the registration."""

    #: Key points of the print, and of a scan; chosen: bounds the work, a page of print has as many.
    print_points: int = 2000
    scan_points: int = 3000
    #: Px, shorter side of a scan at least; chosen: key points are looked at in windows of 31.
    min_side: int = 64
    #: Distance of a match over that of the next best; measured by tests.benchmarks.forms: 0.7 to
    #: 0.95 find all 18 dark, bent and small forms of seeds 0 to 5.
    ratio: float = 0.85
    #: Px of the print by which a match may be off; chosen: paper that bends.
    off: float = 3.0
    #: Matches at least; chosen: a homography is sure with twice the points that make one.
    min_matches: int = 8
    #: Px, sigma of the smoothing before correlating; chosen: lines are as wide.
    smooth: float = 2.0
    #: The same before the ways round are compared, and how many of them are tried; chosen: letters
    #: blur into lines; a form that is but lines may look alike twice.
    coarse: float = 6.0
    outlines: int = 2
    #: Steps of correlating, and its gain at which it ends; chosen: most end after ten.
    steps: int = 30
    #: By how much pictures are reduced at first; chosen: print stays more than a px.
    reduced: int = 3
    gain: float = 1e-5
    #: By how much the fit must be better with a bend, or in another direction; chosen: less is
    #: chance.
    better: float = 0.01
    #: Correlation from which on paper lies flat; measured: flat scans have 0.99.
    flat: float = 0.97
    #: Fit below which no bend is looked for; chosen: it is another form, or another direction.
    bendable: float = 0.4
    #: Fit of the print turned, from which on it looks alike; chosen: the rest is a word or two.
    alike: float = 0.7
    #: By how much the fit may be less where it is turned; chosen: as above.
    turned: float = 0.3
    #: Fit from which on nothing else is tried; measured by tests.benchmarks.forms: forms
    #: in place mostly have more.
    good: float = 0.97


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """Where the print of a form is on a page.

    Attributes
    ----------
    matrix : (3, 3) array of float64
        Homography from px of the print (bent) to px of the page.
    bend : Bend or None
        How its paper bends; None: it lies flat.
    fit : PrintFit
        How much of the print is there.
    """

    matrix: Matrix
    bend: Bend | None
    fit: PrintFit

    def to_page(self, points: Points) -> Points:
        """Points of the print, (..., 2), px, on the page."""
        bent = points if self.bend is None else points + self.bend.at(points)
        there = bent @ self.matrix[:, :2].T + self.matrix[:, 2]
        return np.asarray(there[..., :2] / there[..., 2:], np.float64)


def register(printed: FormPrint, grey: Grey) -> Registration | None:
    """Find a form on a page: the first of `registrations`. None: there is none."""
    return next(iter(registrations(printed, grey)), None)


def registrations(printed: FormPrint, grey: Grey) -> tuple[Registration, ...]:
    """Find a form on a page.

    Parameters
    ----------
    printed : FormPrint
        What is printed on the form.
    grey : (h, w) array of uint8
        The page, dark on light; it may lie, lean, be larger or smaller, or be a photo.

    Returns
    -------
    tuple of Registration
        The best place first, which need not fit; others where the form looks alike turned.
    """
    small, to_page = reduced_to(grey, PRINT.scan_side)
    scan = ink_contrast(small)
    best: Registration | None = None
    for start in _starts(printed, scan):
        found = _refined(printed, scan, start)
        if best is None or found.fit.share > best.fit.share:
            best = found
        if best.fit.share >= PARAMS.good:
            break
    if best is None:
        return ()
    places = [best]
    if best.fit.share >= PARAMS.bendable:
        for turn in _symmetries(printed):
            other = _refined(printed, scan, np.asarray(best.matrix @ turn, np.float64))
            if other.fit.share >= best.fit.share - PARAMS.turned:
                places.append(other)
    return tuple(
        Registration(np.asarray(to_page @ each.matrix, np.float64), each.bend, each.fit)
        for each in places
    )


@lru_cache(maxsize=4)
def _symmetries(printed: FormPrint) -> tuple[Matrix, ...]:
    """The quarter turns of a form's print that look like it, from its px to its px."""
    corners = _around_ink(printed.image)
    if corners is None:
        return ()
    found = list[Matrix]()
    for turn in (1, 2, 3):
        turned = np.roll(corners, -turn, axis=0)
        matrix = np.asarray(cv2.getPerspectiveTransform(corners, turned), np.float64)
        step = _by_coarse_correlation(printed, printed.image, matrix, printed.around)
        each = matrix if step is None else step
        if fit_of(printed, _placed(printed.image, each, printed)).share >= PARAMS.alike:
            found.append(each)
    return tuple(found)


def _refined(printed: FormPrint, scan: Grey, start: Matrix) -> Registration:
    """The registration near a homography from the print to the scan."""
    around = printed.around
    matrix, fit = start, fit_of(printed, _placed(scan, start, printed))
    for refine in (_by_points, _by_coarse_correlation, _by_correlation):
        if refine is _by_correlation and fit.share < PARAMS.bendable:
            break  # no further work on another form
        other = refine(printed, scan, matrix, around)
        if other is None:
            continue
        after = fit_of(printed, _placed(scan, other, printed))
        if after.correlation > fit.correlation:
            matrix, fit = other, after
    if fit.correlation >= PARAMS.flat or fit.share < PARAMS.bendable:
        return Registration(matrix, None, fit)
    bend = fit_bend(printed.image, _placed(scan, matrix, printed), around)
    bent = None if bend is None else fit_of(printed, bend.flattened(_placed(scan, matrix, printed)))
    if bend is None or bent is None or bent.correlation < fit.correlation + PARAMS.better:
        return Registration(matrix, None, fit)
    return Registration(matrix, bend, bent)


def _placed(scan: Grey, matrix: Matrix, printed: FormPrint) -> Grey:
    """The scan brought onto the print."""
    size = printed.image.shape[::-1]
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(scan, matrix, size, flags=way), np.uint8)


def _starts(printed: FormPrint, scan: Grey) -> Iterator[Matrix]:
    """Homographies from the print to the scan, the likeliest first."""
    by_points = _matched(printed, scan)
    if by_points is not None:
        yield by_points
    own = cv2.GaussianBlur(printed.image, (0, 0), PARAMS.coarse)

    def likeness(start: Matrix) -> float:
        there = cv2.GaussianBlur(_placed(scan, start, printed), (0, 0), PARAMS.coarse)
        return float(cv2.matchTemplate(there, own, cv2.TM_CCOEFF_NORMED)[0, 0])

    outlines = sorted(_by_outline(printed, scan), key=likeness, reverse=True)
    yield from outlines[: PARAMS.outlines]


def _by_outline(printed: FormPrint, scan: Grey) -> Iterator[Matrix]:
    """The rectangle around the print onto that around the ink of the scan, all ways round.

    For forms that are but lines, where key points look alike.
    """
    own, other = (_around_ink(image) for image in (printed.image, scan))
    if own is None or other is None:
        return
    for turn in range(4):
        corners = np.roll(other, -turn, axis=0)
        wide, high = (float(np.linalg.norm(corners[1 + k] - corners[k])) for k in range(2))
        wanted = [float(np.linalg.norm(own[1 + k] - own[k])) for k in range(2)]
        if min(wide, high) > 0 and 0.5 < wide / high / (wanted[0] / wanted[1]) < 2:
            yield np.asarray(cv2.getPerspectiveTransform(own, corners), np.float64)


def _around_ink(image: Grey) -> NDArray[np.float32] | None:
    """The corners of the smallest rectangle around the ink, clockwise from about the upper left."""
    found = cv2.findNonZero(np.asarray(image >= PRINT.ink, np.uint8))
    if found is None or len(found) < PARAMS.min_matches:
        return None
    corners = np.asarray(cv2.boxPoints(cv2.minAreaRect(found)), np.float32)
    first = int(corners.sum(axis=1).argmin())
    return np.roll(corners, -first, axis=0)


def _by_points(printed: FormPrint, scan: Grey, matrix: Matrix, _: Grey) -> Matrix | None:
    """The homography refined by key points of the scan that is brought into place."""
    step = _matched(printed, _placed(scan, matrix, printed))
    return None if step is None else np.asarray(matrix @ step, np.float64)


def _by_coarse_correlation(
    printed: FormPrint, scan: Grey, matrix: Matrix, around: Grey
) -> Matrix | None:
    """`_by_correlation` of reduced pictures: from farther off, in a quarter of the time."""
    return _by_correlation(printed, scan, matrix, around, PARAMS.reduced)


def _by_correlation(
    printed: FormPrint, scan: Grey, matrix: Matrix, around: Grey, reduction: int = 1
) -> Matrix | None:
    """The homography at which print and scan correlate best."""
    size = tuple(side // reduction for side in reversed(printed.image.shape))
    own, there, mask = (
        cv2.resize(image, size, interpolation=cv2.INTER_AREA) if reduction > 1 else image
        for image in (printed.image, _placed(scan, matrix, printed), around)
    )
    own, there = (cv2.GaussianBlur(image, (0, 0), PARAMS.smooth) for image in (own, there))
    mask = np.asarray(mask == 255, np.uint8)
    shrink = np.diag([size[0] / around.shape[1], size[1] / around.shape[0], 1.0])
    end = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, PARAMS.steps, PARAMS.gain)
    start = np.eye(3, dtype=np.float32)
    try:
        # The mask is that of the second picture: so the print is the second one.
        _, found = cv2.findTransformECC(there, own, start, cv2.MOTION_HOMOGRAPHY, end, mask, 5)
    except cv2.error:  # they have nothing in common
        return None
    try:
        step = np.linalg.inv(shrink) @ np.linalg.inv(found.astype(np.float64)) @ shrink
        return np.asarray(matrix @ step, np.float64)
    except np.linalg.LinAlgError:
        return None


def _matched(printed: FormPrint, scan: Grey) -> Matrix | None:
    """The homography from the print to a scan by their key points; None: too few are alike."""
    places, features = _key_points(printed)
    if min(scan.shape) < PARAMS.min_side:
        return None
    found = _orb(PARAMS.scan_points).detectAndCompute(scan, None)
    if features is None or found[1] is None or min(len(places), len(found[0])) < PARAMS.min_matches:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(features, found[1], k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < PARAMS.ratio * p[1].distance]
    if len(good) < PARAMS.min_matches:
        return None
    here = np.array([places[match.queryIdx] for match in good], np.float32)
    there = np.array([found[0][match.trainIdx].pt for match in good], np.float32)
    cv2.setRNGSeed(0)  # the same scan is read alike each time
    matrix, _ = cv2.findHomography(
        here, there, cv2.USAC_MAGSAC, PARAMS.off, maxIters=5000, confidence=0.999
    )
    return None if matrix is None else np.asarray(matrix, np.float64)


def _orb(count: int) -> cv2.ORB:
    return cv2.ORB.create(count, edgeThreshold=16, fastThreshold=10)


@lru_cache(maxsize=4)
def _key_points(printed: FormPrint) -> tuple[NDArray[np.float32], NDArray[np.uint8] | None]:
    """The key points of a form's print, and their features; kept for the next scan."""
    around = cv2.bitwise_and(printed.image, printed.image, mask=printed.around)
    points, features = _orb(PARAMS.print_points).detectAndCompute(around, None)
    places = np.array([point.pt for point in points], np.float32).reshape(-1, 2)
    return places, None if features is None else np.asarray(features, np.uint8)
