"""Bytes of an InkML file -> drawings."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from defusedxml import DTDForbidden, ElementTree

from inkread.core.errors import InkDamaged
from inkread.core.inkml.context import local_name
from inkread.core.inkml.document import drawings_of
from inkread.core.inkml.drawing import BadInk, Drawing

MAX_BYTES = 64_000_000
"""Maximum size of a file."""

MAX_MARKUP = 2_000_000
"""Maximum elements and attributes in a file, roughly counted; bounds the memory of parsing."""

_INK = re.compile(
    r"""
    (?> \s* < (?: \?.*?\? | !--.*?-- | !DOCTYPE[^<>[]*(?:\[.*?\]\s*)? ) > )*
    \s* < (?:[\w.-]+:)? ink [\s/>]
    """,
    re.VERBOSE | re.DOTALL,
)
_HEAD = 16_384


def is_inkml(data: bytes) -> bool:
    """Whether the bytes begin like InkML."""
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        text = head.decode("utf-8-sig", "replace")
    return _INK.match(text) is not None


def read_inkml(data: bytes, name: str) -> tuple[Drawing, ...]:
    """Read an InkML file.

    Each labelled group (``<annotation type="truth">`` or ``"label"``; the innermost counts) is a
    drawing, and the ink outside them is one more. A file without labelled groups is one drawing.
    Ignored: traces with the pen up, channels other than X, Y and F, canvas transforms, mappings,
    and the ``from`` and ``to`` of trace views.

    Parameters
    ----------
    data : bytes
        XML in any encoding that it declares, with InkML's namespace or none.
    name : str
        What errors call the file.

    Returns
    -------
    tuple of Drawing
        At least one; in px, 96 to the inch if the file states units of length.

    Raises
    ------
    InkDamaged
        If it is no InkML, has a document type (entities are never expanded), or exceeds
        `MAX_BYTES`, `MAX_MARKUP`, a million points or 200,000 traces.
    """
    try:
        return drawings_of(_root(data))
    except BadInk as error:
        raise InkDamaged(name=name, reason=str(error)) from error


def _root(data: bytes) -> Element:
    if not data.strip():
        raise BadInk("the file is empty")
    if len(data) > MAX_BYTES or data.count(b"<") + data.count(b"=") > MAX_MARKUP:
        raise BadInk("the file is too large")
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except ElementTree.ParseError as error:
        raise BadInk(f"its XML is broken: {error}") from error
    except DTDForbidden as error:
        raise BadInk("it has a document type, which InkML has not") from error
    except Exception as error:  # an encoding that is unknown or broken
        raise BadInk("its encoding cannot be read") from error
    if local_name(root) != "ink":
        raise BadInk("it has no ink element")
    return root
