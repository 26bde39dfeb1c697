from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.synthesis.lines.sign_shapes import has_shape_of

_Path = list[tuple[float, float]]
ARC: _Path = [(0, 0), (20, 25), (30, 50), (20, 75), (0, 100)]
BAR: _Path = [(0, 0), (50, 2), (100, 0)]
STEM: _Path = [(50, 0), (50, 100)]
SLASH: _Path = [(60, 0), (30, 50), (0, 100)]
DOT: _Path = [(0, 0), (8, 8)]


def _moved(path: _Path, x: float, y: float) -> _Path:
    return [(a + x, b + y) for a, b in path]


def _mirrored(path: _Path) -> _Path:
    return [(-a, b) for a, b in path]


def _fits(label: str, *paths: _Path) -> bool:
    return has_shape_of(label, [np.array(path, np.float32) for path in paths])


@pytest.mark.parametrize(
    ("label", "paths"),
    [
        (".", [DOT]), (",", [SLASH]), ("'", [STEM]), ("-", [BAR]), ("=", [BAR, _moved(BAR, 0, 40)]),
        ("/", [SLASH]), (":", [DOT, _moved(DOT, 0, 60)]), ("(", [_mirrored(ARC)]), (")", [ARC]),
        (")", [ARC[::-1]]), ("1", [STEM]), ("3", [ARC]),
        ("+", [_moved(BAR, 0, 50), STEM]), ("#", [DOT]),
        ("*", [_moved(BAR, 0, 50), STEM, SLASH]), ("%", [SLASH, DOT, _moved(DOT, 50, 90)]),
    ],
)  # fmt: skip
def test_signs_have_their_shapes(label: str, paths: list[_Path]) -> None:
    assert _fits(label, *paths)


@pytest.mark.parametrize(
    ("label", "paths"),
    [
        ("+", [BAR]), ("+", [STEM]), ("*", [SLASH]), ("=", [[(0, 0), (100, 30)]]), ("%", [SLASH]),
        (":", [SLASH]), ("(", [ARC]), (")", [_mirrored(ARC)]), ("/", [_mirrored(SLASH)]),
        ("-", [STEM]), (")", [ARC, _moved(ARC, 40, 0)]), ("/", [[(0, 0)]]),
        ("1", [BAR]), ("7", [BAR]),
    ],
)  # fmt: skip
def test_other_shapes_are_found(label: str, paths: list[_Path]) -> None:
    assert not _fits(label, *paths)
