"""Files of millions of parts are refused early; what surrounds the pixels does no harm."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inkread.core.errors import PictureDamaged, PictureTooComplex
from inkread.core.picture.containers import (
    BoundedReader,
    gif_extents,
    tiff_from,
    tiff_pages,
    tiff_values,
    without_text,
)
from inkread.core.picture.page import open_page
from tests.core.pictures import FIGURE, encoded, figure, png_chunk, with_orientation

_HEADER = 33
"""Bytes of signature and IHDR."""
_BOMB = zlib.compress(bytes(5_000_000))
_SEGMENT, _COMMENT = b"\xff\xe5\x00\x02", b"!\xfe"
PLAIN = encoded(Image.fromarray(FIGURE), "PNG")


def with_chunks(chunks: bytes) -> bytes:
    return PLAIN[:_HEADER] + chunks + PLAIN[_HEADER:]


class TestPng:
    @pytest.mark.parametrize(
        "chunk",
        [
            png_chunk(b"tEXt", b"note\0" + bytes(100)),
            png_chunk(b"zTXt", b"note\0\0" + _BOMB),
            png_chunk(b"iTXt", b"note\0\1\0\0\0" + _BOMB),
            png_chunk(b"iCCP", b"colours\0\0" + _BOMB),
            png_chunk(b"tEXt", b"note\0" + b"a" * 900_000) * 80,
            png_chunk(b"eXIf", b"II*\0" + bytes(100_000)),
            png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + _BOMB),
            png_chunk(b"zTXt", b"Raw profile type exif\0\0" + _BOMB),
            png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + b"broken"),
        ],
        ids=[
            "text",
            "compressed text",
            "UTF-8 text",
            "colour profile",
            "much text",
            "long EXIF",
            "XMP bomb",
            "EXIF bomb",
            "broken XMP",
        ],
    )
    def test_text_and_colour_profiles_are_skipped(self, chunk: bytes) -> None:
        page = open_page(with_chunks(chunk), "a.png")
        assert np.array_equal(page.grey, FIGURE)
        assert without_text(with_chunks(chunk), "a.png") == PLAIN

    def test_so_is_text_after_the_pixels(self) -> None:
        text = png_chunk(b"zTXt", b"note\0\0" + _BOMB)
        assert np.array_equal(open_page(PLAIN[:-12] + text + PLAIN[-12:], "a.png").grey, FIGURE)

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_exif_still_turns_it(self, orientation: int) -> None:
        page = open_page(with_orientation(FIGURE, orientation, "PNG"), "a.png")
        assert np.array_equal(page.grey, FIGURE)

    @pytest.mark.parametrize("is_zipped", [False, True])
    def test_so_does_the_orientation_in_xmp(self, is_zipped: bool) -> None:
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", '<x tiff:Orientation="6"></x>', zip=is_zipped)
        turned = Image.fromarray(np.rot90(FIGURE).copy())
        page = open_page(encoded(turned, "PNG", pnginfo=info), "a.png")
        assert np.array_equal(page.grey, FIGURE)

    def test_palette_and_transparency_stay(self) -> None:
        picture = Image.fromarray(FIGURE).convert("P")
        data = encoded(picture, "PNG", transparency=0)
        noted = data[:_HEADER] + png_chunk(b"tIME", bytes(7)) + data[_HEADER:]
        assert np.array_equal(open_page(noted, "a").colour, open_page(data, "a").colour)

    def test_millions_of_chunks_are_refused(self) -> None:
        with pytest.raises(PictureTooComplex, match=r"^a\.png: .* too many parts"):
            open_page(with_chunks(png_chunk(b"teSt", b"") * 100_001), "a.png")

    def test_a_chunk_that_claims_more_than_there_is(self) -> None:
        with pytest.raises(PictureDamaged):
            open_page(PLAIN[:_HEADER] + b"\xff\xff\xff\xfftEXtnote", "a.png")

    def test_what_needs_no_change_is_not_copied(self) -> None:
        assert without_text(PLAIN, "a") is PLAIN
        assert without_text(b"GIF89a", "a") == b"GIF89a"


class TestJpeg:
    @staticmethod
    def scans(count: int, width: int, height: int) -> bytes:
        """A progressive JPEG whose last scan is there `count` times more."""
        data = encoded(Image.new("L", (width, height), 200), "JPEG", progressive=True)
        last = data.rindex(b"\xff\xda")
        return data[:-2] + data[last:-2] * count + data[-2:]

    def test_thousands_of_scans_are_refused(self) -> None:
        with pytest.raises(PictureTooComplex, match="stored in 2006 scans"):
            open_page(self.scans(2000, 1000, 1000), "a.jpg")

    def test_so_are_they_in_a_file_of_several_pictures(self) -> None:
        small = Image.new("L", (8, 8))
        several = encoded(small, "MPO", save_all=True, append_images=[small])
        start = several.index(b"\xff\xe2")
        index = several[start : start + 2 + int.from_bytes(several[start + 2 : start + 4], "big")]
        data = self.scans(2000, 1000, 1000)
        with pytest.raises(PictureTooComplex, match="stored in 2006 scans"):
            open_page(data[:2] + index + data[2:], "a.jpg")

    @pytest.mark.parametrize("filler", [b"", b"\xff", b"\0", b"\xff\xd0"])
    @pytest.mark.parametrize("kind", [0xE2, 0xED, 0xFE])
    def test_what_programs_say_beside_the_pixels_is_skipped(self, kind: int, filler: bytes) -> None:
        data = encoded(Image.fromarray(FIGURE), "JPEG", quality=100)
        resources = b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\0" * 4000
        segment = filler + bytes([0xFF, kind]) + struct.pack(">H", len(resources) + 2) + resources
        laden = data[:2] + segment * 20 + data[2:]
        assert len(without_text(laden, "a.jpg")) <= len(data) + 20 * len(filler)
        plain = open_page(data, "a.jpg").grey
        assert np.array_equal(open_page(laden, "a.jpg").grey, plain)

    @pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
    def test_colours_stay_as_they_are(self, mode: str) -> None:
        data = encoded(Image.fromarray(FIGURE).convert(mode), "JPEG")
        assert without_text(data, "a.jpg") is data

    @pytest.mark.parametrize("size", [(1, 1_000_000), (1_000_000, 1)])
    def test_nor_is_a_picture_opened_that_is_a_line(self, size: tuple[int, int]) -> None:
        with pytest.raises(PictureTooComplex, match="it is 1000000 pixels long"):
            open_page(encoded(Image.new("1", size), "PNG"), "a.png")

    def test_and_a_hundred_of_a_large_picture(self) -> None:
        with pytest.raises(PictureTooComplex, match="stored in 126 scans"):
            open_page(self.scans(120, 4000, 4000), "a.jpg")

    def test_hundreds_of_a_small_one_are_read(self) -> None:
        assert open_page(self.scans(300, 64, 64), "a.jpg").grey.shape == (64, 64)

    def test_scans_of_a_thumbnail_do_not_count(self) -> None:
        exif = Image.Exif()
        exif[0x010E] = "\u00ff\u00da" * 20_000
        large = encoded(Image.new("L", (2000, 2000), 200), "JPEG", exif=exif)
        assert open_page(large, "a.jpg").grey.shape == (2000, 2000)

    @pytest.mark.parametrize("parts", [_SEGMENT * 200_000, b"\xff" * 200_000])
    def test_many_segments_are_refused(self, parts: bytes) -> None:
        data = encoded(Image.fromarray(FIGURE), "JPEG")
        with pytest.raises(PictureTooComplex, match="too many parts"):
            open_page(data[:2] + parts + data[2:], "a.jpg")

    def test_bytes_between_segments_are_passed_over(self) -> None:
        data = encoded(Image.fromarray(FIGURE), "JPEG")
        junk = b"\xff\xe5\x00\x04" + b"a" * 400_000
        assert without_text(data[:2] + junk + data[2:], "a.jpg") == data


def test_a_gif_with_many_blocks_is_refused() -> None:
    data = encoded(Image.fromarray(FIGURE), "GIF")
    descriptor = data.index(b",\0\0\0\0")
    many = _COMMENT + b"\x01a" * 200_000 + b"\0"
    with pytest.raises(PictureTooComplex, match="too many parts"):
        open_page(data[:descriptor] + many + data[descriptor:], "a.gif")


def test_a_run_length_encoded_bmp_with_many_runs_is_refused() -> None:
    """Pillow decodes each run in Python."""
    data = bmp_in_runs(4000, 300)
    assert open_page(bmp_in_runs(40, 30), "a.bmp").grey.shape == (30, 40)
    with pytest.raises(PictureTooComplex, match="too many parts"):
        open_page(data, "a.bmp")


def bmp_in_runs(width: int, height: int) -> bytes:
    """A BMP, a run for each pixel."""
    rows = (b"\x01\x07" * width + b"\0\0") * height + b"\0\1"
    palette = b"".join(bytes((i, i, i, 0)) for i in range(256))
    start = 14 + 40 + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(rows), 2835, 2835, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + header + palette + rows


class TestTiff:
    def test_a_tag_with_millions_of_values_is_refused(self) -> None:
        data = self.claiming(1_000_001, "<") + bytes(2_100_000)
        with pytest.raises(PictureTooComplex, match="one of its tags has 1000001 values"):
            open_page(data, "a.tif")

    @pytest.mark.parametrize("order", "<>")
    def test_both_byte_orders(self, order: str) -> None:
        assert tiff_values(self.claiming(777, order)) == 777

    def test_the_big_kind(self) -> None:
        entry = struct.pack("<HHQQ", 273, 16, 5_000_000_000, 8)
        data = b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, 1) + entry
        assert tiff_values(data) == 5_000_000_000

    def test_bytes_and_text_do_not_count(self) -> None:
        info: dict[int, Any] = {270: "a" * 5000}
        assert tiff_values(encoded(Image.fromarray(figure(40, 50)), "TIFF", tiffinfo=info)) <= 4

    @pytest.mark.parametrize("data", [b"", b"II", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff"])
    def test_what_is_cut_off(self, data: bytes) -> None:
        assert tiff_values(data) == 0

    @staticmethod
    def claiming(values: int, order: str) -> bytes:
        """A TIFF whose BitsPerSample claims to have `values` values."""
        name = b"II*\0" if order == "<" else b"MM\0*"
        entries = [(256, 4, 1, 9), (257, 4, 1, 9), (258, 3, values, 100)]
        packed = b"".join(struct.pack(f"{order}HHLL", *entry) for entry in entries)
        return (
            name + struct.pack(f"{order}LH", 8, len(entries)) + packed + struct.pack("<L", 0)
        ).ljust(100, b"\0")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere libtiff may be part of Pillow")
def test_a_broken_tiff_prints_nothing_of_its_own(tmp_path: Any) -> None:
    data = encoded(Image.fromarray(FIGURE), "TIFF", compression="tiff_lzw")
    broken = tmp_path / "lzw.tif"
    broken.write_bytes(data[:8] + bytes([data[8] ^ 0x10, 0xFF]) * 100 + data[208:])
    ran = subprocess.run(
        [sys.executable, "-m", "inkread", "read", str(broken)], capture_output=True, text=True
    )
    assert ran.returncode != 0
    assert ran.stderr.count("\n") == 1
    assert ran.stderr.startswith(f"inkread: {broken}: the picture is damaged")


def test_a_reader_counts_its_reads() -> None:
    reader = BoundedReader(b"abc", "a")
    assert reader.read(2) == b"ab"
    assert reader.read() == b"c"
    with pytest.raises(PictureTooComplex, match=r"^a: "):
        for _ in range(300_001):
            reader.read(1)


def tiff_of(*pictures: Image.Image, **options: Any) -> bytes:
    first, *others = pictures
    return encoded(first, "TIFF", save_all=True, append_images=others, **options)


class TestTiffPages:
    def test_each_page_can_be_the_first(self) -> None:
        shades = [Image.new("L", (8, 8), shade) for shade in (10, 120, 250)]
        for options in ({}, {"big_tiff": True}, {"compression": "tiff_lzw"}):
            data = tiff_of(*shades, **options)
            pages = tiff_pages(data)
            opened = [open_page(tiff_from(data, page), "a").grey[0, 0] for page in pages]
            assert opened == [10, 120, 250]

    @pytest.mark.parametrize("order", ["<", ">"])
    @pytest.mark.parametrize(("tag", "kind", "value"), [(254, 4, 1), (254, 4, 4), (255, 3, 2)])
    def test_small_copies_and_masks_are_no_pages(
        self, order: str, tag: int, kind: int, value: int
    ) -> None:
        data = directories(order, [(256, 3, 9), (tag, kind, 0), (tag, kind, value), (256, 3, 9)])
        assert tiff_pages(data) == [8, 26, 62]

    def test_the_first_is_one_whatever_it_says(self) -> None:
        assert tiff_pages(directories("<", [(254, 4, 1)])) == [8]

    def test_a_circle_ends(self) -> None:
        data = directories("<", [(256, 3, 9)] * 3, last=26)
        assert tiff_pages(data) == [8, 26, 44]

    def test_a_chain_out_of_the_file_ends(self) -> None:
        assert tiff_pages(directories("<", [(256, 3, 9)], last=10**6)) == [8]

    def test_of_a_hundred_thousand_few_are_looked_at(self) -> None:
        assert len(tiff_pages(directories("<", [(256, 3, 9)] * 100_000))) == 20_000

    @pytest.mark.parametrize("data", [b"", b"II*", b"II*\0\xff\xff\xff\xff", PLAIN, b"MM\0\7" * 9])
    def test_what_is_no_tiff_has_none(self, data: bytes) -> None:
        assert tiff_pages(data) == []


def directories(order: str, entries: list[tuple[int, int, int]], last: int = 0) -> bytes:
    """A TIFF of directories with one entry each, 18 bytes apart."""
    data = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HL", 42, 8)
    for index, (tag, kind, value) in enumerate(entries, 1):
        following = 8 + 18 * index if index < len(entries) else last
        form = "HHHLHHL" if kind == 3 else "HHHLLL"
        rest = (value, 0) if kind == 3 else (value,)
        data += struct.pack(f"{order}{form}", 1, tag, kind, 1, *rest, following)
    return data


class TestGifExtents:
    def test_of_each_frame(self) -> None:
        pictures = [Image.new("L", (30, 20), shade) for shade in (10, 120, 250)]
        data = encoded(pictures[0], "GIF", save_all=True, append_images=pictures[1:])
        assert gif_extents(data) == [(30, 20)] * 3
        assert gif_extents(data[:-3]) == [(30, 20)] * 3
        assert gif_extents(data[:13]) == []

    @pytest.mark.parametrize("data", [b"", b"GIF89a", PLAIN, b"GIF89a" + bytes(99)])
    def test_what_has_no_frames(self, data: bytes) -> None:
        assert gif_extents(data) == []

    def test_of_millions_of_parts_some_are_looked_at(self) -> None:
        head = encoded(Image.new("L", (3, 3)), "GIF")[:-1]
        assert len(gif_extents(head + b"!\xfe" + b"\1\0" * 3_000_000)) == 1
        assert len(gif_extents(head + b"!\xfe" + b"\1a" * 3_000_000)) == 1
