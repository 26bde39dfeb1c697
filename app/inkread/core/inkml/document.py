"""The tree of an InkML file -> strokes, grouped into drawings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from inkread.core.ink import Ink, Stroke
from inkread.core.inkml.context import Context, Definitions, children, identifier, local_name
from inkread.core.inkml.drawing import BadInk, Drawing
from inkread.core.inkml.strokes import Strokes

_MAX_DEPTH = 100
_MAX_MEMBERS = 5_000_000
_LABELS = ("truth", "label")
_GROUPS = ("traceGroup", "traceView")


def drawings_of(root: Element) -> tuple[Drawing, ...]:
    """The drawings in an <ink> element; at least one, which may be empty.

    Raises
    ------
    BadInk
    """
    named = ((identifier(element), element) for element in _elements(root))
    definitions = Definitions({name: element for name, element in named if name})
    groups = _Groups(root, definitions)
    drawings = list(groups.labelled(root))
    used = {id(stroke) for drawing in drawings for stroke in drawing.ink.strokes}
    rest = Ink(tuple(stroke for stroke in groups.shown() if id(stroke) not in used))
    if not drawings:
        drawings = [Drawing(_label(root) or None, rest)]
    elif not rest.is_empty:
        drawings.append(Drawing(None, rest))
    return tuple(replace(drawing, is_in_px=groups.is_in_px) for drawing in drawings)


class _Groups:
    """The strokes of the groups and views of a document."""

    def __init__(self, root: Element, definitions: Definitions) -> None:
        self._definitions = definitions
        self._shown: list[Element] = []
        strokes = Strokes(definitions)
        self._collect(root, Context(), strokes, shown=True)
        self._strokes = strokes.finished()
        self.is_in_px = strokes.is_in_px
        self._members: dict[Element, list[Stroke]] = {}
        self._listed = 0

    def _collect(self, element: Element, context: Context, strokes: Strokes, shown: bool) -> None:
        """Find the traces below `element`, each with its context."""
        for child in element:
            match local_name(child):
                case "trace":
                    strokes.add(child, self._definitions.context(child, context))
                case "traceGroup":
                    inner = self._definitions.context(child, context)
                    self._collect(child, inner, strokes, shown)
                case "definitions":
                    self._collect(child, Context(), strokes, shown=False)
                case "context" | "traceFormat" | "inkSource" | "brush" if shown:
                    context = self._definitions.context(child, context)
            if shown and local_name(child) in ("trace", "traceView"):
                self._shown.append(child)

    def labelled(self, element: Element) -> Iterator[Drawing]:
        """The drawings of the labelled groups in `element`; the innermost of nested ones."""
        for child in element:
            if local_name(child) in _GROUPS:
                inner = list(self.labelled(child))
                label = _label(child)
                if not inner and label is not None:
                    inner = [Drawing(label or None, Ink(tuple(self._members_of(child))))]
                yield from inner

    def shown(self) -> list[Stroke]:
        """All strokes outside the definitions, and those that a view takes from them."""
        return _unique(stroke for element in self._shown for stroke in self._members_of(element))

    def _members_of(self, element: Element, depth: int = 0) -> list[Stroke]:
        """The strokes of a trace, group or view, each once."""
        if element in self._members:
            return self._members[element]
        if depth > _MAX_DEPTH:
            raise BadInk("its views refer to one another without end")
        own = self._strokes.get(element)
        parts = [own] if own else []
        if local_name(element) in _GROUPS:
            inner = [part for part in element if local_name(part) in ("trace", *_GROUPS)]
            referred = self._definitions.find(element.get("traceDataRef"))
            inner += [referred] if referred is not None else []
            parts = _unique(s for part in inner for s in self._members_of(part, depth + 1))
        self._listed += len(parts)
        if self._listed > _MAX_MEMBERS:
            raise BadInk("its groups and views are too many")
        self._members[element] = parts
        return parts


def _elements(root: Element) -> Iterator[Element]:
    """`root` and all below it, in document order; BadInk if it is nested too deeply."""
    waiting = [(root, 0)]
    while waiting:
        element, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            raise BadInk("it is nested too deeply")
        yield element
        waiting.extend((child, depth + 1) for child in reversed(element))


def _label(element: Element) -> str | None:
    """The label of `element`: empty if its annotation is empty, None if it has none."""
    for annotation in children(element, "annotation"):
        if annotation.get("type", "").lower() in _LABELS:
            return " ".join("".join(annotation.itertext()).split())
    return None


def _unique(strokes: Iterable[Stroke]) -> list[Stroke]:
    return list({id(stroke): stroke for stroke in strokes}.values())
