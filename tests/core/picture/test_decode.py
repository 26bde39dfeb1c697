"""Pillow decodes upright, bounded in size, or refuses with a sentence."""

from __future__ import annotations

import subprocess
import sys
import zlib

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageFile

from inkread.core.errors import (
    FileUnusable,
    PictureDamaged,
    PictureEmpty,
    PictureTooComplex,
    PictureTooLarge,
    PictureUnknown,
)
from inkread.core.picture import page as module
from inkread.core.picture.decode import NO_END
from inkread.core.picture.page import open_page
from tests.core.pictures import (
    FIGURE,
    KINDS,
    check_sound,
    claiming,
    dark_on_clear,
    encoded,
    figure,
    png_chunk,
    png_of,
    with_orientation,
)


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


class TestJpegWithoutEnd:
    @pytest.mark.parametrize("is_progressive", [False, True])
    @pytest.mark.parametrize("mode", ["L", "RGB"])
    @pytest.mark.parametrize("missing", [1, 2])
    def test_it_is_read_with_a_note(self, is_progressive: bool, mode: str, missing: int) -> None:
        picture = Image.fromarray(figure()).convert(mode)
        data = encoded(picture, "JPEG", quality=90, progressive=is_progressive)
        page = open_page(data[:-missing], "a.jpg")
        assert np.array_equal(page.grey, open_page(data, "a.jpg").grey)
        assert page.notes == (NO_END,)
        assert open_page(data, "a.jpg").notes == ()

    @pytest.mark.parametrize("is_progressive", [False, True])
    @pytest.mark.parametrize("missing", [0.1, 0.3, 0.6])
    def test_one_that_is_cut_is_refused(self, is_progressive: bool, missing: float) -> None:
        noise = np.random.default_rng(3).integers(0, 256, (160, 120), np.uint8)
        data = encoded(Image.fromarray(noise), "JPEG", progressive=is_progressive)
        with pytest.raises(PictureDamaged, match="truncated"):
            open_page(data[: -int(len(data) * missing)], "a.jpg")

    def test_so_is_one_that_lacks_its_last_block(self) -> None:
        noise = np.random.default_rng(3).integers(0, 256, (160, 120), np.uint8)
        data = encoded(Image.fromarray(noise), "JPEG")
        with pytest.raises(PictureDamaged, match="truncated"):
            open_page(data[:-12], "a.jpg")


class TestNewerFormats:
    @pytest.mark.parametrize("orientation", [1, 6])
    def test_avif(self, orientation: int) -> None:
        page = open_page(with_orientation(FIGURE, orientation, "AVIF"), "a.avif")
        check_sound(page)
        assert cv2.absdiff(page.grey, FIGURE).mean() < 4

    def test_heic(self) -> None:
        pillow_heif.register_heif_opener()
        page = open_page(encoded(Image.fromarray(FIGURE), "HEIF"), "a.heic")
        check_sound(page)
        assert cv2.absdiff(page.grey, FIGURE).mean() < 4

    @pytest.mark.parametrize("bare", [False, True])
    def test_jpeg_2000(self, bare: bool) -> None:
        picture = Image.fromarray(FIGURE)
        page = open_page(encoded(picture, "JPEG2000", no_jp2=bare), "a.jp2")
        assert np.array_equal(page.grey, FIGURE)

    def test_jpeg_2000_of_very_many_tiles_is_refused(self) -> None:
        data = encoded(Image.new("L", (200, 200)), "JPEG2000", tile_size=(1, 1))
        with pytest.raises(PictureTooComplex, match="40000 tiles of 1 layers"):
            open_page(data, "a.jp2")

    @pytest.mark.parametrize("name", ["JPEG2000", "AVIF", "HEIF", "PPM"])
    def test_their_claims_are_refused(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        pillow_heif.register_heif_opener()
        monkeypatch.setattr(module, "MAX_PIXELS", FIGURE.size - 1)
        with pytest.raises(PictureTooLarge, match=r"^big: .* 120 x 160"):
            open_page(encoded(Image.fromarray(FIGURE), name), "big")

    @pytest.mark.parametrize("name", ["JPEG2000", "AVIF", "HEIF", "PPM"])
    @pytest.mark.parametrize("part", [0.9, 0.5, 0.1])
    def test_cut_off(self, name: str, part: float) -> None:
        pillow_heif.register_heif_opener()
        data = encoded(Image.fromarray(FIGURE), name)
        with pytest.raises((PictureDamaged, PictureUnknown)):
            open_page(data[: int(len(data) * part)], "a")

    def test_they_are_reduced_by_area(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "WORKING_PIXELS", FIGURE.size // 4)
        page = open_page(encoded(Image.fromarray(FIGURE), "PPM"), "a.pgm")
        assert page.grey.shape == (80, 60)
        assert page.scale == 0.5


class TestRefusals:
    def test_no_bytes(self) -> None:
        with pytest.raises(PictureEmpty, match=r"^a\.png: "):
            open_page(b"", "a.png")

    @pytest.mark.parametrize(
        "data",
        [
            b"just some text\n" * 20,
            b"BMW builds cars, not bitmaps. " * 9,
            b"%!PS-Adobe-3.0\n",
            b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\n\0",  # of a kind that is not read
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
