"""Numbers as people write them; what may be read in two ways is no number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

#: The decimal signs, each with a form of numbers: groups of three digits, all behind the same sign
#: that is not the decimal one. Leading zeros are of numbers that are names, such as "007".
_FORMS = {
    sign: re.compile(
        rf"[+-]?(?:(?:0|[1-9]\d*|[1-9]\d{{0,2}}(?P<group>[{other}'])\d{{3}}(?:(?P=group)\d{{3}})*)"
        rf"(?:[{sign}]\d+)?|[{sign}]\d+)",
        re.ASCII,
    )
    for sign, other in ((".", ","), (",", "."))
}


def decimal_sign_of(texts: Iterable[str]) -> str | None:
    """The decimal sign, "." or ",", of numbers that stand together; None: they do not show it.

    "1.234,5" and "0,25" show it, "1.234" does not.
    """
    shown = set()
    for text in texts:
        found = _readings(text)
        if len(found) == 1 and ("." in text or "," in text):
            shown |= set(found)
    return shown.pop() if len(shown) == 1 else None


def number_of(text: str, decimal_sign: str | None = None) -> Decimal | None:
    """The number that a text is; None: it is none, or ambiguous.

    Parameters
    ----------
    text : str
        Such as "1.234,5", "1'234.50" or "-12".
    decimal_sign : str or None
        That of the numbers it stands with, if they show one: "1.234" is ambiguous alone.
    """
    found = _readings(text)
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    return found.get(decimal_sign or "")


def decimals_of(text: str, number: Decimal, decimal_sign: str | None = None) -> int:
    """How many digits stand behind the decimal sign of a number's text."""
    signs = [sign for sign, found in _readings(text).items() if found == number]
    sign = decimal_sign if decimal_sign in signs else signs[0]
    return len(text.partition(sign)[2])


def _readings(text: str) -> dict[str, Decimal]:
    """The number that a text is with each decimal sign."""
    found = {}
    for sign, form in _FORMS.items():
        if form.fullmatch(text):
            whole, point, decimals = text.partition(sign)
            digits = re.sub(r"[.,']", "", whole)
            found[sign] = Decimal(f"{digits}.{decimals}" if point else digits)
    return found
