"""The stages that separate text from everything else on a page, in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from inkread.core.generators import Steps, finished
from inkread.core.page.background import estimate_background
from inkread.core.page.contrast import threshold
from inkread.core.page.denoise import denoise
from inkread.core.page.edge_lines import remove_edge_lines
from inkread.core.page.form_boxes import remove_form_boxes
from inkread.core.page.illumination import even_illumination
from inkread.core.page.non_text import drop_non_text
from inkread.core.page.page_tables import PageTables, without_tables
from inkread.core.page.polarity import find_line_polarity, find_polarity
from inkread.core.page.remove_rulings import remove_rulings
from inkread.core.page.sheet import rectify_sheet
from inkread.core.page.state import PageState
from inkread.core.page.texture import reject_texture
from inkread.core.page.tight_crop import separate_tight_crop
from inkread.core.page.trace import TraceStep, picture_of
from inkread.core.picture.downsample import half_of
from inkread.core.picture.page import Page
from inkread.core.reading import Seen

Stage = Callable[[PageState], PageState]

#: What happens to a page. A stage that has nothing to do returns the state that it was given.
#: Thin lines settle the polarity before a tight crop is looked for, as neither is seen where the
#: other is; the slow trial of both polarities is left for the pages that remain.
STAGES: tuple[Stage, ...] = (
    rectify_sheet,
    remove_edge_lines,
    even_illumination,
    find_line_polarity,
    separate_tight_crop,
    find_polarity,
    denoise,
    estimate_background,
    remove_rulings,
    reject_texture,
    threshold,
    remove_form_boxes,
    drop_non_text,
)


#: From here on the direction of the text counts.
_DIRECTED = STAGES.index(remove_rulings)


def clean(page: Page, *, rectify: bool = True, half_size: bool = False) -> PageState:
    """Separate the text of a page from everything else: `cleaning` in one go."""
    return finished(cleaning(page, rectify=rectify, half_size=half_size))


def cleaning(page: Page, *, rectify: bool = True, half_size: bool = False) -> Steps[PageState]:
    """Separate the text of a page from everything else; can be cancelled between stages.

    Parameters
    ----------
    page : Page
        As decoded.
    rectify : bool
        Whether to look for a sheet in the photo; false: all of the picture is the page.
    half_size : bool
        Whether to work at half the size, in a quarter of the time.
    """
    return running(_start(page, half_size), STAGES[0 if rectify else 1 :])


def clean_as(page: Page, seen: Seen | None) -> PageState:
    """Separate the text of a page as it was seen when it was read, without the tables that were
    read cell by cell; None: it was not read.
    """
    if seen is None:
        return clean(page)
    page = without_tables(page, seen.tables)
    whole = clean(page, rectify=seen.is_rectified, half_size=seen.half_size)
    return turn(whole, seen.quarters)


def turn(state: PageState, quarters: int) -> PageState:
    """A cleaned page turned anticlockwise by quarters of a full turn: `turning` in one go."""
    return finished(turning(state, quarters))


def turning(state: PageState, quarters: int) -> Steps[PageState]:
    """A cleaned page turned anticlockwise by quarters of a full turn.

    Ruling lines, form boxes, dots and dashes depend on the direction of the text: those stages
    run again. Of 48 photos of ruled and squared sheets that lie on their side 92.7 % of the
    numbers are read then, as if all stages ran again, in a quarter of the time (17 ms, not 67, for
    0.7 megapixels); turning mask and blobs alone reads 91.1 %: a 1 that lies is a dash.
    """
    return (
        running(state.turned(quarters), STAGES[_DIRECTED:]) if quarters % 4 else running(state, ())
    )


def run(
    state: PageState, stages: Sequence[Stage], trace: list[TraceStep] | None = None
) -> PageState:
    """Pass a page through stages: `running` in one go."""
    return finished(running(state, stages, trace))


def running(
    state: PageState, stages: Sequence[Stage], trace: list[TraceStep] | None = None
) -> Steps[PageState]:
    """Pass a page through stages; `trace` takes what each of them did."""
    for stage in stages:
        yield
        before, state = state, stage(state)
        if trace is not None:
            name = getattr(stage, "__name__", "stage").replace("_", " ")
            note = "Nothing to do." if state is before else state.note
            trace.append(TraceStep(name, picture_of(state), note))
    return state


def trace_of(page: Page, seen: Seen | None = None, side: int | None = 320) -> tuple[TraceStep, ...]:
    """What each stage does to a page.

    Parameters
    ----------
    page : Page
        As decoded.
    seen : Seen or None
        How it was seen when it was read (`Reading.seen`); None: it was not read.
    side : int or None
        Longer side to which the pictures are reduced, px; None: they stay as large as the page.
    """
    trace = list[TraceStep]()
    if seen is not None and seen.tables:
        page = _without_tables(page, seen, trace)
    state, stages = _start(page, seen is not None and seen.half_size), STAGES[:_DIRECTED]
    if seen is not None and not seen.is_rectified:
        trace.append(TraceStep("rectify sheet", state.grey, "All of the picture is the page."))
        stages = stages[1:]
    state = run(state, stages, trace)
    if seen is not None and seen.quarters:
        state = state.turned(seen.quarters)
        note = f"The page was turned by {90 * seen.quarters} degrees anticlockwise."
        trace.append(TraceStep("turn page", picture_of(state), note))
    run(state, STAGES[_DIRECTED:], trace)
    return tuple(trace if side is None else (step.reduced(side) for step in trace))


def _without_tables(page: Page, seen: Seen, trace: list[TraceStep]) -> Page:
    """The page without the tables that were read cell by cell; `trace` takes these, made flat."""
    found = PageTables.of(page)
    for index in seen.tables:
        flat = found.ink(index, seen.quarters).flat
        size = f"{flat.grid.rows} rows and {flat.grid.columns} columns"
        note = f"A table of {size}, its lines and the light taken off."
        trace.append(TraceStep("flatten table", 255 - flat.ink, note))
    page = found.without(seen.tables)
    trace.append(TraceStep("remove tables", page.grey, "Tables are read cell by cell."))
    return page


def _start(page: Page, half_size: bool) -> PageState:
    """A page before its first stage."""
    grey, scale = (half_of(page.grey), page.scale / 2) if half_size else (page.grey, page.scale)
    return PageState.of(grey, np.diag([1 / scale, 1 / scale, 1.0]))
