"""PDFs are rendered page by page in a process with limits, or refused with a sentence."""

from __future__ import annotations

import subprocess
import sys

import cv2
import numpy as np
import pytest

from inkread.core.errors import FileUnusable, PdfDamaged, PdfLocked, PictureTooComplex
from inkread.core.picture import pdf as module
from inkread.core.picture.page import Pages, open_page
from inkread.core.picture.pdf import Pdf, is_pdf
from tests.core.pdfs import form, page_with, pdf_of
from tests.core.pictures import check_sound, figure

SEVEN = figure(300, 400)
LIMITED = """
from inkread.core.picture import pdf_process as module
module.MAX_SECONDS, module.MAX_BYTES = 1, 300_000_000
module.main()
"""


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process may take 1 s and 300 MB."""
    monkeypatch.setattr(module, "module_command", lambda *_: [sys.executable, "-c", LIMITED])


def many_drawings() -> bytes:
    """A page that draws one form ten thousand million times."""
    forms = [
        form(b"/F Do " * 10, f"/XObject <</F {6 + level} 0 R>>") if level < 9 else form(b"0 0 m")
        for level in range(10)
    ]
    return page_with(b"/F Do", *forms, resources="/XObject <</F 5 0 R>>")


def test_a_page_at_200_dpi() -> None:
    page = open_page(pdf_of([SEVEN]), "a.pdf")
    check_sound(page)
    assert page.grey.shape == SEVEN.shape
    assert page.scale == 1
    assert cv2.absdiff(page.grey, SEVEN).mean() < 2
    assert page.notes == ()


def test_pages_one_by_one_in_any_order() -> None:
    sizes = [(100, 50), (60, 80), (30, 30)]
    with Pages(pdf_of([np.full(size, 90, np.uint8) for size in sizes]), "a.pdf") as pages:
        assert pages.count == 3
        for index in (2, 0, 1, 1):
            page = pages.page(index)
            assert page.grey.shape == sizes[index]
            assert (page.number, page.count) == (index + 1, 3)
            assert abs(int(page.grey[10, 10]) - 90) < 2


def test_what_stands_before_the_header_is_skipped() -> None:
    data = b"\r\n" * 20 + pdf_of([SEVEN])
    assert is_pdf(data)
    assert open_page(data, "a.pdf").grey.shape == SEVEN.shape


def test_a_large_page_is_rendered_smaller() -> None:
    pdf = Pdf(page_with(b"", size="14400 14400"), "a.pdf")
    picture, scale = pdf.decode(0, 1_000_000)
    pdf.close()
    assert picture.shape[:2] == (1000, 1000)
    assert scale == pytest.approx(1 / 40)


def test_so_is_a_long_one() -> None:
    pdf = Pdf(page_with(b"", size="14400000 10"), "a.pdf")
    picture, _ = pdf.decode(0, 16_000_000)
    pdf.close()
    assert picture.shape[:2] == (1, 30_000)


def test_one_that_is_protected_is_refused() -> None:
    with pytest.raises(PdfLocked, match=r"^a\.pdf: .* password"):
        open_page(pdf_of([SEVEN], is_locked=True), "a.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-", pdf_of([SEVEN])[:200], pdf_of([])])
def test_one_that_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(PdfDamaged, match=r"^a\.pdf: .* damaged"):
        open_page(data, "a.pdf")


def test_a_broken_page_costs_no_other() -> None:
    data = pdf_of([SEVEN, SEVEN]).replace(b"/Kids [3 0 R", b"/Kids [9 0 R", 1)
    with Pages(data, "a.pdf") as pages:
        with pytest.raises(PdfDamaged, match="page 1 cannot be rendered"):
            pages.page(0)
        assert pages.page(1).grey.shape == SEVEN.shape


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="its processes have no limit of time")
def test_a_page_of_endless_work_is_refused(limited: None) -> None:
    with pytest.raises(PictureTooComplex, match=r"^a\.pdf: .*page 1 cannot be rendered"):
        open_page(many_drawings(), "a.pdf")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited there alone")
def test_so_is_one_that_takes_much_memory(limited: None) -> None:
    pdf = Pdf(page_with(b"", size="8000 8000"), "a.pdf")
    with pytest.raises((PictureTooComplex, PdfDamaged), match="page 1 cannot be rendered"):
        pdf.decode(0, 400_000_000)
    pdf.close()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="its processes have no limit of time")
def test_few_processes_are_started_for_one_file(limited: None) -> None:
    pdf, starts = Pdf(many_drawings(), "a.pdf"), list[int]()
    for _ in range(4):
        with pytest.raises(PictureTooComplex):
            pdf.decode(0, 1000)
        starts.append(pdf._starts)
    assert starts == [1, 2, 3, 3]


def test_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(11, "no more processes")

    monkeypatch.setattr(module, "start", refuse)
    with pytest.raises(FileUnusable, match="no more processes"):
        open_page(pdf_of([SEVEN]), "a.pdf")


def test_no_pdfium(monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys; sys.modules['pypdfium2'] = None\n" + LIMITED
    monkeypatch.setattr(module, "module_command", lambda *_: [sys.executable, "-c", script])
    with pytest.raises(FileUnusable, match="PDFium"):
        open_page(pdf_of([SEVEN]), "a.pdf")


def test_the_process_ends_with_its_pages() -> None:
    pages = Pages(pdf_of([SEVEN]), "a.pdf")
    process: subprocess.Popen[bytes] = pages._source._pdf._process  # type: ignore[attr-defined]
    assert process.poll() is None
    pages.close()
    assert process.poll() is not None
    pages.close()


def test_pdfium_is_not_imported_here() -> None:
    script = (
        "import sys, inkread.core.picture.decode, inkread.core.picture.page_sources\n"
        "print([name for name in ('pypdfium2', 'pillow_heif') if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert ran.stdout.strip() == b"[]"
