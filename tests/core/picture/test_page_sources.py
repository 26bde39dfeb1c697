"""Files of several pages give them one by one."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from inkread.core.errors import PictureDamaged, PictureTooLarge
from inkread.core.picture import decode
from inkread.core.picture import page_sources as module
from inkread.core.picture.page import Pages, open_page
from tests.core.pictures import FIGURE, KINDS, encoded, png_chunk

SHADES = (20, 120, 220)
MOVING = ("GIF", "PNG", "WEBP", "AVIF", "TIFF", "HEIF")


def shaded(format_name: str, shades: tuple[int, ...] = SHADES, **options: Any) -> bytes:
    """A picture of several grey pages."""
    if format_name == "HEIF":
        pillow_heif.register_heif_opener()
    first, *others = (Image.new("RGB", (64, 48), (shade,) * 3) for shade in shades)
    return encoded(first, format_name, save_all=True, append_images=others, **options)


@pytest.mark.parametrize("format_name", MOVING)
def test_pages_in_any_order(format_name: str) -> None:
    with Pages(shaded(format_name), "a") as pages:
        assert pages.count == len(SHADES)
        for index in (0, 2, 1, 1, 0):
            page = pages.page(index)
            assert abs(int(page.grey.mean()) - SHADES[index]) < 4
            assert (page.number, page.count, page.notes) == (index + 1, 3, ())


@pytest.mark.parametrize("format_name", MOVING)
def test_opened_as_one_it_is_the_first_with_a_note(format_name: str) -> None:
    page = open_page(shaded(format_name), "a")
    assert abs(int(page.grey.mean()) - SHADES[0]) < 4
    assert page.notes == ("Page 1 of 3 is read.",)


@pytest.mark.parametrize("name", [name for name in KINDS if "animated" not in name])
def test_a_single_picture_is_one_page_without_a_note(name: str) -> None:
    with Pages(KINDS[name], name) as pages:
        assert pages.count == 1
        assert pages.page(0).notes == ()


def test_pages_have_digests_of_their_own() -> None:
    data = shaded("TIFF", (20, 20, 20))
    with Pages(data, "a") as pages:
        digests = [pages.page(index).digest for index in range(3)]
    assert len(set(digests)) == 3
    assert all(len(digest) == 64 for digest in digests)
    assert digests[0] == open_page(data, "b").digest


def test_a_jpeg_of_several_pictures_is_one_page() -> None:
    """Phones store previews and depth beside a photo."""
    small = Image.fromarray(FIGURE)
    data = encoded(small, "MPO", save_all=True, append_images=[Image.new("L", (8, 8))])
    with Pages(data, "a") as pages:
        assert pages.count == 1


def test_more_pages_than_are_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PAGES", 2)
    for format_name in ("TIFF", "GIF"):
        with Pages(shaded(format_name), "a") as pages:
            assert pages.count == 2
            assert pages.page(1).notes == ("It has 3 pages; only the first 2 can be read.",)


def test_so_are_frames_of_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_FRAME_PIXELS", 2 * 64 * 48)
    with Pages(shaded("GIF"), "a") as pages:
        assert pages.count == 2
        assert pages.notes


def test_a_broken_frame_costs_no_other() -> None:
    data = bytearray(shaded("PNG"))
    at = data.rindex(b"fdAT")
    data[at + 10 : at + 14] = b"\xff" * 4
    with Pages(bytes(data), "a") as pages:
        with pytest.raises(PictureDamaged):
            pages.page(2)
        assert abs(int(pages.page(1).grey.mean()) - SHADES[1]) < 4


def test_a_png_that_claims_frames_it_has_not() -> None:
    data = encoded(Image.fromarray(FIGURE), "PNG")
    claim = png_chunk(b"acTL", (10**9).to_bytes(4, "big") + bytes(4))
    frame = png_chunk(b"fcTL", bytes(26))
    for chunks in (claim, claim + frame, frame):
        with Pages(data[:33] + chunks + data[33:], "a") as pages:
            assert pages.count <= 2
            assert np.array_equal(pages.page(0).grey, FIGURE)


def test_only_one_page_is_decoded_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    done, decoded = list[int](), decode.decoded

    def spy(image: Image.Image, working: int) -> object:
        done.append(1)
        return decoded(image, working)

    monkeypatch.setattr(decode, "decoded", spy)
    for format_name in ("TIFF", "GIF"):
        done.clear()
        with Pages(shaded(format_name), "a") as pages:
            assert not done
            pages.page(1)
            assert len(done) == 1


def gif(*extents: tuple[int, int]) -> bytes:
    """A GIF of 64 x 48 px whose frames claim to reach so far."""
    data = shaded("GIF", tuple(range(10, 10 + 80 * len(extents), 80)))
    for extent, at in zip(extents, frames_of(data), strict=True):
        data = data[: at + 5] + struct.pack("<2H", *extent) + data[at + 9 :]
    return data


def frames_of(data: bytes) -> list[int]:
    """Where the frames of a GIF of 64 x 48 px begin."""
    descriptor = b"\x2c" + struct.pack("<4H", 0, 0, 64, 48)
    return [at for at in range(len(data)) if data.startswith(descriptor, at)]


def test_a_frame_that_is_too_large_ends_a_gif_before_room_is_made_for_it() -> None:
    with Pages(gif((64, 48), (64, 48), (65535, 32767)), "a") as pages:
        assert pages.count == 2
        assert pages.page(1).notes == ("It has 3 pages; only the first 2 can be read.",)
    with pytest.raises(PictureTooLarge):
        open_page(gif((65535, 32767), (64, 48)), "a")
