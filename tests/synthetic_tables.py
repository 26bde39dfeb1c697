"""Synthetic pages with tables, sudokus, comb fields and forms, and what they are known to hold.

A page is laid out flat (grids, their lines, what is written in the cells), its paper is bent, and
it is photographed as in `tests.synthetic`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Stroke, draw_strokes
from tests.synthetic import photograph_sheet
from tests.written import write

Plane = NDArray[np.float32]
Picture = NDArray[np.uint8]
Rng = np.random.Generator

#: Strength -> sizes of the disturbances of `tests.synthetic`, at most; and how far paper is bent,
#: share of the page's width.
STRENGTHS: dict[str, dict[str, float]] = {
    "low": {"texture": 2.0, "noise": 2.0, "turn": 0.7, "slope": 0.1, "jpeg": 90.0},
    "medium": {
        "texture": 3.0, "turn": 4.0, "perspective": 0.03, "slope": 0.35, "shadow": 0.25,
        "vignette": 0.2, "blur": 0.1, "noise": 4.0, "jpeg": 70.0, "bend": 0.008,
    },
    "high": {
        "texture": 5.0, "turn": 12.0, "perspective": 0.07, "slope": 0.5, "shadow": 0.4,
        "vignette": 0.35, "fold": 0.15, "blur": 0.2, "noise": 8.0, "jpeg": 45.0, "bend": 0.02,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrueCell:
    """A cell, and what is written in it, "" if it is empty."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class TrueGrid:
    """A grid on a page: its crossings (rows + 1, columns + 1, 2), px of the picture, and cells."""

    nodes: Plane
    cells: tuple[TrueCell, ...]
    has_single_signs: bool

    @property
    def corners(self) -> Plane:
        """Upper left, upper right, lower right, lower left."""
        return self.nodes[[0, 0, -1, -1], [0, -1, -1, 0]]

    def rows_of_texts(self) -> list[list[str]]:
        """The texts by row; the places that a merged cell covers beside its first are ""."""
        texts = [[""] * (self.nodes.shape[1] - 1) for _ in range(self.nodes.shape[0] - 1)]
        for cell in self.cells:
            texts[cell.row][cell.column] = cell.text
        return texts


@dataclass(frozen=True, slots=True, eq=False)
class TablePage:
    """A picture of a page, (h, w, 3) RGB, and the grids on it in reading order."""

    colour: Picture
    grids: tuple[TrueGrid, ...]
    kind: str

    @property
    def grey(self) -> Picture:
        return np.asarray(cv2.cvtColor(self.colour, cv2.COLOR_RGB2GRAY), np.uint8)


@dataclass(slots=True)
class _Plan:
    """A grid as it is laid out, px of the flat page."""

    x: list[float]
    y: list[float]
    width: float = 2.0  # px, of its lines
    heavy: float = 0.0  # px, of its outline and of every third line; 0: as `width`
    style: str = "solid"  # or dotted, double, hand
    open_sides: str = ""  # of "lrtb"
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    printed: set[tuple[int, int]] = field(default_factory=set)
    ticks: float = 0.0  # height of upright lines over that of the row; 0: all of it
    single: bool = False
    touch: float = 0.0  # how far writing may stand off its place, cells' heights
    height: float = 0.55  # of the writing, cells' heights


@dataclass(slots=True)
class _Layout:
    """A page as it is laid out."""

    width: int
    height: int
    plans: list[_Plan]
    around: list[tuple[str, float, float, float]] = field(default_factory=list)
    #: Lines that belong to no grid: x, y, x, y, width.
    lines: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    line_contrast: float = 0.8
    light: bool = False


def _number(rng: Rng, digits: int) -> str:
    return "".join(str(d) for d in rng.integers(0, 10, int(rng.integers(1, digits + 1))))


def _steps(start: float, sizes: list[float]) -> list[float]:
    return [start, *(start + np.cumsum(sizes)).tolist()]


def _ruled(rng: Rng, x: float, y: float, rows: int, columns: int, height: float) -> _Plan:
    """A table with numbers in most cells."""
    digits = [int(rng.integers(1, 5)) for _ in range(columns)]
    widths = [height * (0.7 + 0.62 * d + 0.5 * rng.random()) for d in digits]
    heights = [height * rng.uniform(0.95, 1.1) for _ in range(rows)]
    plan = _Plan(_steps(x, widths), _steps(y, heights), width=float(rng.choice([1, 2, 2, 3])))
    for row in range(rows):
        for column in range(columns):
            if rng.random() < 0.85:
                plan.texts[row, column] = _number(rng, digits[column])
    return plan


def _one_table(rng: Rng, change: Callable[[_Plan], None] | None = None) -> _Layout:
    height = float(rng.uniform(44, 76))
    plan = _ruled(rng, 50, 50, int(rng.integers(3, 9)), int(rng.integers(3, 7)), height)
    if change is not None:
        change(plan)
    return _Layout(round(plan.x[-1] + 50), round(plan.y[-1] + 50), [plan])


def _table(rng: Rng) -> _Layout:
    return _one_table(rng)


def _thick(rng: Rng) -> _Layout:
    def change(plan: _Plan) -> None:
        plan.width = float(rng.integers(4, 10))

    return _one_table(rng, change)


def _styled(style: str) -> Callable[[Rng], _Layout]:
    def made(rng: Rng) -> _Layout:
        def change(plan: _Plan) -> None:
            plan.style, plan.width = style, float(rng.integers(1, 4))

        return _one_table(rng, change)

    return made


def _opened(sides: str) -> Callable[[Rng], _Layout]:
    def made(rng: Rng) -> _Layout:
        def change(plan: _Plan) -> None:
            plan.open_sides = sides

        return _one_table(rng, change)

    return made


def _merged(rng: Rng) -> _Layout:
    def change(plan: _Plan) -> None:
        columns = len(plan.x) - 1
        first = int(rng.integers(0, columns - 1))
        count = int(rng.integers(2, columns - first + 1))
        plan.merged = [(0, first, 1, count)]
        if rng.random() < 0.5 and first > 0:
            plan.merged.append((0, 0, 2, 1))
        for row, column, high, wide in plan.merged:
            for r in range(row, row + high):
                for c in range(column, column + wide):
                    if (r, c) != (row, column):
                        plan.texts.pop((r, c), None)

    return _one_table(rng, change)


def _touching(rng: Rng) -> _Layout:
    def change(plan: _Plan) -> None:
        plan.touch, plan.height = 0.16, 0.75

    return _one_table(rng, change)


def _tight(rng: Rng) -> _Layout:
    """A table that fills the picture: its outer lines are at the border, or cut off."""
    layout = _one_table(rng)
    plan = layout.plans[0]
    off = float(rng.choice([-2, 1, 3]))
    plan.x = [v - 50 + off for v in plan.x]
    plan.y = [v - 50 + off for v in plan.y]
    layout.width, layout.height = round(plan.x[-1] + off + 1), round(plan.y[-1] + off + 1)
    return layout


def _light(rng: Rng) -> _Layout:
    layout = _one_table(rng)
    layout.light = True
    return layout


def _sudoku_plan(rng: Rng, x: float, y: float, side: float) -> _Plan:
    plan = _Plan(_steps(x, [side] * 9), _steps(y, [side] * 9), single=True)
    plan.width, plan.heavy = float(rng.choice([1, 1, 2])), float(rng.choice([0, 3, 4]))
    filled = float(rng.choice([0.5, 1.0, 1.0]))
    for row in range(9):
        for column in range(9):
            if rng.random() < filled:
                plan.texts[row, column] = str(rng.integers(1, 10))
                if rng.random() < 0.5:
                    plan.printed.add((row, column))
    return plan


def _sudoku(rng: Rng) -> _Layout:
    """A sudoku in a newspaper: print around it, the next one cut off."""
    side = float(rng.uniform(36, 70))
    plan = _sudoku_plan(rng, 70, 130, side)
    width, height = round(9 * side + 300), round(9 * side + 230)
    layout = _Layout(width, height, [plan], line_contrast=float(rng.uniform(0.35, 0.8)))
    for line in range(3):
        layout.around.append(("Sudoku zum Wochenende leicht", 70, 40 + 28 * line, 0.8))
    for line in range(height // 24):
        layout.around.append(("Lorem ipsum dolor sit", 110 + 9 * side, 24 + 24 * line, 0.6))
    return layout


def _comb_plan(rng: Rng, x: float, y: float, height: float, count: int) -> _Plan:
    width = height * rng.uniform(0.62, 0.95)
    plan = _Plan(_steps(x, [width] * count), _steps(y, [height]), single=True, height=0.6)
    plan.width = float(rng.choice([1, 2, 2, 3]))
    for column in range(int(rng.integers(0, count + 1))):
        plan.texts[0, column] = str(rng.integers(0, 10))
    return plan


def _comb(rng: Rng) -> _Layout:
    plans = [
        _comb_plan(rng, 60, 60 + 130 * i, float(rng.uniform(50, 80)), int(rng.integers(4, 13)))
        for i in range(int(rng.integers(1, 4)))
    ]
    width = max(plan.x[-1] for plan in plans) + 60
    return _Layout(round(width), round(plans[-1].y[-1] + 60), plans)


def _ticks(rng: Rng) -> _Layout:
    layout = _comb(rng)
    for plan in layout.plans:
        plan.ticks, plan.open_sides = float(rng.uniform(0.25, 0.45)), "t"
        if not plan.texts:
            plan.texts[0, 0] = "4"
    return layout


def _form(rng: Rng) -> _Layout:
    """Fields with names: single boxes, combs, a table, tick boxes."""
    layout = _Layout(1000, 1000, [])
    y = 90.0
    for name in ("Name", "Nummer", "Datum", "Betrag"):
        layout.around.append((name, 60, y + 34, 0.9))
        if rng.random() < 0.5:
            height = float(rng.uniform(44, 60))
            plan = _Plan([260, 260 + height * rng.uniform(3, 8)], [y, y + height], single=False)
            if rng.random() < 0.8:
                plan.texts[0, 0] = _number(rng, 5)
        else:
            plan = _comb_plan(rng, 260, y, float(rng.uniform(44, 60)), int(rng.integers(4, 11)))
        plan.width = 2.0
        layout.plans.append(plan)
        y += 90
    for box in range(int(rng.integers(2, 6))):
        x, side = 60 + 150.0 * box, 26.0
        layout.plans.append(_Plan([x, x + side], [y, y + side], single=False))
        layout.around.append(("ja", x + 36, y + 22, 0.7))
    y += 70
    table = _ruled(rng, 60, y, int(rng.integers(2, 5)), int(rng.integers(2, 4)), 56)
    table.width = 2.0
    layout.plans.append(table)
    layout.height = round(table.y[-1] + 70)
    layout.width = round(max(1000, table.x[-1] + 60))
    return layout


#: Kind of page -> how it is laid out.
KINDS: dict[str, Callable[[Rng], _Layout]] = {
    "table": _table,
    "thick": _thick,
    "dotted": _styled("dotted"),
    "double": _styled("double"),
    "hand": _styled("hand"),
    "open": _opened("lr"),
    "inner": _opened("lrtb"),
    "merged": _merged,
    "touching": _touching,
    "tight": _tight,
    "light": _light,
    "sudoku": _sudoku,
    "comb": _comb,
    "ticks": _ticks,
    "form": _form,
}


def _numbers(rng: Rng) -> _Layout:
    layout = _Layout(900, 700, [])
    plan = _Plan([60, 840], _steps(40, [105.0] * 6), width=0, height=0.6)
    for row in range(6):
        parts = [_number(rng, 6) for _ in range(int(rng.integers(1, 4)))]
        plan.texts[row, 0] = " ".join(parts)[:13]
    layout.plans.append(plan)
    return layout


def _with_lines(make: Callable[[Rng, _Layout], None]) -> Callable[[Rng], _Layout]:
    def made(rng: Rng) -> _Layout:
        layout = _numbers(rng)
        make(rng, layout)
        return layout

    return made


def _rulings(rng: Rng, layout: _Layout) -> None:
    for y in range(40, 700, 105 // int(rng.integers(1, 4))):
        layout.lines.append((0, y, 900, y, 2))
    if rng.random() < 0.5:
        layout.lines.append((130, 0, 130, 700, 2))
    layout.line_contrast = float(rng.uniform(0.25, 0.8))


def _squares(rng: Rng, layout: _Layout) -> None:
    side = float(rng.uniform(24, 42))
    for at in np.arange(rng.uniform(0, side), 900, side):
        layout.lines.append((0, at, 900, at, 1))
        layout.lines.append((at, 0, at, 700, 1))
    layout.line_contrast = float(rng.uniform(0.2, 0.6))


def _box(layout: _Layout, x: float, y: float, right: float, bottom: float, width: float) -> None:
    for line in ((x, y, right, y), (right, y, right, bottom), (x, bottom, right, bottom)):
        layout.lines.append((*line, width))
    layout.lines.append((x, y, x, bottom, width))


def _frame(rng: Rng, layout: _Layout) -> None:
    inset = float(rng.uniform(8, 30))
    _box(layout, inset, inset, 900 - inset, 700 - inset, float(rng.integers(1, 5)))


def _underline(rng: Rng, layout: _Layout) -> None:
    for row in range(int(rng.integers(1, 5))):
        y = 40 + 105.0 * (row + 1) - 14
        layout.lines.append((50, y, 400, y + 3, 3))
    layout.lines.append((50, 650, 500, 650, 3))


def _bars(rng: Rng, layout: _Layout) -> None:
    """Filled rectangles."""
    for row in range(3):
        layout.lines.append((600, 90 + 210.0 * row, 820, 90 + 210.0 * row, 40))


#: Kind of page without a grid -> how it is laid out.
WITHOUT: dict[str, Callable[[Rng], _Layout]] = {
    "numbers": _numbers,
    "rulings": _with_lines(_rulings),
    "squares": _with_lines(_squares),
    "frame": _with_lines(_frame),
    "underline": _with_lines(_underline),
    "bars": _with_lines(_bars),
}


def make_page(kind: str, strength: str, seed: int) -> TablePage:
    """A page of one of `KINDS` or `WITHOUT`, at one of `STRENGTHS`; chance comes from the seed."""
    laying, painting, drawing, taking = np.random.default_rng(
        (seed, [*KINDS, *WITHOUT].index(kind))
    ).spawn(4)
    layout = (KINDS.get(kind) or WITHOUT[kind])(laying)
    sizes = _sizes(STRENGTHS[strength], laying)
    if kind == "tight":  # a scan: nothing moves its sides off the border
        sizes = {
            name: v for name, v in sizes.items() if name not in {"turn", "perspective", "bend"}
        }
    cover = _covers(layout, drawing)
    sheet = _painted(layout, cover, sizes, painting)
    bend = sizes.pop("bend", 0.0) * layout.width
    photo = photograph_sheet(_bent(sheet, bend), sizes, taking)
    grids = (
        [] if kind in WITHOUT else [_truth(plan, bend, layout, photo.onto) for plan in layout.plans]
    )
    return TablePage(photo.colour, tuple(grids), kind)


def _sizes(most: Mapping[str, float], rng: Rng) -> dict[str, float]:
    """Disturbances of a page: up to those of its strength; shadows and folds every second time."""
    sizes = {}
    for name, size in most.items():
        if name in {"shadow", "fold", "vignette"} and rng.random() < 0.5:
            continue
        sizes[name] = size if name in {"jpeg", "turn"} else size * float(rng.uniform(0.4, 1))
    if "turn" in sizes:
        sizes["turn"] *= float(rng.uniform(0.2, 1))
    return sizes


def _covers(layout: _Layout, rng: Rng) -> tuple[Plane, Plane]:
    """How much of each px lines cover, and writing, 0 to 1."""
    lines = np.zeros((layout.height, layout.width), np.uint8)
    for x, y, right, bottom, width in layout.lines:
        _draw_line(lines, (x, y), (right, bottom), width)
    written: list[Stroke] = []
    print_ = np.zeros_like(lines)
    for plan in layout.plans:
        _draw_grid(lines, plan, rng)
        for place, text in plan.texts.items():
            if place in plan.printed:
                _print_digit(print_, plan, place, text)
            else:
                written += _strokes(plan, place, text, rng)
    for text, x, y, size in layout.around:
        at = round(x), round(y)
        cv2.putText(print_, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, 255, 2, cv2.LINE_AA)
    shape = layout.height, layout.width
    ink = draw_strokes(shape, [s.points for s in written], [s.width for s in written])
    both = np.maximum(ink, print_)
    return np.asarray(lines / 255, np.float32), np.asarray(both / 255, np.float32)


def _draw_line(
    lines: Picture, start: tuple[float, float], end: tuple[float, float], width: float
) -> None:
    if width <= 0:
        return
    ends = [tuple(round(16 * v) for v in point) for point in (start, end)]
    cv2.line(lines, ends[0], ends[1], 255, max(1, round(width)), cv2.LINE_AA, 4)


def _draw_grid(lines: Picture, plan: _Plan, rng: Rng) -> None:
    if plan.width <= 0:
        return
    rows, columns = len(plan.y) - 1, len(plan.x) - 1
    for i, y in enumerate(plan.y):
        if (i == 0 and "t" in plan.open_sides) or (i == rows and "b" in plan.open_sides):
            continue
        for low, high in _runs([not _is_inside(plan, i, c, True) for c in range(columns)]):
            _draw_edge(lines, plan, (plan.x[low], y), (plan.x[high], y), i, rows, rng)
    for i, x in enumerate(plan.x):
        if (i == 0 and "l" in plan.open_sides) or (i == columns and "r" in plan.open_sides):
            continue
        for low, high in _runs([not _is_inside(plan, i, r, False) for r in range(rows)]):
            top, bottom = plan.y[low], plan.y[high]
            if plan.ticks:
                top = bottom - plan.ticks * (bottom - top)
            _draw_edge(lines, plan, (x, top), (x, bottom), i, columns, rng)


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], np.array(flags, int), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _is_inside(plan: _Plan, line: int, place: int, is_level: bool) -> bool:
    """Whether a piece of a line lies within a merged cell."""
    for row, column, high, wide in plan.merged:
        first, size, other, span = (
            (row, high, column, wide) if is_level else (column, wide, row, high)
        )
        if first < line < first + size and other <= place < other + span:
            return True
    return False


def _draw_edge(
    lines: Picture,
    plan: _Plan,
    start: tuple[float, float],
    end: tuple[float, float],
    index: int,
    last: int,
    rng: Rng,
) -> None:
    width = plan.heavy if plan.heavy and index % 3 == 0 else plan.width
    first, final = np.array(start), np.array(end)
    if plan.style == "hand":
        along = (final - first) / max(1.0, float(np.linalg.norm(final - first)))
        first, final = first - along * rng.uniform(-1, 5), final + along * rng.uniform(-1, 5)
        first, final = (p + rng.normal(0, 1.2, 2) for p in (first, final))
    if plan.style == "double":
        along = (final - first) / max(1.0, float(np.linalg.norm(final - first)))
        normal = np.array([-along[1], along[0]]) * (width + 2) / 2
        for side in (-1, 1):
            _draw_line(lines, tuple(first + side * normal), tuple(final + side * normal), width)
    elif plan.style == "dotted":
        length = float(np.linalg.norm(final - first))
        for at in np.arange(0, length, 2.5 * width + 1.5):
            point = tuple(first + (final - first) * at / length)
            _draw_line(lines, point, point, width)
    else:
        _draw_line(lines, tuple(first), tuple(final), width)


def _cell_of(plan: _Plan, place: tuple[int, int]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    high, wide = next(
        ((h, w) for r, c, h, w in plan.merged if (r, c) == place),
        (1, 1),
    )
    row, column = place
    return plan.x[column], plan.y[row], plan.x[column + wide], plan.y[row + high]


def _strokes(plan: _Plan, place: tuple[int, int], text: str, rng: Rng) -> list[Stroke]:
    left, top, right, bottom = _cell_of(plan, place)
    side = plan.y[place[0] + 1] - plan.y[place[0]]
    height = plan.height * side * rng.uniform(0.9, 1.08)
    pen = max(1.5, height * rng.uniform(0.06, 0.11))
    ink = write(text, height=height, width=pen, seed=int(rng.integers(1 << 30)))
    points = np.concatenate([s.points for s in ink.strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([right - left, bottom - top]) - (high - low)
    shrink = min(1.0, float((right - left) * 0.86 / max(1.0, high[0] - low[0])))
    move = np.array([left, top]) + room / 2
    slack = np.maximum(0.0, room / 2 - 0.12 * side) * rng.uniform(-0.7, 0.7, 2)
    move += slack + plan.touch * side * rng.uniform(-1, 1, 2)
    made = []
    for stroke in ink.strokes:
        moved = stroke.points - low
        moved = (moved - (high - low) / 2) * shrink + (high - low) / 2 + move
        made.append(Stroke.of(moved, pen))
    return made


def _print_digit(plane: Picture, plan: _Plan, place: tuple[int, int], text: str) -> None:
    left, top, right, bottom = _cell_of(plan, place)
    size = 0.55 * (bottom - top) / 21
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 2)
    at = round((left + right - width) / 2), round((top + bottom + height) / 2)
    cv2.putText(plane, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, 255, 2, cv2.LINE_AA)


def _painted(
    layout: _Layout, covers: tuple[Plane, Plane], sizes: Mapping[str, float], rng: Rng
) -> Plane:
    paper = np.full((layout.height, layout.width), 45.0 if layout.light else 238.0, np.float32)
    fibres = rng.normal(0, 1, paper.shape).astype(np.float32)
    paper += sizes.get("texture", 0.0) * np.asarray(cv2.GaussianBlur(fibres, (0, 0), 0.8)) * 2
    lines, ink = covers
    ends = (220.0, 225.0) if layout.light else (238 * (1 - layout.line_contrast), 35.0)
    paper = paper * (1 - lines) + ends[0] * lines
    paper = paper * (1 - ink) + ends[1] * ink
    return np.repeat(np.asarray(paper, np.float32)[..., np.newaxis], 3, axis=2)


def _bow(x: NDArray[np.floating], bend: float, width: int) -> NDArray[np.floating]:
    """How far a bent page is moved down at some x, px."""
    return bend * (1 - (2 * x / width - 1) ** 2)


def _bent(sheet: Plane, bend: float) -> Plane:
    if not bend:
        return sheet
    y, x = np.mgrid[: sheet.shape[0], : sheet.shape[1]].astype(np.float32)
    down = _bow(x, bend, sheet.shape[1]).astype(np.float32)
    border = cv2.BORDER_REPLICATE
    return np.asarray(cv2.remap(sheet, x, y - down, cv2.INTER_LINEAR, borderMode=border))


def _truth(plan: _Plan, bend: float, layout: _Layout, onto: NDArray[np.float64]) -> TrueGrid:
    x, y = np.meshgrid(np.array(plan.x), np.array(plan.y))
    nodes = np.stack([x, y + _bow(x, bend, layout.width)], axis=-1)
    seen = cv2.perspectiveTransform(nodes, onto)
    spans = {(r, c): (h, w) for r, c, h, w in plan.merged}
    covered = {
        (r + i, c + j)
        for (r, c), (h, w) in spans.items()
        for i in range(h)
        for j in range(w)
        if i or j
    }
    places = [(r, c) for r in range(len(plan.y) - 1) for c in range(len(plan.x) - 1)]
    cells = tuple(
        TrueCell(*place, *spans.get(place, (1, 1)), plan.texts.get(place, ""))
        for place in places
        if place not in covered
    )
    return TrueGrid(np.asarray(seen, np.float32), cells, plan.single)
