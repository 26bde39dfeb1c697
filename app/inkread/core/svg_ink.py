"""A drawing that was saved as SVG -> its ink again; other SVGs are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import numpy as np
from defusedxml import DTDForbidden, ElementTree
from numpy.typing import NDArray

from inkread.core.errors import SvgUnusable
from inkread.core.ink import Drawn, Ink, ink_of

MAX_BYTES = 64_000_000
"""Maximum size of a file; that of InkML."""

MAX_ELEMENTS = 200_000
"""Maximum elements, roughly counted; bounds the memory of parsing."""

_SVG = re.compile(
    rb"""
    (?:\xef\xbb\xbf)?
    (?> \s* < (?: \?.*?\? | !--.*?-- | !DOCTYPE[^<>[]*(?:\[.*?\]\s*)? ) > )*
    \s* < (?:[\w.-]+:)? svg [\s/>]
    """,
    re.VERBOSE | re.DOTALL,
)
_HEAD = 16_384
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_NUMBER = r"-?\d{1,9}(?:\.\d{1,9})?"
_PAIR = rf"({_NUMBER}) ({_NUMBER})"
#: As `inkread.core.ink_export` writes it: the control points of the curves are those of the stroke.
_PATH = re.compile(rf"M{_PAIR}(?: Q{_PAIR} {_PAIR})* L{_PAIR}", re.ASCII)
_CURVE = re.compile(rf"Q{_PAIR}", re.ASCII)


def is_svg(data: bytes) -> bool:
    """Whether the bytes begin like SVG."""
    return _SVG.match(data[:_HEAD]) is not None


def read_svg(data: bytes, name: str) -> Ink:
    """The ink of a drawing that this program saved; points to a hundredth of a px, no pressures.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What errors call it.

    Raises
    ------
    SvgUnusable
        If it is any other SVG, is broken, has a document type (entities are never expanded), or
        exceeds `MAX_BYTES` or `MAX_ELEMENTS`.
    """
    if len(data) > MAX_BYTES or data.count(b"<") > 2 * MAX_ELEMENTS:
        raise SvgUnusable(name=name, reason="it is too large")
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
        return ink_of(list(_strokes(root)))
    except _Other as error:
        raise SvgUnusable(name=name, reason=str(error)) from error
    except DTDForbidden as error:
        raise SvgUnusable(name=name, reason="it has a document type") from error
    except Exception as error:  # an encoding that is unknown, XML or numbers that are broken
        raise SvgUnusable(name=name, reason="it is broken") from error


class _Other(Exception):
    """What is not as this program saves drawings."""


def _strokes(root: Element) -> Iterator[Drawn]:
    if root.tag != f"{_NAMESPACE}svg" or len(root) != 1 or root[0].tag != f"{_NAMESPACE}g":
        raise _Other("it is no drawing of this program")
    group = root[0]
    if group.get("fill") != "none" or set(group.keys()) - _GROUP_KEYS:
        raise _Other("it is no drawing of this program")
    for element in group:
        if element.tag == f"{_NAMESPACE}path" and set(element.keys()) == {"stroke-width", "d"}:
            yield _points(element.get("d", "")), float(element.get("stroke-width", "")), None
        elif element.tag == f"{_NAMESPACE}circle":
            centre = [[float(element.get("cx", "")), float(element.get("cy", ""))]]
            yield np.array(centre), 2 * float(element.get("r", "")), None
        else:
            raise _Other("it holds more than lines")


_GROUP_KEYS = {"fill", "stroke", "stroke-linecap", "stroke-linejoin"}


def _points(path: str) -> NDArray[np.float64]:
    match = _PATH.fullmatch(path)
    if match is None:
        raise _Other("its lines are drawn in another way")
    first, last = match.group(1, 2), match.groups()[-2:]
    bends = [each.groups() for each in _CURVE.finditer(path)]
    return np.array([first, *bends, last], np.float64)
