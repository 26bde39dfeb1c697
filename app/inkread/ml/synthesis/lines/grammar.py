"""Random texts of digits and signs, as people write them: amounts, dates, times, sums, ...

A space is a wider gap; it has no label.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inkread.core.line_labels import OTHER

_Make = Callable[[np.random.Generator], str]


def random_text(rng: np.random.Generator) -> str:
    """A text of at least one sign of `LINE_LABELS`, perhaps with single spaces between them."""
    return _MAKERS[int(np.searchsorted(_UP_TO, rng.random()))](rng)


def digits(rng: np.random.Generator, count: int) -> str:
    """Digits, each alike probable; every fourth time with more zeros."""
    found = rng.integers(10, size=count)
    if rng.random() < 0.25:
        found[rng.random(count) < 0.4] = 0
    return "".join(map(str, found.tolist()))


def amount(rng: np.random.Generator) -> str:
    """An amount as on cheques and price tags, with leading and trailing signs."""
    whole = _grouped(digits(rng, int(rng.integers(1, 7))), _one(rng, ".,' ", 0.45))
    cents = _one(rng, ",.", 1.0)
    tail = rng.random()
    if tail < 0.3:
        whole += cents + digits(rng, 2)
    elif tail < 0.45:
        whole += cents + "00"
    elif tail < 0.6:
        whole += _choice(rng, ("-", ",-", ".-", "=", ",=", "--", ".", ",", "/", "-/", " -", "/-"))
    if rng.random() < 0.2:
        whole = _choice(rng, ("-", "=", "*", "**", OTHER, OTHER + " ", "--", "+", "- ")) + whole
    if rng.random() < 0.08:
        whole += _choice(rng, (OTHER, " " + OTHER, "*", " -", "%"))
    return whole


def _plain(rng: np.random.Generator) -> str:
    short = rng.random() < 0.6
    return digits(rng, int(rng.integers(2, 6) if short else rng.integers(4, 12)))


def _single(rng: np.random.Generator) -> str:
    return digits(rng, 1)


def _long(rng: np.random.Generator) -> str:
    text = digits(rng, int(rng.integers(8, 21)))
    if rng.random() < 0.5:
        return text
    size = int(rng.integers(2, 5))
    return " ".join(text[i : i + size] for i in range(0, len(text), size))


def _date(rng: np.random.Generator) -> str:
    day, month, year = (str(rng.integers(low, high)) for low, high in ((1, 32), (1, 13), (0, 2100)))
    if rng.random() < 0.6:
        day, month = day.zfill(2), month.zfill(2)
    year = str(rng.integers(1900, 2100)) if rng.random() < 0.6 else year[-2:].zfill(2)
    sign = _choice(rng, "..///--")
    parts = [day, month, year]
    if rng.random() < 0.25:
        parts.reverse()
    if rng.random() < 0.15:
        return sign.join(parts[:2]) + (sign if sign == "." else "")
    return (sign + (" " if rng.random() < 0.1 else "")).join(parts)


def _time(rng: np.random.Generator) -> str:
    parts = [str(rng.integers(24)), str(rng.integers(60)).zfill(2)]
    if rng.random() < 0.5:
        parts[0] = parts[0].zfill(2)
    if rng.random() < 0.25:
        parts.append(str(rng.integers(60)).zfill(2))
    sign = _choice(rng, ":::::.")
    text = sign.join(parts)
    if rng.random() < 0.15:
        text += _choice(rng, "--- ") + str(rng.integers(24)) + sign + str(rng.integers(60)).zfill(2)
    return text


def _phone(rng: np.random.Generator) -> str:
    def group(low: int, high: int) -> str:
        return digits(rng, int(rng.integers(low, high)))

    sign = _choice(rng, " -/ -")
    rest = sign.join(group(2, 5) for _ in range(int(rng.integers(1, 4))))
    match int(rng.integers(4)):
        case 0:
            return f"({group(2, 5)}){_choice(rng, ' -')}{rest}"
        case 1:
            return f"+{group(1, 4)}{_choice(rng, ' -')}{rest}"
        case 2:
            return f"{group(2, 6)}{_choice(rng, '/- ')}{rest}"
    return f"+{group(1, 4)} ({group(1, 2)}) {rest}"


def _fraction(rng: np.random.Generator) -> str:
    text = f"{rng.integers(1, 100)}/{rng.integers(2, 101)}"
    return f"{rng.integers(1, 20)} {text}" if rng.random() < 0.25 else text


def _decimal(rng: np.random.Generator) -> str:
    text = digits(rng, int(rng.integers(1, 5))) + _choice(rng, ".,.,:'")
    text += digits(rng, int(rng.integers(1, 5)))
    return _signed(rng, text, 0.25)


def _percent(rng: np.random.Generator) -> str:
    text = str(rng.integers(0, 101))
    if rng.random() < 0.3:
        text += _choice(rng, ".,") + digits(rng, int(rng.integers(1, 3)))
    return _signed(rng, text, 0.2) + _choice(rng, ("%", "%", " %"))


def _sum(rng: np.random.Generator) -> str:
    space = _choice(rng, ("", "", " "))
    terms = [digits(rng, int(rng.integers(1, 4))) for _ in range(int(rng.integers(2, 4)))]
    text = terms[0]
    for term in terms[1:]:
        text += space + _choice(rng, "++-*:/-") + space + term
    if rng.random() < 0.6:
        text += space + "="
        if rng.random() < 0.7:
            text += space + digits(rng, int(rng.integers(1, 5)))
    if rng.random() < 0.15:
        text = f"({text})"
    return text


def _negative(rng: np.random.Generator) -> str:
    text = digits(rng, int(rng.integers(1, 6)))
    return f"({text})" if rng.random() < 0.25 else _signed(rng, text, 1.0)


def _range(rng: np.random.Generator) -> str:
    sign = _choice(rng, ("-", " - ", "-", ":", "/", "--"))
    return sign.join(digits(rng, int(rng.integers(1, 5))) for _ in range(2))


def _listed(rng: np.random.Generator) -> str:
    sign = _choice(rng, (", ", ",", ". ", " ", "; ", "/", "-", " + "))
    parts = [digits(rng, int(rng.integers(1, 4))) for _ in range(int(rng.integers(2, 5)))]
    text = sign.replace(";", OTHER).join(parts)
    return f"({text})" if rng.random() < 0.2 else text


def _numbered(rng: np.random.Generator) -> str:
    text = digits(rng, int(rng.integers(1, 4)))
    return text + _choice(rng, (".", ")", ".)", ":", "-", "/"))


def _mixed(rng: np.random.Generator) -> str:
    """Digits with random signs anywhere; no rule of grammar is sure."""
    text = list(digits(rng, int(rng.integers(1, 9))))
    for _ in range(int(rng.integers(1, 4))):
        text.insert(int(rng.integers(len(text) + 1)), _choice(rng, ".,-/:+=%*'" + OTHER))
    return "".join(text)


def _no_digit(rng: np.random.Generator) -> str:
    return _choice(rng, ("-", "--", "---", "=", "*", "**", "+", "-.-", "%", "/", ":", "()", "- -"))


def _with_others(rng: np.random.Generator) -> str:
    """Letters, currency and scribbles among digits, or alone."""
    chance = rng.random()
    if chance < 0.2:
        return OTHER * int(rng.integers(1, 5))
    text = digits(rng, int(rng.integers(1, 7)))
    if chance < 0.4:
        return text + _choice(rng, ("", " ")) + OTHER * int(rng.integers(1, 4))
    if chance < 0.6:
        return OTHER * int(rng.integers(1, 3)) + _choice(rng, ("", " ")) + text
    if chance < 0.8:
        at = int(rng.integers(len(text) + 1))
        return text[:at] + OTHER + text[at:]
    return OTHER + amount(rng)


def _signed(rng: np.random.Generator, text: str, share: float) -> str:
    return _choice(rng, "---+") + text if rng.random() < share else text


def _grouped(text: str, sign: str) -> str:
    """Thousands set off by a sign."""
    groups = [text[max(0, end - 3) : end] for end in range(len(text), 0, -3)]
    return sign.join(reversed(groups))


def _one(rng: np.random.Generator, signs: str, share: float) -> str:
    """One of some signs, or none."""
    return _choice(rng, signs) if rng.random() < share else ""


def _choice(rng: np.random.Generator, options: str | tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


_WEIGHTED: tuple[tuple[_Make, float], ...] = (
    (_plain, 36), (_single, 5), (_long, 7), (amount, 19), (_date, 8), (_time, 5), (_phone, 6),
    (_fraction, 3), (_decimal, 6), (_percent, 2), (_sum, 4), (_negative, 3), (_range, 2),
    (_listed, 2), (_numbered, 1.5), (_mixed, 1), (_with_others, 5), (_no_digit, 0.6),
)  # fmt: skip
"""How often each is made. Chosen: half of the lines have signs, as most numbers have none and a 1
is easily read as / or ); each sign in 1 to 15 of 100.
"""
_MAKERS = tuple(make for make, _ in _WEIGHTED)
_UP_TO = np.cumsum([weight for _, weight in _WEIGHTED]) / sum(w for _, w in _WEIGHTED)
