"""Figures of pages after each stage, kept in stage_figures.json so that no change goes unnoticed.

    python3 -m tests.core.page.stage_figures

writes them anew: after a change that is meant to alter them, look at the difference first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inkread.core.page.pipeline import STAGES
from inkread.core.page.state import PageState
from inkread.core.reading import Grey
from tests.core.page.pages import drawn
from tests.synthetic import of_level, photograph
from tests.test_pictures import surface
from tests.written import write

FILE = Path(__file__).with_suffix(".json")
INK = write("2046\n7183\n5592", height=80, width=5, at=(110, 60))


def photo(*names: str, level: str = "medium", seed: int = 1, scale: int = 1) -> Grey:
    sizes = of_level(level, names)
    page = photograph(INK, (480, 640), sizes, np.random.default_rng(seed), 110).page.grey
    return np.kron(page, np.ones((scale, scale), np.uint8)) if scale > 1 else page


def form(degrees: float, cells: int, rows: int) -> Grey:
    """A table of cells with a digit in most of them, turned a little and blurred."""
    grey = np.full((480, 640), 235.0, np.float32)
    for k in range(cells * rows):
        x, y = 60 + 62 * (k % cells), 90 + 74 * (k // cells)
        cv2.rectangle(grey, (x, y), (x + 62, y + 74), 70.0, 2)
        if k % 5 != 3:
            for stroke in write(str(k % 10), height=50, width=4, at=(x + 14, y + 12)).strokes:
                cv2.polylines(grey, [np.rint(stroke.points).astype(np.int32)], False, 25.0, 4)
    cv2.rectangle(grey, (480, 330), (540, 400), 70.0, 3)  # a square 0, or an empty box
    onto = cv2.getRotationMatrix2D((320, 240), degrees, 1.0)
    turned = cv2.warpAffine(grey, onto, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(turned, (0, 0), 0.8), np.uint8)


def things() -> Grey:
    """A pad's binding, a pen, a ring around a number, specks, a shadow along a side."""
    grey = np.where(drawn(INK, (480, 640)) > 127, 40, 235).astype(np.uint8)
    for x in range(20, 630, 30):
        cv2.circle(grey, (x, 18), 7, 60, 3)
    cv2.line(grey, (560, 80), (600, 440), 50, 9)
    cv2.ellipse(grey, (170, 105), (95, 70), 0, 0, 360, 60, 3)
    for x, y in np.random.default_rng(0).integers(60, 420, (40, 2)):
        cv2.circle(grey, (int(x), int(y)), int(x) % 3, 70, -1)
    grey[470:] = 60
    return grey


def crop(text: str, width: int, margin: int, *, inverted: bool = False) -> Grey:
    ink = drawn(write(text, height=150, width=width, at=(margin, margin)), (190, 150))
    page = 230 - ink.astype(np.float32) * (190 / 255)
    return np.asarray(255 - page if inverted else page, np.uint8)


def cut_cell() -> Grey:
    """A digit with the rest of a line at the left and below."""
    cell = crop("6", 9, 20)
    cell[:, :7] = cell[-6:] = 60
    return cell


def lit(side: Callable[[Grey], Grey]) -> Grey:
    """Wide ink on a page in a slope of light: both polarities are tried."""
    x = np.tile(np.linspace(1, 0.55, 150), (190, 1))
    return np.asarray(side(crop("4", 26, 22)) * x, np.uint8)


PAGES: dict[str, Callable[[], Grey]] = {
    "ruled": lambda: photo("rulings", "slope", "turn"),
    "squared": lambda: photo("squares", "perspective", "shadow", "noise"),
    "squared, faint": lambda: photo("squares", "pencil", "vignette", level="mild", seed=2),
    "squared, strong": lambda: photo("squares", "turn", level="strong", seed=3),
    "on a table": lambda: photo("table", "perspective", "turn", "slope", "jpeg"),
    "on a table, strong": lambda: photo("table", "perspective", "shadow", level="strong"),
    "cut off": lambda: np.ascontiguousarray(photo("table", "perspective", "turn")[:, 60:]),
    "dark": lambda: photo("dark", "noise", "pencil", "slope"),
    "shadows": lambda: photo("hand", "fold", "colour", "texture"),
    "board": lambda: photo("chalk", "slope", "noise", "squares"),
    "large": lambda: photo("rulings", "vignette", "dirt", scale=3),
    "comb": lambda: form(1.2, 8, 1),
    "table of cells": lambda: form(-2.0, 5, 3),
    "one box": lambda: form(0.0, 1, 1),
    "things": things,
    "wood": lambda: surface("wood", np.random.default_rng(0)).clip(0, 255).astype(np.uint8),
    "wiped board": lambda: surface("wiped board", np.random.default_rng(0)).astype(np.uint8),
    "bold": lambda: crop("1", 62, 32),
    "bold, inverted": lambda: crop("7", 60, 32, inverted=True),
    "small": lambda: crop("3", 9, 20),
    "cut cell": cut_cell,
    "wide": lambda: crop("8", 30, 22),
    "wide, inverted": lambda: crop("4", 30, 22, inverted=True),
    "lit": lambda: lit(lambda page: page),
    "lit, inverted": lambda: lit(lambda page: 255 - page),
}


def figures(grey: Grey) -> dict[str, Any]:
    """The result of the stages for a page, in few numbers."""
    state, found = PageState.of(grey), dict[str, Any]()
    for stage in STAGES:
        before, state = state, stage(state)
        if state is not before:
            found[stage.__name__] = _figures(state, before)
    return found


def _figures(state: PageState, before: PageState) -> dict[str, Any]:
    """The numbers of everything that a stage changed."""
    found: dict[str, Any] = {}
    if state.grey is not before.grey:
        found["grey"] = _summary(state.grey)
        found["small"] = _summary(state.small)
        found["to_file"] = [float(v) for v in state.to_file.ravel()]
    if state.background is not None and state.background is not before.background:
        found["background"] = _summary(state.background)
    if state.ink is not None and state.ink is not before.ink:
        found["ink"] = _summary(state.ink)
        found["noise"] = [state.noise, state.noise_floor]
    if state.level != before.level:
        found["level"] = state.level
    if state.light_on_dark is not before.light_on_dark:
        found["polarity"] = [state.light_on_dark, state.strokes.value]
    if state.mask is not before.mask:
        found["mask"] = [*_summary(state.mask), float(len(state.stats))]
        found["soft"] = _summary(state.soft)
    if len(state.removed) > len(before.removed):
        new = state.removed[len(before.removed) :]
        found["removed"] = dict(Counter(removed.reason.value for removed in new))
        boxes = np.array([[r.box.x, r.box.y, r.box.width, r.box.height] for r in new])
        found["where"] = [float(v) for v in boxes.mean(axis=0)]
    if state.blobs:
        boxes = np.array([[b.box.x, b.box.y, b.box.width, b.box.height] for b in state.blobs])
        found["blobs"] = [float(v) for v in (*boxes.mean(axis=0), *boxes.std(axis=0))]
        found["outlines"] = float(np.mean([cv2.contourArea(b.outline) for b in state.blobs]))
        found["count"] = [len(state.blobs), sum(blob.is_dot for blob in state.blobs)]
    return found


def _summary(grey: Grey) -> list[float]:
    """Size, mean and deviation, and where its weight lies."""
    total = float(grey.sum()) or 1.0
    x = float((grey.sum(axis=0) * np.arange(grey.shape[1])).sum()) / total
    y = float((grey.sum(axis=1) * np.arange(grey.shape[0])).sum()) / total
    return [*map(float, grey.shape), float(grey.mean()), float(grey.std()), x, y]


def main() -> None:
    kept = {name: _rounded(figures(page())) for name, page in PAGES.items()}
    lines = (f"{json.dumps(name)}: {json.dumps(page)}" for name, page in kept.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _rounded(value: Any) -> Any:
    match value:
        case dict():
            return {key: _rounded(one) for key, one in value.items()}
        case list():
            return [_rounded(one) for one in value]
        case float():
            return float(f"{value:.5g}")
    return value


if __name__ == "__main__":
    main()
