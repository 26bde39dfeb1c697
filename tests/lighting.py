"""How much light falls on a synthetic photo: lamps, shadows, folds."""

from __future__ import annotations

import math
from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


def light(shape: tuple[int, int], sizes: Mapping[str, float], rng: np.random.Generator) -> Plane:
    """How much light falls on each pixel, 0 to 1; sizes as in `tests.synthetic.STRENGTHS`."""
    by_hand, by_folds = rng.spawn(2)
    height, width = shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.5
    light = np.ones(shape, np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    along = x * math.cos(angle) + y * math.sin(angle)
    light -= sizes.get("slope", 0.0) * (along - along.min()) / np.ptp(along)
    light *= 1 - sizes.get("vignette", 0.0) * (2 * (x * x + y * y)) ** 1.5
    angle = rng.uniform(0, 2 * math.pi)
    behind = x * math.cos(angle) + y * math.sin(angle) - rng.uniform(-0.2, 0.2)
    edge = np.clip(behind / 0.01 + 0.5, 0, 1)
    light *= 1 - sizes.get("shadow", 0.0) * edge
    if "hand" in sizes:
        light *= 1 - sizes["hand"] * _hand(shape, by_hand)
    if "fold" in sizes:
        light *= _folds(shape, sizes["fold"], by_folds)
    return np.asarray(light * (1 - sizes.get("dark", 0.0)), np.float32)


def _hand(shape: tuple[int, int], rng: np.random.Generator) -> Plane:
    """The shadow of a hand that comes from the lower right, about as wide as digits are high."""
    height, width = shape
    shadow = np.zeros(shape, np.float32)
    wrist = round(0.95 * width), round(0.95 * height)
    for finger in range(5):
        tip = 0.2 + 0.14 * finger, 0.5 - 0.08 * finger + 0.05 * (finger - 2) ** 2
        x, y = (part + rng.uniform(-0.03, 0.03) for part in tip)
        cv2.line(shadow, wrist, (round(x * width), round(y * height)), 1.0, round(height / 10))
    return np.asarray(cv2.GaussianBlur(shadow, (0, 0), height / 120), np.float32)


def _folds(shape: tuple[int, int], lost: float, rng: np.random.Generator) -> Plane:
    """Light that two folds leave: none in the crease, little beside it on one side."""
    light = np.ones(shape, np.float32)
    for side, across in ((0, False), (1, True)):
        way = np.arange(shape[side], dtype=np.float32) - shape[side] * rng.uniform(0.35, 0.65)
        reach = min(shape) / 12
        shade = np.where(way > 0, 1 - lost * np.exp(-np.abs(way) / reach), 1)
        shade *= 1 - lost * np.exp(-((way / 2) ** 2))
        light *= (shade if across else shade[:, np.newaxis]).astype(np.float32)
    return light
