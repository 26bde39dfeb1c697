"""Pages that ask for as much work as a page can: each kind at any size, the same every time.

Each kind is a function of a shape and a random generator that draws dark on light, (h, w) uint8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Shape = tuple[int, int]
Kind = Callable[[Shape, np.random.Generator], Grey]

#: Greys of what is drawn, and of what it is drawn on.
INK, PAPER = 20, 235


def _page(shape: Shape) -> Grey:
    return np.full(shape, PAPER, np.uint8)


def _inked(mask: NDArray[np.bool_]) -> Grey:
    return np.where(mask, np.uint8(INK), np.uint8(PAPER))


def _grid(shape: Shape) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    y, x = np.ogrid[: shape[0], : shape[1]]
    return y.astype(np.int32), x.astype(np.int32)


def checker(side: int, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = _grid(shape)
    return _inked((y // side + x // side) % 2 == 0)


def white_noise(share: float, shape: Shape, rng: np.random.Generator) -> Grey:
    """Each pixel is ink with this probability."""
    return _inked(rng.integers(0, 256, shape, np.uint8) < round(256 * share))


def grey_noise(deviation: float, shape: Shape, rng: np.random.Generator) -> Grey:
    noise = np.zeros(shape, np.int16)
    cv2.setRNGSeed(int(rng.integers(1 << 30)))
    cv2.randn(noise, 128.0, deviation)  # type: ignore[call-overload]
    return np.clip(noise, 0, 255).astype(np.uint8)


def blotches(sigma: float, shape: Shape, rng: np.random.Generator) -> Grey:
    """Smooth noise above its mean: one maze of ink, its lines some sigma wide."""
    noise = rng.integers(0, 256, shape, np.uint8)
    soft = cv2.GaussianBlur(noise.astype(np.float32), (0, 0), sigma)
    return _inked(soft > soft.mean())


def bars(width: int, way: str, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = _grid(shape)
    along = {"upright": x, "level": y, "slanted": x + y, "steep": 3 * x + y}[way]
    return _inked(np.broadcast_to(along // width % 2 == 0, shape))


def mesh(step: int, width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = _grid(shape)
    return _inked((y % step < width) | (x % step < width))


def diagonal_mesh(step: int, width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = _grid(shape)
    return _inked(((x + y) % step < width) | ((x - y) % step < width))


def specks(count: int, side: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """Little upright crosses at random."""
    page = _page(shape)
    count = max(1, count * shape[0] * shape[1] // 16_000_000)
    y, x = (rng.integers(0, max(1, length - side), count) for length in shape)
    middle, last_y, last_x = side // 2, shape[0] - 1, shape[1] - 1
    for k in range(side):
        page[np.minimum(y + k, last_y), np.minimum(x + middle, last_x)] = INK
        page[np.minimum(y + middle, last_y), np.minimum(x + k, last_x)] = INK
    return page


def rings(width: int, norm: str, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = (v - length / 2 for v, length in zip(_grid(shape), shape, strict=True))
    far = np.hypot(x, y) if norm == "round" else np.maximum(np.abs(x), np.abs(y))
    return _inked(far.astype(np.int32) // width % 2 == 0)


def spiral(width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = (v - length / 2 for v, length in zip(_grid(shape), shape, strict=True))
    turned = np.hypot(x, y) / (2 * width) + np.arctan2(y, x) / (2 * np.pi)
    return _inked(turned % 1 < 0.5)


def crossing_lines(count: int, width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    page = _page(shape)
    height, length = shape
    for _ in range(count):
        one, other = ((int(rng.integers(length)), int(rng.integers(height))) for _ in range(2))
        cv2.line(page, one, other, INK, width)
    return page


def comb(width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """Teeth that one bar holds together: one component with a long outline."""
    page = bars(width, "upright", shape, rng)
    page[: max(1, width)] = INK
    page[-1:] = PAPER
    return page


def hilbert(step: int, width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """One line that fills the page."""
    page = _page(shape)
    side = 1 << max(1, int(np.log2(max(2, min(shape) // step))))
    at = np.arange(side * side, dtype=np.int64)
    x, y = np.zeros_like(at), np.zeros_like(at)
    size = 1
    while size < side:
        to_x = (at // 2) & 1
        to_y = (at ^ to_x) & 1
        turn = to_y == 0
        flip = turn & (to_x == 1)
        x, y = np.where(flip, size - 1 - x, x), np.where(flip, size - 1 - y, y)
        x, y = np.where(turn, y, x), np.where(turn, x, y)
        x, y = x + size * to_x, y + size * to_y
        at //= 4
        size *= 2
    points = (np.stack([x, y], axis=1) * step + step // 2).astype(np.int32)
    cv2.polylines(page, [points], False, INK, width)
    return page


def maze(step: int, width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """In each cell one of two diagonals: long winding components with many holes."""
    rows, columns = (max(1, length // step) for length in shape)
    tile = np.zeros((step, step), np.uint8)
    cv2.line(tile, (0, 0), (step - 1, step - 1), 1, width)
    pair = np.stack([tile, tile[:, ::-1]])
    cells = pair[rng.integers(0, 2, (rows, columns))]
    page = _page(shape)
    drawn = cells.transpose(0, 2, 1, 3).reshape(rows * step, columns * step)[: shape[0], : shape[1]]
    page[: drawn.shape[0], : drawn.shape[1]][drawn > 0] = INK
    return page


def digits(height: int, gap: int, alphabet: str, shape: Shape, rng: np.random.Generator) -> Grey:
    """A page full of digits of some height; a gap of 0 or less lets them touch."""
    line = max(1, height // 8)
    tiles = list[Grey]()
    for character in alphabet:
        tile = np.full((height + 2, height), PAPER, np.uint8)
        scale = height / 22
        cv2.putText(tile, character, (1, height), 0, scale, INK, line, cv2.LINE_AA)
        used = np.flatnonzero((tile < 200).any(axis=0))
        tiles.append(tile[:, used[0] : used[-1] + 1 + gap] if used.size else tile)
    wide = max(tile.shape[1] for tile in tiles)
    room = max(gap, 0)
    same = [
        cv2.copyMakeBorder(t, 0, room, 0, wide - t.shape[1], cv2.BORDER_CONSTANT, value=PAPER)
        if gap >= 0
        else cv2.resize(t, (wide, t.shape[0]))
        for t in tiles
    ]
    pool = np.stack(same)
    rows, columns = max(1, shape[0] // pool.shape[1]), max(1, shape[1] // pool.shape[2])
    chosen = pool[rng.integers(0, len(pool), (rows, columns))]
    drawn = chosen.transpose(0, 2, 1, 3).reshape(rows * pool.shape[1], columns * pool.shape[2])
    page = _page(shape)
    drawn = drawn[: shape[0], : shape[1]]
    page[: drawn.shape[0], : drawn.shape[1]] = drawn
    return page


def text(height: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """Words."""
    page = _page(shape)
    words = ["lorem", "ipsum", "dolor", "sit", "amet", "42", "consectetur", "1789", "elit"]
    for y in range(height, shape[0], round(1.7 * height)):
        line = " ".join(rng.choice(words, max(1, shape[1] // (3 * height))))
        cv2.putText(page, line, (5, y), 0, height / 22, INK, max(1, height // 10), cv2.LINE_AA)
    return page


def one_glyph(character: str, share: float, shape: Shape, rng: np.random.Generator) -> Grey:
    page = _page(shape)
    side = min(shape)
    at = (shape[1] // 2 - side // 3, shape[0] // 2 + side // 3)
    cv2.putText(page, character, at, 0, share * side / 22, INK, max(1, side // 12))
    return page


def gradient(way: str, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = (v / max(1, length - 1) for v, length in zip(_grid(shape), shape, strict=True))
    value = {"level": x + 0 * y, "slanted": (x + y) / 2, "wave": np.sin(40 * x * y) / 2 + 0.5}[way]
    return np.rint(255 * np.broadcast_to(value, shape)).astype(np.uint8)


def moire(scale: float, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = _grid(shape)
    return np.rint(127.5 + 127.5 * np.sin(x * (y * np.float32(scale)))).astype(np.uint8)


def plain(level: int, shape: Shape, rng: np.random.Generator) -> Grey:
    return np.full(shape, level, np.uint8)


def boxes(side: int, written: bool, shape: Shape, rng: np.random.Generator) -> Grey:
    """Form boxes side by side, empty or with a stroke in each."""
    page = _page(shape)
    step = side + max(4, side // 4)
    for y in range(4, shape[0] - side - 1, step):
        for x in range(4, shape[1] - side - 1, step):
            cv2.rectangle(page, (x, y), (x + side, y + side), INK, 2)
            if written:
                top, bottom = y + side // 4, y + 3 * side // 4
                cv2.line(page, (x + side // 2, top), (x + side // 2, bottom), INK, 3)
    return page


def leaders(side: int, step: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """Dots in rows."""
    y, x = _grid(shape)
    return _inked((x % step < side) & (y % (4 * step) < side))


def dashes(width: int, height: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """Short upright lines in rows, like a page of nothing but 1."""
    y, x = _grid(shape)
    return _inked((x % (4 * width) < width) & (y % (height + height // 2) < height))


def waves(step: int, width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    y, x = _grid(shape)
    return _inked((y + (20 * np.sin(x / 30)).astype(np.int32)) % step < width)


def table(rows: int, columns: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """A table of one component with digits in its cells."""
    page = _page(shape)
    for y in np.linspace(10, shape[0] - 11, rows + 1).astype(int):
        cv2.line(page, (10, int(y)), (shape[1] - 11, int(y)), INK, 3)
    for x in np.linspace(10, shape[1] - 11, columns + 1).astype(int):
        cv2.line(page, (int(x), 10), (int(x), shape[0] - 11), INK, 3)
    high, wide = (shape[0] - 20) / rows, (shape[1] - 20) / columns
    for row in range(rows):
        for column in range(columns):
            at = (int(10 + (column + 0.3) * wide), int(10 + (row + 0.75) * high))
            cv2.putText(page, str(rng.integers(10)), at, 0, high / 45, INK, max(1, int(high) // 16))
    return page


def scribble(count: int, width: int, shape: Shape, rng: np.random.Generator) -> Grey:
    """One random walk, closely wound."""
    page = _page(shape)
    steps = rng.normal(0, min(shape) / 60, (count, 2))
    middle = np.array(shape[::-1]) / 2
    path = middle + np.abs(np.cumsum(steps, axis=0) % (2 * middle) - middle) * 2 - middle
    cv2.polylines(page, [np.rint(path).astype(np.int32)], False, INK, width)
    return page


def kinds() -> Mapping[str, Kind]:
    """Every kind by its name."""
    found: dict[str, Kind] = {}
    for side in (1, 2, 3, 5, 8, 13, 40):
        found[f"checker {side}"] = partial(checker, side)
    for share in (0.005, 0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.9, 0.98):
        found[f"pixels {share}"] = partial(white_noise, share)
    for deviation in (4, 12, 30, 80):
        found[f"grey noise {deviation}"] = partial(grey_noise, deviation)
    for sigma in (1, 2, 4, 10):
        found[f"blotches {sigma}"] = partial(blotches, sigma)
    for width in (1, 2, 5, 10, 20):
        for way in ("upright", "level", "slanted", "steep"):
            found[f"bars {width} {way}"] = partial(bars, width, way)
    for step, width in ((2, 1), (5, 1), (10, 2), (20, 4), (40, 20), (60, 3), (200, 2)):
        found[f"mesh {step} {width}"] = partial(mesh, step, width)
        found[f"diagonal mesh {step} {width}"] = partial(diagonal_mesh, step, width)
    for count in (10_000, 100_000, 1_000_000):
        for side in (1, 3, 7, 15, 30):
            if count * side <= 3_000_000:
                found[f"specks {count} {side}"] = partial(specks, count, side)
    found["specks 1000 60"] = partial(specks, 1_000, 60)
    found["specks 600 100"] = partial(specks, 600, 100)
    for width in (1, 2, 5, 10, 40):
        found[f"circles {width}"] = partial(rings, width, "round")
        found[f"nested squares {width}"] = partial(rings, width, "square")
        found[f"spiral {width}"] = partial(spiral, width)
        found[f"comb {width}"] = partial(comb, width)
    for count, width in ((10, 3), (100, 2), (1000, 1), (300, 9)):
        found[f"lines {count} {width}"] = partial(crossing_lines, count, width)
    for step, width in ((4, 1), (8, 2), (30, 6)):
        found[f"hilbert {step} {width}"] = partial(hilbert, step, width)
        found[f"maze {step} {width}"] = partial(maze, step, width)
    found["hilbert 200 20"] = partial(hilbert, 200, 20)
    for height in (8, 12, 20, 32, 50, 80, 120):
        found[f"digits 10 of {height}"] = partial(digits, height, max(2, height // 4), "10")
        found[f"digits of {height}"] = partial(digits, height, max(2, height // 4), "0123456789")
        found[f"touching digits of {height}"] = partial(digits, height, -2, "0123456789")
        found[f"text of {height}"] = partial(text, height)
    for share in (0.3, 0.6, 1.2):
        found[f"one 8 {share}"] = partial(one_glyph, "8", share)
    for way in ("level", "slanted", "wave"):
        found[f"gradient {way}"] = partial(gradient, way)
    for scale in (0.0001, 0.001, 0.01, 0.1):
        found[f"moire {scale}"] = partial(moire, scale)
    for level in (0, 128, 255):
        found[f"plain {level}"] = partial(plain, level)
    for side in (25, 45, 120, 500):
        found[f"boxes {side}"] = partial(boxes, side, False)
        found[f"boxes {side} written"] = partial(boxes, side, True)
    for side, step in ((2, 6), (4, 12), (8, 20), (20, 60)):
        found[f"leaders {side} {step}"] = partial(leaders, side, step)
    for width, height in ((2, 10), (4, 20), (5, 40), (10, 70), (15, 120)):
        found[f"dashes {width} {height}"] = partial(dashes, width, height)
    for step, width in ((6, 2), (20, 3), (60, 8)):
        found[f"waves {step} {width}"] = partial(waves, step, width)
    for rows, columns in ((10, 8), (40, 30), (100, 60)):
        found[f"table {rows} {columns}"] = partial(table, rows, columns)
    for count, width in ((300, 6), (3000, 3), (30_000, 2)):
        found[f"scribble {count} {width}"] = partial(scribble, count, width)
    return found
