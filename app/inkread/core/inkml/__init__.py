"""Ink as files: W3C InkML 1.0 (recommendation of 20 September 2011), in and out."""

from inkread.core.inkml.drawing import Drawing
from inkread.core.inkml.reader import is_inkml, read_inkml
from inkread.core.inkml.writer import write_inkml

__all__ = ["Drawing", "is_inkml", "read_inkml", "write_inkml"]
