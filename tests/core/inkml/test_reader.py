"""Files of InkML, whole and damaged."""

from __future__ import annotations

import pytest

from inkread.core.inkml import is_inkml, read_inkml, strokes
from tests.core.inkml.documents import TWO_POINTS, check_refused, ink_xml, only_strokes


class TestFile:
    @pytest.mark.parametrize("attributes", ["", 'xmlns="http://www.w3.org/2003/InkML"'])
    def test_with_the_namespace_or_without(self, attributes: str) -> None:
        data = ink_xml("<trace>1 2, 3 4</trace>", attributes)
        assert is_inkml(data)
        (drawing,) = read_inkml(data, "a")
        assert drawing.ink.strokes[0].points.tolist() == TWO_POINTS

    def test_with_a_prefix_and_comments(self) -> None:
        data = b"""<?xml version="1.0" encoding="iso-8859-1"?><!-- it's -- ink? --><?x y?>
            <i:ink xmlns:i="http://www.w3.org/2003/InkML"><i:trace>1 2,<!-- --> 3 4</i:trace>
            </i:ink>""".replace(b"-- ink", b"ink")
        assert is_inkml(data)
        (drawing,) = read_inkml(data, "a")
        assert drawing.ink.strokes[0].points.tolist() == TWO_POINTS

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
    def test_encodings(self, encoding: str) -> None:
        text = f"""<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>
            <ink><annotation type="truth">é</annotation></ink>"""
        assert is_inkml(text.encode(encoding))
        (drawing,) = read_inkml(text.encode(encoding), "a")
        assert drawing.label == "é"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"ink",
            b"<svg/>",
            b"<inkscape/>",
            b"<?xml version='1.0'?><html><ink/></html>",
            b"<!-- <ink/> -->",
            b"\x89PNG\r\n<ink>",
            b"<?a?>" * 3000,
            b"<!DOCTYPE " + b"<" * 9999,
        ],
        ids=lambda data: repr(data[:20]),
    )
    def test_what_is_no_inkml(self, data: bytes) -> None:
        assert not is_inkml(data)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "the file is empty"),
            (b" \n", "the file is empty"),
            (b"<ink><trace>1 2", "its XML is broken: no element found"),
            (b"\0" * 9, "its XML is broken"),
            (b"<svg/>", "no ink element"),
            (b"<?xml version='1.0' encoding='klingon'?><ink/>", "encoding"),
            (b"<?xml version='1.0' encoding='utf-7'?><ink/>", "encoding|broken"),
            (b"<?xml version='1.0' encoding='unicode_escape'?><ink/>", "encoding|broken"),
            (b"<?xml version='1.0' encoding='zip'?><ink/>", "encoding"),
            (b"<ink>" + b"<traceGroup>" * 200_000 + b"</traceGroup>" * 200_000 + b"</ink>", "deep"),
        ],
        ids=lambda value: repr(value[:40]),
    )
    def test_what_cannot_be_read_is_refused(self, data: bytes, reason: str) -> None:
        check_refused(data, reason)

    @pytest.mark.parametrize(
        "declaration",
        [
            '<!ENTITY a "1 2"><!ENTITY b "&a;,&a;,&a;">',
            '<!ENTITY b SYSTEM "file:///etc/hostname">',
            "",
        ],
        ids=["bomb", "external", "none"],
    )
    def test_document_types_are_refused(self, declaration: str) -> None:
        entity = "&b;" if declaration else "1 2"
        text = f"<!DOCTYPE ink [{declaration}]><ink><trace>{entity}</trace></ink>"
        assert is_inkml(text.encode())
        check_refused(text.encode(), "document type")

    @pytest.mark.parametrize("points", ["1 2," * 9 + "3 4", "1 2"])
    def test_too_many_points_or_traces(self, points: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(strokes, "MAX_POINTS", 30)
        monkeypatch.setattr(strokes, "MAX_TRACES", 3)
        trace = f"<trace>{points}</trace>"
        assert len(only_strokes(trace * 3)) == 3
        check_refused(ink_xml(trace * 4), "more than 30 points or 3 traces")

    @pytest.mark.parametrize(
        ("limit", "body"), [("MAX_BYTES", " " * 1000), ("MAX_MARKUP", "<a b=''/>" * 500)]
    )
    def test_files_beyond_a_limit(
        self, limit: str, body: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(f"inkread.core.inkml.reader.{limit}", 999)
        check_refused(ink_xml(body), "too large")
