"""The process in which pages of a PDF are rendered: requests on standard input, pixels out.

Run as ``python -m inkread.core.picture.pdf_process``. It reads the length of the file (8 bytes, the
lowest first) and the file, and answers with one line of JSON: ``{"count": 3}``, or ``{"error":
"locked"}``, ``{"error": "damaged"}``, ``{"error": "missing"}`` (no PDFium). Each further line of
input is the index of a page and how many pixels it may have; the answer is a line of JSON,
``{"width": w, "height": h, "scale": s}``, and the pixels, RGB; or ``{"error": "damaged"}``.

PDFium is not safe in threads, a few bytes of a PDF can ask for any amount of work, and a broken one
may end the process that renders it: hence a process of its own, with limits.
"""

from __future__ import annotations

import faulthandler
import json
import math
import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pypdfium2

#: Dots per inch. Chosen: what faxes and scanners have; a digit of 4 mm is 31 px high.
DPI = 200
_POINTS_PER_INCH = 72
#: Limit on the processor time of opening the file, and of one page, s. Chosen: a scanned page
#: takes 0.2 (*measured*).
MAX_SECONDS = 20
#: The same on the clock, s. Chosen: only a machine that does much else gets there.
MAX_WALL_SECONDS = 60
#: Limit on the memory that the file and one page take, bytes. Chosen: as much as a picture of 64
#: megapixels may.
MAX_BYTES = 1_000_000_000
#: Maximum width and height, px; chosen: OpenCV draws on pictures of 32,767 px only.
_MAX_SIDE = 30_000


def main() -> None:
    """Answer requests until standard input ends."""
    with suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    source, target = sys.stdin.buffer, sys.stdout.buffer
    try:
        import pypdfium2
    except (ImportError, OSError):
        _answer(target, {"error": "missing"})
        return
    data = source.read(int.from_bytes(source.read(8), "little"))
    _limit_memory(len(data))
    with _Limits():
        document, answer = _opened(data, pypdfium2)
    _answer(target, answer)
    if document is not None:
        for line in source:
            index, pixels = map(int, line.split())
            with _Limits():
                answer, picture = _rendered(document, index, pixels)
            _answer(target, answer, picture)
    target.flush()
    os._exit(0)  # nothing of the file is run any more


def _answer(target: BinaryIO, answer: dict[str, Any], picture: bytes | memoryview = b"") -> None:
    target.write(json.dumps(answer).encode() + b"\n")
    target.write(picture)
    target.flush()


def _opened(data: bytes, library: Any) -> tuple[pypdfium2.PdfDocument | None, dict[str, Any]]:
    try:
        document = library.PdfDocument(data)
        count = len(document)
    except library.PdfiumError as error:
        reason = "locked" if "password" in str(error).lower() else "damaged"
        return None, {"error": reason}
    with suppress(Exception):  # a form that is broken is drawn without what was filled in
        document.init_forms()
    return document, {"count": count}


def _rendered(
    document: pypdfium2.PdfDocument, index: int, pixels: int
) -> tuple[dict[str, Any], bytes | memoryview]:
    try:
        page = document[index]
        wide, high = page.get_size()
        if not 0 < wide * high < math.inf:
            return {"error": "damaged"}, b""
        full = DPI / _POINTS_PER_INCH
        scale = min(full, math.sqrt(pixels / (wide * high)), _MAX_SIDE / max(wide, high))
        # A little less, as it rounds up.
        bitmap = page.render(scale=scale * (1 - 1e-6), rev_byteorder=True, prefer_bgrx=False)
        picture = bitmap.to_numpy()
        channels = 1 if picture.ndim == 2 else picture.shape[2]
        answer = {
            "width": picture.shape[1],
            "height": picture.shape[0],
            "channels": channels,
            "scale": scale / full,
        }
        sent = memoryview(picture.tobytes())
        bitmap.close()
        page.close()
    except Exception:  # PDFium's, and those of numbers that nobody expects
        return {"error": "damaged"}, b""
    return answer, sent


class _Limits:
    """Ends this process if what is done within takes too long."""

    def __enter__(self) -> None:
        faulthandler.dump_traceback_later(MAX_WALL_SECONDS, exit=True)
        with suppress(ImportError, ValueError, OSError):
            import resource

            _, hard = resource.getrlimit(resource.RLIMIT_CPU)
            soft = math.ceil(time.process_time()) + MAX_SECONDS
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))

    def __exit__(self, *_: object) -> None:
        faulthandler.cancel_dump_traceback_later()


def _limit_memory(used: int) -> None:
    """Where the system can; `used` bytes are there already."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # What Python and the libraries take, some 50 MB, is small against the limit.
        resource.setrlimit(kind, (used + MAX_BYTES, used + MAX_BYTES))


if __name__ == "__main__":
    main()
