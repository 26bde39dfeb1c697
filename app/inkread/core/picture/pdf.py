"""Pages of a PDF as pixels, rendered by a process of its own (`pdf_process`)."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from typing import Any

import numpy as np

from inkread.core.child_process import module_command, start
from inkread.core.errors import FileUnusable, PdfDamaged, PdfLocked, PictureTooComplex
from inkread.core.picture.pixel_formats import Samples

#: How a program that is one file starts itself for it: see `inkread.cli`.
PDF_OPTION = "--render-pdf"
#: The header of a PDF stands within so many bytes (ISO 32000-2, annex I).
_HEAD = 1024
#: At most this many processes are started for a file; chosen: a page that ends one costs no other
#: page, and a file full of them costs little.
_MAX_STARTS = 3


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin like a PDF."""
    return b"%PDF-" in data[:_HEAD]


class Pdf:
    """A PDF whose pages are rendered one by one; `close` ends its process.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What errors call it.

    Raises
    ------
    PdfLocked, PdfDamaged
        If it asks for a password, or is broken.
    PictureTooComplex
        If opening it takes more than 20 s or 1,000 MB.
    FileUnusable
        If there is no process to render it, or no PDFium.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name = data, name
        self._process: subprocess.Popen[bytes] | None = None
        self._starts = 0
        self.count = self._open()

    def decode(self, index: int, pixels: int) -> tuple[Samples, float]:
        """Render page `index` at 200 dpi, or smaller if it would have more than `pixels`.

        Returns
        -------
        picture : (h, w, 3) array of uint8
            RGB.
        scale : float
            Picture px for one px at 200 dpi, at most 1.

        Raises
        ------
        PdfDamaged, PictureTooComplex
            If the page is broken, or takes too much time or memory.
        """
        if self._process is None:
            self._open()
        answer = self._ask(f"{index} {pixels}\n".encode(), f"page {index + 1}")
        if "error" in answer:
            raise PdfDamaged(name=self._name, reason=f"page {index + 1} cannot be rendered")
        height, width, channels = (int(answer[key]) for key in ("height", "width", "channels"))
        picture = np.frombuffer(self._bytes(height * width * channels), np.uint8)
        shape = (height, width) if channels == 1 else (height, width, channels)
        return picture.reshape(shape), float(answer["scale"])

    def close(self) -> None:
        """End the process; harmless at any time."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with process, suppress(OSError):
                pass

    def _open(self) -> int:
        """Start a process; returns the count of pages."""
        if self._starts >= _MAX_STARTS:
            raise self._too_complex("its pages")
        self._starts += 1
        command = module_command("inkread.core.picture.pdf_process", PDF_OPTION)
        try:
            self._process = start(command, subprocess.PIPE)
        except OSError as error:
            reason = f"no process could be started to render it: {error.strerror}"
            raise FileUnusable(name=self._name, reason=reason) from error
        try:
            length = len(self._data).to_bytes(8, "little")
            answer = self._ask(length + self._data, "it")
        except BaseException:
            self.close()
            raise
        match answer.get("error"):
            case None:
                if answer["count"] < 1:
                    self.close()
                    raise PdfDamaged(name=self._name, reason="it has no pages")
                return int(answer["count"])
            case "locked":
                self.close()
                raise PdfLocked(name=self._name)
            case "missing":
                self.close()
                raise FileUnusable(name=self._name, reason="PDFium is not there to render it")
        self.close()
        raise PdfDamaged(name=self._name, reason="its structure is broken")

    def _ask(self, request: bytes, what: str) -> dict[str, Any]:
        """The answer of the process; if it ends instead, it had too much to do."""
        process = self._process
        assert process is not None and process.stdin and process.stdout
        line = b""
        with suppress(OSError):  # it has ended
            process.stdin.write(request)
            process.stdin.flush()
        line = process.stdout.readline()
        if not line.endswith(b"\n"):
            self.close()
            raise self._too_complex(what)
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer

    def _bytes(self, count: int) -> bytes:
        assert self._process is not None and self._process.stdout
        data = self._process.stdout.read(count)
        if len(data) < count:
            self.close()
            raise self._too_complex("a page")
        return data

    def _too_complex(self, what: str) -> PictureTooComplex:
        reason = f"{what} cannot be rendered within 20 s and 1,000 MB"
        return PictureTooComplex(name=self._name, reason=reason)
