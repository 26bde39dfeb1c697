"""Inkread reads handwritten digits: a desktop program, a command line, and a Python package.

>>> import inkread
>>> inkread.read("assets/samples/number.png").text
'2047'

The public interface is `inkread.api`; it is imported when one of its names is first used, so that
``import inkread`` alone stays light.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from inkread.api import (
        FieldType,
        Glyph,
        Ink,
        InkreadError,
        Layout,
        Reading,
        Result,
        Stroke,
        read,
        read_form,
        read_many,
    )

# onnxruntime from 1.29 on makes a device id, writes a log of its use and sends it, already when
# it is imported. This alone keeps it from all three, and only if set before.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
__all__ = [
    "FieldType",
    "Glyph",
    "Ink",
    "InkreadError",
    "Layout",
    "Reading",
    "Result",
    "Stroke",
    "__version__",
    "read",
    "read_form",
    "read_many",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import the public interface when one of its names is first asked for (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from inkread import api

        globals().update({public: getattr(api, public) for public in api.__all__})
        return globals()[name]

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
