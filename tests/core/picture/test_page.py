from __future__ import annotations

import hashlib
import subprocess
import sys
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from inkread.core.errors import (
    FileUnusable,
    InkreadError,
    PictureDamaged,
    PictureEmpty,
    PictureTooLarge,
    PictureUnknown,
)
from inkread.core.picture import page as module
from inkread.core.picture.page import Page, open_page, page_of
from tests.core.pictures import (
    ORIENTATIONS,
    claiming,
    dark_on_clear,
    encoded,
    figure,
    picture_kinds,
    png_chunk,
    png_of,
    with_orientation,
)

KINDS = dict(picture_kinds())
FIGURE = figure()


def check_sound(page: Page) -> None:
    assert page.grey.dtype == page.colour.dtype == np.uint8
    assert page.grey.ndim == 2
    assert page.grey.size
    assert page.colour.shape == (*page.grey.shape, 3)
    assert not page.grey.flags.writeable
    assert not page.colour.flags.writeable
    assert 0 < page.scale <= 1


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_shows_the_figure(name: str) -> None:
    page = open_page(KINDS[name], name)
    check_sound(page)
    expected = 255 - FIGURE if name.startswith("white") else FIGURE
    assert page.grey.shape == expected.shape
    assert cv2.absdiff(page.grey, expected).mean() < 1.5
    assert page.scale == 1


def test_colours_stay() -> None:
    colours = np.array([[[250, 3, 7], [9, 240, 30], [12, 14, 235]]], np.uint8)
    page = open_page(encoded(Image.fromarray(colours), "PNG"), "a")
    assert (page.colour == colours).all()
    assert page.grey.tolist() == [[77, 147, 39]]  # 0.299 R + 0.587 G + 0.114 B


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_exif_turns_it_upright(orientation: int, format_name: str) -> None:
    page = open_page(with_orientation(FIGURE, orientation, format_name), "a")
    assert page.grey.shape == FIGURE.shape
    assert cv2.absdiff(page.grey, FIGURE).mean() < 2


@pytest.mark.parametrize("value", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_none(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    data = encoded(Image.fromarray(FIGURE), "PNG", exif=exif)
    assert (open_page(data, "a").grey == FIGURE).all()


def test_broken_exif_does_not_matter() -> None:
    data = encoded(Image.fromarray(FIGURE), "PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01")
    assert (open_page(data, "a").grey == FIGURE).all()


@pytest.mark.parametrize("size", [(1, 1), (20_000, 20), (20, 20_000), (1, 5000)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    page = open_page(encoded(Image.new("L", size, 255), "PNG"), "a")
    check_sound(page)
    assert page.grey.shape == size[::-1]
    assert (page.grey == 255).all()


class TestDepth:
    @pytest.mark.parametrize(("bits", "shift"), [(16, 257), (12, 16), (10, 4)])
    def test_the_bits_in_use_are_spread(self, bits: int, shift: int) -> None:
        levels = np.arange(256, dtype=np.uint16).reshape(16, 16) * np.uint16(shift)
        page = open_page(encoded(Image.fromarray(levels), "PNG"), "a")
        expected = levels.astype(np.float64) * 255 / (2**bits - 1)
        assert np.abs(page.grey - expected).max() <= 0.5 + 1e-6

    def test_signed_samples_go_from_black_to_white(self) -> None:
        values = np.array([[-30, -10, 10]], np.int32)
        page = open_page(encoded(Image.fromarray(values), "TIFF"), "a")
        assert page.grey.tolist() == [[0, 128, 255]]

    def test_floats_may_be_anything(self) -> None:
        values = np.array([[np.nan, np.inf, -np.inf, 0, 0.5, 1]], np.float32)
        page = open_page(encoded(Image.fromarray(values), "TIFF"), "a")
        assert page.grey.tolist() == [[0, 255, 0, 0, 128, 255]]

    @pytest.mark.parametrize("value", [np.nan, 0, -3e38, 3e38, 1e-40])
    def test_one_value_everywhere(self, value: float) -> None:
        values = np.full((3, 4), value, np.float32)
        page = open_page(encoded(Image.fromarray(values), "TIFF"), "a")
        assert len(np.unique(page.grey)) == 1

    def test_the_whole_range_of_floats(self) -> None:
        values = np.array([[-3.4e38, 3.4e38]], np.float32)
        page = open_page(encoded(Image.fromarray(values), "TIFF"), "a")
        assert page.grey.tolist() == [[0, 255]]

    def test_a_transparent_level_of_sixteen_bits(self) -> None:
        deep = np.where(FIGURE < 128, 300, 65535).astype(np.uint16)
        data = encoded(Image.fromarray(deep), "PNG", transparency=65535)
        assert ((open_page(data, "a").grey < 128) == (FIGURE < 128)).all()


class TestTransparency:
    def test_paper_is_what_pillow_lays_below(self) -> None:
        clear = dark_on_clear(FIGURE, 60)
        below = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
        page = open_page(encoded(clear, "PNG"), "a")
        assert cv2.absdiff(page.colour, np.asarray(below.convert("RGB"))).max() <= 1

    @pytest.mark.parametrize(
        ("ink", "paper"),
        [
            ((0, 0, 0), 255),
            ((200, 0, 0), 255),
            ((0, 0, 255), 255),
            ((255, 255, 255), 0),
            ((255, 230, 0), 0),
            ((170, 170, 170), 0),
        ],
    )
    def test_the_paper_differs_from_the_ink(self, ink: tuple[int, int, int], paper: int) -> None:
        rgba = np.dstack([*(np.full_like(FIGURE, level) for level in ink), 255 - FIGURE])
        page = open_page(encoded(Image.fromarray(rgba), "PNG"), "a")
        assert page.grey[0, 0] == paper

    def test_colours_that_cannot_be_seen_do_not_count(self) -> None:
        rgba = np.full((50, 50, 4), (255, 255, 255, 0), np.uint8)
        rgba[20:30, 20:30] = (0, 0, 0, 255)
        assert open_page(encoded(Image.fromarray(rgba), "PNG"), "a").grey[0, 0] == 255

    def test_nothing_to_be_seen_is_a_blank_page(self) -> None:
        page = open_page(encoded(Image.new("RGBA", (9, 7), (0, 0, 0, 0)), "PNG"), "a")
        assert (page.colour == 255).all()

    def test_ink_that_fills_its_frame_still_stands_out(self) -> None:
        rgba = np.zeros((100, 20, 4), np.uint8)
        rgba[3:97, 2:18, 3] = 255
        page = open_page(encoded(Image.fromarray(rgba), "PNG"), "a")
        assert (page.grey[0, 0], page.grey[50, 10]) == (255, 0)

    @pytest.mark.parametrize("paper", [245, 30])
    def test_a_page_with_round_corners_keeps_its_paper(self, paper: int) -> None:
        rgba = np.full((200, 200, 4), (paper, paper, paper, 255), np.uint8)
        rgba[90:110, 50:150, :3] = 255 - paper
        rgba[:5, :5, 3] = 0
        page = open_page(encoded(Image.fromarray(rgba), "PNG"), "a")
        assert page.grey[0, 0] == paper


class TestLargePictures:
    @pytest.mark.parametrize(
        "data",
        [
            claiming(10_000, 10_000),
            claiming(2**31 - 1, 2**31 - 1),
            claiming(1, 64_000_001),
            # VP8L: 14 bits each of width and height, less one
            b"RIFF\x1e\0\0\0WEBPVP8L\x12\0\0\0\x2f\xff\xff\xff\x0f" + bytes(13),
        ],
        ids=["100 megapixels", "the greatest", "a line", "WebP"],
    )
    def test_the_claim_is_refused_before_decoding(
        self, data: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def load(self: object) -> None:
            pytest.fail("it was decoded")

        monkeypatch.setattr(ImageFile.ImageFile, "load", load)
        with pytest.raises(PictureTooLarge, match=r"big\.png: "):
            open_page(data, "big.png")

    def test_the_sentence_tells_the_claim(self) -> None:
        with pytest.raises(PictureTooLarge, match=r"^big\.png: .* 8000 x 8001 .* 64 million"):
            open_page(claiming(8000, 8001), "big.png")

    def test_a_claim_within_the_limit_that_is_not_true(self) -> None:
        with pytest.raises(PictureDamaged):
            open_page(claiming(8000, 8000), "big.png")

    @pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "I;16", "CMYK"])
    def test_it_is_reduced_by_area(self, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
        large = figure(1200, 1600)
        monkeypatch.setattr(module, "WORKING_PIXELS", 120 * 160)
        if mode == "I;16":
            picture = Image.fromarray(large.astype(np.uint16) * 257)
        elif mode == "RGBA":
            picture = dark_on_clear(large)
        else:
            picture = Image.fromarray(large).convert(mode)
        page = open_page(encoded(picture, "TIFF"), "a")
        check_sound(page)
        expected = cv2.resize(large, (120, 160), interpolation=cv2.INTER_AREA)
        assert page.grey.shape == expected.shape
        assert page.scale == pytest.approx(0.1)
        assert cv2.absdiff(page.grey, expected).mean() < 1.5

    def test_a_factor_that_is_no_whole_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ramp = np.linspace(0, 255, 900 * 700).reshape(900, 700).astype(np.uint8)
        monkeypatch.setattr(module, "WORKING_PIXELS", 100_000)
        page = open_page(encoded(Image.fromarray(ramp), "PNG"), "a")
        assert page.scale == pytest.approx((100_000 / 630_000) ** 0.5, rel=0.01)
        expected = cv2.resize(ramp, page.grey.shape[::-1], interpolation=cv2.INTER_AREA)
        assert cv2.absdiff(page.grey, expected).max() <= 1

    def test_jpeg_is_halved_while_it_is_decoded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sizes = []
        load = ImageFile.ImageFile.load

        def spy(self: ImageFile.ImageFile) -> object:
            result = load(self)
            sizes.append(self.size)
            return result

        monkeypatch.setattr(ImageFile.ImageFile, "load", spy)
        monkeypatch.setattr(module, "WORKING_PIXELS", 400 * 300)
        large = figure(800, 600)
        page = open_page(encoded(Image.fromarray(large), "JPEG", quality=95), "a")
        assert sizes[0] == (400, 300)
        assert page.scale == 0.5
        expected = cv2.resize(large, (400, 300), interpolation=cv2.INTER_AREA)
        assert cv2.absdiff(page.grey, expected).mean() < 1.5

    def test_scale_is_that_of_the_upright_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "WORKING_PIXELS", FIGURE.size // 4)
        page = open_page(with_orientation(FIGURE, 6, "PNG"), "a")
        assert page.grey.shape == (80, 60)
        assert page.scale == 0.5

    def test_a_very_long_line_keeps_one_row(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "WORKING_PIXELS", 1000)
        page = open_page(encoded(Image.new("L", (100_000, 1)), "PNG"), "a")
        assert page.grey.shape[0] == 1
        assert page.scale == pytest.approx(0.1)

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
    def test_memory_stays_bounded(self, tmp_path: object) -> None:
        """64 megapixels with transparency: in one piece they would take 600 MB and more."""
        rows = zlib.compressobj(1)
        packed = b"".join(rows.compress(bytes(8001)) for _ in range(8000)) + rows.flush()
        small = png_of(8000, 8000, 8, 3, b"")
        start, end = small[:33], png_chunk(b"IEND", b"")
        palette = png_chunk(b"PLTE", b"\0\0\0") + png_chunk(b"tRNS", b"\x80")
        data = start + palette + png_chunk(b"IDAT", packed) + end
        script = (
            "import re, sys\n"
            "from pathlib import Path\n"
            "from inkread.core.picture.page import open_page\n"
            "peak = lambda: int(re.search(r'VmHWM:\\s+(\\d+)',"
            " Path('/proc/self/status').read_text())[1]) // 1024\n"
            "data, before = sys.stdin.buffer.read(), peak()\n"
            "print(open_page(data, 'a').grey.shape, peak() - before)\n"
        )
        ran = subprocess.run(
            [sys.executable, "-c", script], input=data, capture_output=True, check=True
        )
        shape, _, megabytes = ran.stdout.decode().rpartition(" ")
        assert shape == "(4000, 4000)"
        assert int(megabytes) < 400


class TestRefusals:
    def test_no_bytes(self) -> None:
        with pytest.raises(PictureEmpty, match=r"^a\.png: "):
            open_page(b"", "a.png")

    @pytest.mark.parametrize(
        "data",
        [
            b"just some text\n" * 20,
            b"BMW builds cars, not bitmaps. " * 9,
            b"%PDF-1.7\n",
            b"P5 1 1 255\n\0",  # Pillow could read it; it is none of the six kinds
            b"\0",
            b"\x89",
        ],
        ids=repr,
    )
    def test_not_a_picture(self, data: bytes) -> None:
        with pytest.raises(PictureUnknown, match=r"^a\.png: .*PNG, JPEG"):
            open_page(data, "a.png")

    @pytest.mark.parametrize("part", [0.99, 0.5, 0.1])
    @pytest.mark.parametrize(
        "name", ["grey.png", "colour.jpg", "colour.bmp", "packed.tiff", "lossless.webp"]
    )
    def test_cut_off(self, name: str, part: float) -> None:
        data = KINDS[name][: int(len(KINDS[name]) * part)]
        try:
            page = open_page(data, name)
        except PictureDamaged as error:
            assert str(error).startswith(f"{name}: the picture is damaged or cut off (")
        else:  # nothing but the very end was missing, and nothing of the picture
            assert part == 0.99
            assert cv2.absdiff(page.grey, FIGURE).mean() < 1.5

    def test_a_beginning_and_nothing_else(self) -> None:
        with pytest.raises(PictureDamaged):
            open_page(KINDS["grey.png"][:20], "a.png")
        with pytest.raises(PictureDamaged, match="header"):
            open_page(KINDS["colour.jpg"][:20], "a.jpg")

    def test_no_pixels(self) -> None:
        data = bytearray(KINDS["colour.bmp"])
        data[18:22] = bytes(4)
        with pytest.raises(PictureDamaged):
            open_page(bytes(data), "a.bmp")

    def test_the_reason_is_one_short_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def load(self: object) -> None:
            raise ValueError("bad\nluck." + "!" * 500)

        monkeypatch.setattr(ImageFile.ImageFile, "load", load)
        with pytest.raises(PictureDamaged) as caught:
            open_page(KINDS["grey.png"], "a.png")
        assert "bad luck." in str(caught.value)
        assert len(str(caught.value)) < 200

    def test_not_enough_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def load(self: object) -> None:
            raise MemoryError

        monkeypatch.setattr(ImageFile.ImageFile, "load", load)
        with pytest.raises(FileUnusable, match="memory"):
            open_page(KINDS["grey.png"], "a.png")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        check_sound(open_page(data, "a.png"))
    except InkreadError as error:
        assert str(error).startswith("a.png: ")


@st.composite
def spoilt_pictures(draw: st.DrawFn) -> bytes:
    """A real picture with some bytes changed, taken out or put in; often near the start."""
    data = bytearray(KINDS[draw(st.sampled_from(sorted(KINDS)))])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.one_of(st.integers(0, 60), st.integers(0, len(data))))
        gone = draw(st.sampled_from([0, 1, 1, 1, 4, 100_000]))
        data[at : at + gone] = draw(st.binary(max_size=4))
    return bytes(data)


@pytest.mark.slow
@given(spoilt_pictures())
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_spoilt_pictures_are_read_or_refused(data: bytes) -> None:
    try:
        check_sound(open_page(data, "a.png"))
    except InkreadError as error:
        assert str(error).startswith("a.png: ")


def test_the_same_content_has_the_same_digest() -> None:
    data = encoded(Image.fromarray(FIGURE), "PNG")
    assert open_page(data, "a").digest == hashlib.sha256(data).hexdigest()
    assert open_page(data, "b").digest == open_page(data, "a").digest
    pixels = page_of(FIGURE, "clipboard").digest
    assert pixels == page_of(FIGURE.copy(), "another").digest
    assert pixels not in (page_of(255 - FIGURE, "clipboard").digest, "")
