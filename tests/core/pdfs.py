"""Small PDFs, written by hand."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from inkread.core.reading import Grey

_POINTS = 72 / 200
_LOCK = b"/Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b">"


def pdf_of(pages: Sequence[Grey], is_locked: bool = False) -> bytes:
    """A PDF with a picture on each page, one px for one px at 200 dpi."""
    objects = list[bytes]()
    for picture in pages:
        height, width = picture.shape
        picture_id, content_id = len(objects) + 4, len(objects) + 5
        size = f"{width * _POINTS:.4f} {height * _POINTS:.4f}"
        content = f"q {size.replace(' ', ' 0 0 ')} 0 0 cm /P Do Q".encode()
        header = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents {content_id} 0 R"
        objects += [
            f"<<{header} /Resources <</XObject <</P {picture_id} 0 R>>>>>>".encode(),
            _stream(
                f"/Type /XObject /Subtype /Image /Width {width} /Height {height} "
                "/ColorSpace /DeviceGray /BitsPerComponent 8",
                picture.tobytes(),
            ),
            _stream("", content),
        ]
    return pdf_from(objects, list(range(3, 3 + len(objects), 3)), is_locked)


def page_with(content: bytes, *objects: bytes, size: str = "200 100", resources: str = "") -> bytes:
    """A PDF of one page with this content; further objects are numbered from 5 on."""
    header = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents 4 0 R"
    page = f"<<{header} /Resources <<{resources}>>>>".encode()
    return pdf_from([page, _stream("", content), *objects], [3])


def form(content: bytes, resources: str = "") -> bytes:
    """An object that a page can draw."""
    header = f"/Type /XObject /Subtype /Form /BBox [0 0 900 900] /Resources <<{resources}>>"
    return _stream(header, content)


def pdf_from(objects: Sequence[bytes], pages: Sequence[int], is_locked: bool = False) -> bytes:
    """A PDF of objects that are numbered from 3 on, of which some are pages."""
    kids = " ".join(f"{page} 0 R" for page in pages)
    catalogue = b"<</Type /Catalog /Pages 2 0 R>>"
    tree = f"<</Type /Pages /Count {len(pages)} /Kids [{kids}]>>".encode()
    data, places = b"%PDF-1.4\n", list[int]()
    for index, content in enumerate([catalogue, tree, *objects], 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (index, content)
    start = len(data)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    data += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}".encode()
    lock = b"/ID [<41><41>] /Encrypt <<%s>>" % _LOCK if is_locked else b""
    trailer = b"trailer <</Size %d /Root 1 0 R %s>>\n" % (len(places) + 1, lock)
    return data + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def _stream(header: str, content: bytes) -> bytes:
    packed = zlib.compress(content)
    start = f"<<{header} /Filter /FlateDecode /Length {len(packed)}>>\nstream\n"
    return start.encode() + packed + b"\nendstream"
