"""Pictures of lines that are easily read wrong, by kind and seed: size, pen, angle, noise.

Each kind is a function from a generator of chance and a hand to a `Case`. A hand gives the strokes
of a sign in a box of given height; `own_hand` takes them from `tests/written.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import draw_strokes
from inkread.core.picture.page import Page, page_of
from tests.written import write

Plane = NDArray[np.float32]
Strokes = list[Plane]
Rng = np.random.Generator
#: Strokes of a digit of a given height with its upper left corner at (0, 0).
Hand = Callable[[str, float], Strokes]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A picture, and what it says; several lines are joined by newlines."""

    page: Page
    text: str
    #: Other texts that are as right.
    also: tuple[str, ...] = ()

    def is_right(self, text: str) -> bool:
        return text in (self.text, *self.also)


@dataclass(slots=True)
class Sheet:
    """Strokes that are put on paper one after the other; lengths in px."""

    rng: Rng
    hand: Hand
    height: float
    pen: float
    x: float = 0.0
    strokes: Strokes = field(default_factory=list)

    @classmethod
    def of(
        cls,
        rng: Rng,
        hand: Hand,
        low: float = 40,
        high: float = 100,
        pen: tuple[float, float] = (0.07, 0.13),
    ) -> Sheet:
        height = float(rng.uniform(low, high))
        return cls(rng, hand, height, height * float(rng.uniform(*pen)))

    def digit(
        self, sign: str, gap: float = -1.0, size: float = 1.0, base: float = 1.0
    ) -> tuple[float, float]:
        """A digit `gap` heights behind what is there (negative: some gap), its base at a level of 0
        (top of the line) to 1; where it begins and ends.
        """
        h = self.height
        gap = float(self.rng.uniform(0.22, 0.42)) if gap < 0 else gap
        size *= float(self.rng.uniform(0.94, 1.06))
        found = self.hand(sign, size * h)
        y = (base + float(self.rng.uniform(-0.02, 0.02))) * h - size * h
        x = self.x + gap * h
        self.strokes += [stroke + np.array([x, y], np.float32) for stroke in found]
        self.x = float(max(stroke[:, 0].max() for stroke in self.strokes[-len(found) :]))
        return x, self.x

    def digits(self, text: str, gap: float = -1.0) -> None:
        for sign in text:
            if sign.isdigit():
                self.digit(sign, gap)
            else:
                self.sign(sign)

    def sign(self, sign: str) -> None:
        """A sign as people write it between digits."""
        rng, h = self.rng, self.height
        x = self.x + h * float(rng.uniform(0.18, 0.32))
        y, line = 0.0, self.line
        match sign:
            case ".":
                line([(x, h), (x + 0.01 * h, h * 1.01)])
            case ",":
                fall = h * float(rng.uniform(0.2, 0.34))
                line(
                    [
                        (x + 0.5 * fall, 0.96 * h),
                        (x + 0.45 * fall, 0.96 * h + 0.5 * fall),
                        (x, 0.96 * h + fall),
                    ]
                )
            case "-":
                y = h * float(rng.uniform(0.48, 0.58))
                line(
                    [
                        (x, y),
                        (
                            x + h * float(rng.uniform(0.3, 0.5)),
                            y + h * float(rng.uniform(-0.04, 0.04)),
                        ),
                    ]
                )
            case "/":
                run = h * float(rng.uniform(0.3, 0.55))
                line([(x + run, -0.08 * h), (x, 1.1 * h)])
            case ":":
                for y in (0.42, 0.85):
                    line([(x, y * h), (x + 0.01 * h, y * h + 0.01 * h)])
            case "(" | ")":
                bow = 0.22 * h
                arc = [
                    (-bow * math.sin(math.pi * t), (-0.1 + 1.25 * t) * h)
                    for t in np.linspace(0, 1, 9)
                ]
                side = 1 if sign == "(" else -1
                line([(x + (bow if side > 0 else 0) + side * a, b) for a, b in arc])
        self.x = max(self.x, float(self.strokes[-1][:, 0].max()))

    def line(self, points: list[tuple[float, float]]) -> None:
        self.strokes.append(np.array(points, np.float32))

    def speck(self, x: float, y: float, side: float) -> Strokes:
        return [np.array([(x, y), (x + side, y)], np.float32)]

    @property
    def box(self) -> tuple[float, float, float, float]:
        points = np.concatenate(self.strokes)
        return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())

    def drawn(
        self,
        room: tuple[float, float] = (0.5, 1.1),
        angle: float = 2.5,
        paper: float | None = None,
        contrast: tuple[float, float] = (0.55, 0.9),
        under: Callable[[Plane, float, float], None] | None = None,
    ) -> Plane:
        """The picture, `room` heights around the ink and turned by at most `angle` degrees.

        `under` paints on the paper, given the place of the line's top and base.
        """
        rng = self.rng
        angle = math.radians(float(rng.uniform(-angle, angle)))
        turn = np.array(
            [[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]], np.float32
        )
        strokes = [stroke @ turn for stroke in self.strokes]
        points = np.concatenate(strokes)
        margin = self.height * float(rng.uniform(*room)) + self.pen / 2
        low = points.min(axis=0) - margin
        wide, high = np.ceil(points.max(axis=0) + margin - low).astype(int).tolist()
        level = float(rng.uniform(215, 250)) if paper is None else paper
        sheet = np.full((high, wide), level, np.float32)
        if under is not None:
            under(sheet, float(-low[1]), float(self.height - low[1]))
        cover = draw_strokes((high, wide), [s - low for s in strokes], [self.pen] * len(strokes))
        dark = float(rng.uniform(*contrast))
        return np.asarray(sheet * (1 - dark * cover.astype(np.float32) / 255), np.float32)

    def case(self, picture: Plane, text: str, *also: str, noise: float = 4.0) -> Case:
        return Case(taken(picture, self.rng, noise), text, also)


def taken(picture: Plane, rng: Rng, noise: float = 4.0) -> Page:
    """The picture as a scanner or camera gives it: a little blurred, and noisy."""
    picture = np.asarray(
        cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.5, 0.9))), np.float32
    )
    picture += rng.normal(0, rng.uniform(0.5, 1.0) * noise, picture.shape).astype(np.float32)
    return page_of(np.clip(np.rint(picture), 0, 255).astype(np.uint8), "case")


def own_hand(seed: int) -> Hand:
    """A hand of `tests/written.py`."""
    rng = np.random.default_rng(seed)

    def strokes(sign: str, height: float) -> Strokes:
        ink = write(sign, seed=int(rng.integers(1 << 30)))
        return fitted([stroke.points for stroke in ink.strokes], height)

    return strokes


def fitted(strokes: Strokes, height: float) -> Strokes:
    """Strokes `height` px high, their upper left corner at (0, 0)."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    scale = np.float32(height / max(1e-6, float(size[1])))
    return [np.asarray((stroke - low) * scale, np.float32) for stroke in strokes]


def number(rng: Rng, low: int = 3, high: int = 6, digits: str = "0123456789") -> str:
    return "".join(rng.choice(list(digits), int(rng.integers(low, high + 1))).tolist())


def small_beside_tall(rng: Rng, hand: Hand) -> Case:
    """Small digits, mostly zeros, beside tall ones whose stems hang below the line."""
    sheet = Sheet.of(rng, hand, 70, 110, (0.05, 0.08))
    text = "".join(
        rng.permutation(
            list("00" + number(rng, 2, 3, "2358") + "7" * int(rng.integers(1, 3)))
        ).tolist()
    )
    for sign in text:
        if sign == "7":
            sheet.digit(sign, size=float(rng.uniform(1.4, 1.8)), base=1.5)
        elif sign == "0":
            sheet.digit(sign, size=float(rng.uniform(0.5, 0.65)), base=0.95)
        else:
            sheet.digit(sign)
    return sheet.case(sheet.drawn(), text)


def leaning_seven(rng: Rng, hand: Hand) -> Case:
    """A 7 or 9 leans over the lower digit before it: one box covers much of the other."""
    sheet = Sheet.of(rng, hand, 60, 100, (0.07, 0.11))
    before, low, last = number(rng, 1, 2, "1235"), str(rng.choice(list("03568"))), "7"
    sheet.digits(before)
    start, end = sheet.digit(low, size=0.62)
    h = sheet.height
    sheet.x = start + 0.75 * (end - start)
    bar = float(rng.uniform(-0.16, -0.12)) * h
    width = end + float(rng.uniform(0.5, 0.7)) * h
    sheet.line(
        [
            (sheet.x - 0.1 * h, bar),
            (width, bar - 0.04 * h),
            (end + 0.42 * h, 0.45 * h),
            (end + 0.26 * h, h),
        ]
    )
    sheet.x = width
    if rng.random() < 0.5:
        tail = number(rng, 1, 1, "2358")
        sheet.digits(tail)
        last += tail
    return sheet.case(sheet.drawn(), before + low + last)


def on_a_line(rng: Rng, hand: Hand) -> Case:
    """Digits stand on a printed line, in a crop that is hardly higher than they are."""
    sheet = Sheet.of(rng, hand, 30, 70, (0.09, 0.14))
    text = number(rng, 3, 6)
    sheet.digits(text, 0.15)
    thick = max(1, round(sheet.height * float(rng.uniform(0.03, 0.06))))
    level, dark = float(rng.uniform(0.9, 1.02)), float(rng.uniform(0.4, 0.75))

    def rule(paper: Plane, top: float, base: float) -> None:
        y = round(top + level * (base - top))
        paper[y : y + thick] *= 1 - dark

    picture = sheet.drawn((0.12, 0.6), 0.7, float(rng.uniform(170, 240)), (0.5, 0.8), rule)
    return sheet.case(picture, text)


def wide_writing(rng: Rng, hand: Hand) -> Case:
    """Digits far apart, all about as far: one number."""
    sheet = Sheet.of(rng, hand, 30, 70)
    text, gap = number(rng, 5, 9), float(rng.uniform(0.9, 2.0))
    for sign in text:
        sheet.digit(sign, gap * float(rng.uniform(0.88, 1.12)))
    return sheet.case(sheet.drawn(), text)


def narrow_column(rng: Rng, hand: Hand) -> Case:
    """Short numbers below one another, in a picture that is narrow."""
    sheet, rows = Sheet.of(rng, hand, 36, 70), list[str]()
    strokes: Strokes = []
    for row in range(int(rng.integers(3, 7))):
        sheet.x, sheet.strokes = float(rng.uniform(0, 0.2)) * sheet.height, []
        rows.append(number(rng, 1, 3))
        sheet.digits(rows[-1])
        down = np.array([0, 1.6 * row * sheet.height], np.float32)
        strokes += [stroke + down for stroke in sheet.strokes]
    sheet.strokes = strokes
    return sheet.case(sheet.drawn(), "\n".join(rows))


def on_pattern(rng: Rng, hand: Hand) -> Case:
    """Faint ink on dotted or patterned paper, as on cheques."""
    sheet = Sheet.of(rng, hand, 34, 60, (0.11, 0.15))
    text = number(rng, 3, 6)
    sheet.digits(text, 0.18)
    kind, period = int(rng.integers(3)), int(rng.integers(4, 8))

    def pattern(paper: Plane, top: float, base: float) -> None:
        y, x = np.mgrid[: paper.shape[0], : paper.shape[1]]
        if kind == 0:  # dots
            on = ((x % period) < period / 2) & ((y % period) < period / 2)
            wave = np.where(on, 1.0, 0.0)
        elif kind == 1:  # hatching
            wave = 0.5 + 0.5 * np.sin(2 * np.pi * (x + y) / period)
        else:  # guilloche
            wave = 0.5 + 0.5 * np.sin(2 * np.pi * (y + 5 * np.sin(x / 17)) / period)
        paper *= (1 - float(rng.uniform(0.06, 0.14)) * wave).astype(np.float32)

    picture = sheet.drawn((0.15, 0.5), 1.5, float(rng.uniform(170, 225)), (0.33, 0.5), pattern)
    return sheet.case(picture, text, noise=3.0)


def rest_of_a_line(rng: Rng, hand: Hand) -> Case:
    """A crop of a cell with the rest of its lines at one or two sides."""
    sheet = Sheet.of(rng, hand, 36, 80, (0.08, 0.13))
    text = number(rng, 1, 2)
    sheet.digits(text)
    picture = sheet.drawn((0.3, 0.55), 2.0)
    sides = int(rng.integers(4)), int(rng.integers(4))
    thick = max(2, round(sheet.pen * float(rng.uniform(0.5, 1.2))))
    for side in set(sides):
        turned = np.rot90(picture, side)
        turned[:thick] = float(rng.uniform(30, 90))
    return sheet.case(picture, text)


def specks(rng: Rng, hand: Hand) -> Case:
    """Specks far smaller than the pen at the place of a point."""
    sheet = Sheet.of(rng, hand, 60, 110, (0.1, 0.15))
    text, more = number(rng, 3, 5), Strokes()
    for sign in text:
        sheet.digit(sign, 0.35)
        if rng.random() < 0.5:
            y = float(rng.uniform(0.85, 1.02)) * sheet.height
            more += sheet.speck(sheet.x + 0.17 * sheet.height, y, 1.0)
    picture = sheet.drawn(angle=0.01)
    points = np.concatenate(sheet.strokes)
    rows, columns = np.indices(picture.shape)
    margin = (
        (picture.shape[1] - np.ptp(points[:, 0])) / 2,
        (picture.shape[0] - np.ptp(points[:, 1])) / 2,
    )
    side = sheet.pen * float(rng.uniform(0.2, 0.4))
    for stroke in more:
        x, y = stroke[0] - points.min(axis=0) + np.array(margin)
        picture[(np.abs(rows - y) < side / 2) & (np.abs(columns - x) < side / 2)] *= 0.5
    return sheet.case(picture, text)


def points(rng: Rng, hand: Hand) -> Case:
    """Numbers with a point, the pen's own size."""
    return signed(rng, hand, f"{number(rng, 1, 3)}.{number(rng, 1, 3)}")


def long_comma(rng: Rng, hand: Hand) -> Case:
    """A long comma, and the dash of a round price behind it."""
    whole = number(rng, 1, 4)
    return signed(rng, hand, f"{whole},-" if rng.random() < 0.5 else f"{whole},{number(rng, 2, 2)}")


def leading_point(rng: Rng, hand: Hand) -> Case:
    return signed(rng, hand, f".{number(rng, 1, 3)}")


def trailing_point(rng: Rng, hand: Hand) -> Case:
    return signed(rng, hand, f"{number(rng, 1, 4)}.")


def date(rng: Rng, hand: Hand) -> Case:
    day, month, year = (int(v) for v in rng.integers((1, 1, 1950), (29, 13, 2050)))
    return signed(rng, hand, f"{day:02}/{month:02}/{year}")


def fraction(rng: Rng, hand: Hand) -> Case:
    return signed(rng, hand, f"{rng.integers(1, 20)}/{rng.integers(2, 100)}")


def time(rng: Rng, hand: Hand) -> Case:
    return signed(rng, hand, f"{rng.integers(24)}:{rng.integers(60):02}")


def brackets(rng: Rng, hand: Hand) -> Case:
    return signed(rng, hand, f"({number(rng, 1, 3)})")


def signed(rng: Rng, hand: Hand, text: str) -> Case:
    sheet = Sheet.of(rng, hand)
    sheet.digits(text)
    return sheet.case(sheet.drawn(), text)


def both_ways_up(rng: Rng, hand: Hand) -> Case:
    """Digits that read upside down as well, with a thing beside them that is hard to read."""
    sheet = Sheet.of(rng, hand, 40, 80, (0.1, 0.16))
    text = str(rng.choice(list("1689"))) + number(rng, 2, 4, "01689")
    sheet.digits(text)
    if rng.random() < 0.6:  # a point that touches or nearly touches the last digit
        x = sheet.x + 0.6 * sheet.pen
        sheet.line([(x, sheet.height), (x + 2, sheet.height)])
        return sheet.case(sheet.drawn((0.2, 0.5)), text, text + ".")
    return sheet.case(sheet.drawn((0.2, 0.5)), text)


def tick_boxes(rng: Rng, hand: Hand) -> Case:
    """Rows of empty small squares."""
    side, gap = float(rng.uniform(11, 26)), float(rng.uniform(0.5, 1.4))
    sheet = Sheet(rng, hand, side, max(1.0, side * float(rng.uniform(0.06, 0.1))))
    for row in range(int(rng.integers(1, 5))):
        for column in range(int(rng.integers(3, 9))):
            x, y = column * side * (1 + gap), row * side * (1 + gap)
            sheet.line([(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)])
    return sheet.case(sheet.drawn((1.0, 2.0), 1.0), "", noise=2.0)


def comb_field(rng: Rng, hand: Hand) -> Case:
    """A digit in each cell of a comb, some cells empty, cropped tightly."""
    sheet = Sheet.of(rng, hand, 34, 70, (0.07, 0.12))
    text, empty = number(rng, 4, 9), int(rng.integers(4))
    h, pen = sheet.height, sheet.pen
    step, room = 1.35 * h, 0.25 * h
    for place, sign in enumerate(text):
        wide = float(np.concatenate(hand(sign, h)).max(axis=0)[0])
        sheet.x = (
            place * step + max(0.1 * h, (step - wide) / 2) + h * float(rng.uniform(-0.06, 0.06))
        )
        sheet.digit(sign, 0.0, 0.9, 0.95)
    thick = max(1, round(float(rng.uniform(0.02, 0.05)) * h))
    cells = len(text) + empty
    margin = round(0.2 * h)
    shape = round(h + 2 * room) + 2 * margin, round(cells * step) + 2 * margin
    picture = np.full(shape, float(rng.uniform(225, 252)), np.float32)
    ends = margin, shape[0] - margin
    for place in range(cells + 1):
        x = margin + round(place * step)
        picture[ends[0] : ends[1], max(0, x - thick) : x + 1] = 40
    for y in ends:
        picture[y - thick // 2 : y - thick // 2 + thick, margin : shape[1] - margin] = 40
    corner = np.array([margin, margin + room], np.float32)
    cover = draw_strokes(shape, [s + corner for s in sheet.strokes], [pen] * len(sheet.strokes))
    picture *= 1 - float(rng.uniform(0.6, 0.85)) * cover.astype(np.float32) / 255
    return sheet.case(picture, text, noise=2.5)


def broken_four(rng: Rng, hand: Hand) -> Case:
    """A 4 whose foot has come off: no comma."""
    sheet = Sheet.of(rng, hand, 60, 100, (0.07, 0.11))
    before, after = number(rng, 1, 2, "02356"), number(rng, 1, 3, "02356")
    sheet.digits(before)
    h, pen = sheet.height, sheet.pen
    x = sheet.x + 0.3 * h
    end, gap = float(rng.uniform(0.72, 0.78)) * h, pen + 0.05 * h
    sheet.line([(x + 0.35 * h, 0), (x, 0.62 * h), (x + 0.6 * h, 0.6 * h)])
    sheet.line([(x + 0.42 * h, 0.35 * h), (x + 0.41 * h, end)])
    sheet.line([(x + 0.41 * h, end + gap), (x + 0.4 * h, max(end + gap + 1, h))])
    sheet.x = x + 0.6 * h
    sheet.digits(after)
    return sheet.case(sheet.drawn(), before + "4" + after)


#: Name of a kind -> what makes a case of it.
KINDS: dict[str, Callable[[Rng, Hand], Case]] = {
    "small beside tall": small_beside_tall,
    "leaning 7": leaning_seven,
    "on a line": on_a_line,
    "wide writing": wide_writing,
    "narrow column": narrow_column,
    "on a pattern": on_pattern,
    "rest of a line": rest_of_a_line,
    "specks": specks,
    "points": points,
    "long comma": long_comma,
    "leading point": leading_point,
    "trailing point": trailing_point,
    "date": date,
    "fraction": fraction,
    "time": time,
    "brackets": brackets,
    "both ways up": both_ways_up,
    "empty tick boxes": tick_boxes,
    "comb field": comb_field,
    "broken 4": broken_four,
}


def case_of(kind: str, seed: int, hand: Hand | None = None) -> Case:
    """A case of a kind; another seed is another size, pen, angle and noise."""
    rng = np.random.default_rng([list(KINDS).index(kind), seed])
    return KINDS[kind](rng, hand or own_hand(seed))
