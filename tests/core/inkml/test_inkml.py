from __future__ import annotations

import random
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkread.core.errors import InkDamaged
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing, is_inkml, read_inkml, strokes, write_inkml

NAMESPACE = "{http://www.w3.org/2003/InkML}"
TWO_POINTS = [[1.0, 2.0], [3.0, 4.0]]


def ink_xml(body: str, attributes: str = 'xmlns="http://www.w3.org/2003/InkML"') -> bytes:
    return f'<?xml version="1.0"?><ink {attributes}>{body}</ink>'.encode()


def only_strokes(body: str) -> tuple[Stroke, ...]:
    (drawing,) = read_inkml(ink_xml(body), "a.inkml")
    return drawing.ink.strokes


def only_points(body: str) -> list[list[float]]:
    (stroke,) = only_strokes(body)
    points: list[list[float]] = stroke.points.tolist()
    return points


def labels(body: str) -> list[tuple[str | None, int]]:
    """Label and number of strokes of each drawing."""
    return [(d.label, len(d.ink.strokes)) for d in read_inkml(ink_xml(body), "a.inkml")]


def check_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InkDamaged, match=r"^a\.inkml: .*" + reason):
        read_inkml(data, "a.inkml")


class TestTrace:
    def test_points(self) -> None:
        assert only_points("<trace>\n 1.5 -2,\t3 .25 , 4. 1e1, </trace>") == [
            [1.5, -2],
            [3, 0.25],
            [4, 10],
        ]

    @pytest.mark.parametrize("text", ["1-2,3-4", "1 -2, 3 -4", "1 - 2, +3 -4", "#1-#2,#3-#4"])
    def test_a_sign_divides_values(self, text: str) -> None:
        assert only_points(f"<trace>{text}</trace>") == [[1, -2], [3, -4]]

    def test_hexadecimal(self) -> None:
        assert only_points("<trace>#fF #10, 1 2</trace>") == [[255, 16], [1, 2]]

    def test_differences(self) -> None:
        """The recommendation's own example; the sums are numpy's."""
        text = "1125 18432,'23'43,\"7\"-8,3-5,7 -3,6 2,6 8,3 6 T,2 4*T,3 6,3-6 F F"
        second = np.array(
            [[7, -8], [3, -5], [7, -3], [6, 2], [6, 8], [3, 6], [2, 4], [3, 6], [3, -6]]
        )
        first = np.cumsum(np.vstack(([[23, 43]], second)), axis=0)
        expected = np.cumsum(np.vstack(([[1125, 18432]], first)), axis=0)
        assert only_points(f"<trace>{text}</trace>") == expected.tolist()

    def test_explicit_values_among_differences(self) -> None:
        assert only_points("<trace>10 10, '1 '2, 1 2, !5 2, 7 !9, 8 9</trace>") == [
            [10, 10],
            [11, 12],
            [12, 14],
            [5, 16],
            [7, 9],
            [8, 9],
        ]

    def test_acceleration_counts_from_the_last_velocity_however_written(self) -> None:
        assert only_points('<trace>0 0, 10 0, "1 0, 0 0</trace>') == [
            [0, 0],
            [10, 0],
            [21, 0],
            [32, 0],
        ]

    def test_before_the_second_point_there_is_no_velocity(self) -> None:
        assert only_points("<trace>50 60, \"1 '2, 1 2</trace>") == [[50, 60], [51, 62], [53, 64]]

    def test_wildcards_go_on_as_before(self) -> None:
        text = """1 1, * 2, '2 '1, * *, "1 !0, * 0"""
        assert only_points(f"<trace>{text}</trace>") == [
            [1, 1],
            [1, 2],
            [3, 3],
            [5, 4],
            [8, 0],
            [12, 0],
        ]

    def test_unknown_positions_are_left_out(self) -> None:
        assert only_points("<trace>1 2, ? 3, 3 4</trace>") == TWO_POINTS
        assert only_strokes("<trace>? ?</trace>") == ()

    def test_more_values_than_channels_are_let_pass(self) -> None:
        assert only_points("<trace>1 2 99 T, 3 4 98</trace>") == TWO_POINTS

    def test_pen_up_and_empty_traces_are_skipped(self) -> None:
        body = '<trace type="penUp">9 9</trace><trace> </trace><trace/><trace>1 2,3 4</trace>'
        assert only_points(body) == TWO_POINTS

    def test_a_continued_trace_is_one_stroke(self) -> None:
        body = (
            '<trace xml:id="a" continuation="begin">1 1</trace>'
            '<trace xml:id="b" continuation="middle" priorRef="#a">2 2</trace>'
            "<trace>7 7</trace>"
            '<trace continuation="end" priorRef="#b">3 3</trace>'
        )
        first, second = only_strokes(body)
        assert first.points.tolist() == [[1, 1], [2, 2], [3, 3]]
        assert second.points.tolist() == [[7, 7]]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("1 2, 3", "no X and Y"),
            ("1, 2, 3", "no X and Y"),
            ("1 2, x 4", "a trace holds 'x 4'"),
            ("nan nan", "a trace holds"),
            ("1e999 2", "too large"),
            ("1e7 20000000", "too large"),
            ("9" * 400 + " 1", "too large"),
            ("#" + "f" * 999 + " 1", "too large"),
            ("1 1, '9e6 0, 9e6 0", "too large"),
            ("1 2 " * 2000, "not made of points"),
        ],
    )
    def test_what_is_no_trace_is_refused(self, text: str, reason: str) -> None:
        check_refused(ink_xml(f"<trace>{text}</trace>"), reason)


class TestContext:
    def test_channels_in_any_order(self) -> None:
        body = """<traceFormat>
            <channel name="T" type="integer"/><channel name="Y"/><channel name="X"/>
            </traceFormat><trace>1700000000000 2 1, 1700000000009 4 3</trace>"""
        assert only_points(body) == TWO_POINTS

    def test_references(self) -> None:
        body = """<definitions>
            <traceFormat xml:id="f"><channel name="Y"/><channel name="X"/></traceFormat>
            <brush xml:id="b"><brushProperty name="width" value="3"/></brush>
            <context xml:id="c" traceFormatRef="#f" brushRef="#b"/>
            <context xml:id="d" contextRef="#c"/>
            </definitions>
            <trace contextRef="#c">1 2</trace>
            <traceGroup contextRef="#d"><trace>3 4</trace></traceGroup>
            <trace>5 6</trace>"""
        found = [(s.points.tolist(), s.width) for s in only_strokes(body)]
        assert found[:2] == [([[2, 1]], 3), ([[4, 3]], 3)]
        assert found[2][0] == [[5, 6]]

    def test_a_context_holds_for_what_follows_it(self) -> None:
        body = """<trace>1 2</trace>
            <context><traceFormat><channel name="Y"/><channel name="X"/></traceFormat></context>
            <trace>1 2</trace>"""
        assert [s.points.tolist() for s in only_strokes(body)] == [[[1, 2]], [[2, 1]]]

    def test_lengths_become_px(self) -> None:
        body = """<context><traceFormat>
            <channel name="X" units="in"/><channel name="Y" units="mm" orientation="-ve"/>
            </traceFormat>
            <brush><brushProperty name="width" value="75" units="himetric"/></brush></context>
            <trace>2 25.4</trace>"""
        (stroke,) = only_strokes(body)
        assert stroke.points.tolist() == [[192, -96]]
        assert stroke.width == pytest.approx(0.75 / 25.4 * 96)

    def test_counts_of_a_tablet_become_px(self) -> None:
        """As Microsoft's programs write it: a length, in whole counts of a stated resolution."""
        body = """<definitions><context xml:id="c"><inkSource><traceFormat>
            <channel name="X" type="integer" units="cm"/><channel name="Y" units="cm"/>
            </traceFormat><channelProperties>
            <channelProperty channel="X" name="resolution" value="1000" units="1/cm"/>
            <channelProperty channel="Y" name="resolution" value="1000" units="1/cm"/>
            </channelProperties></inkSource></context></definitions>
            <trace contextRef="#c">2540 2.54</trace>"""
        ((x, y),) = only_points(body)
        assert (x, y) == pytest.approx((96, 96))

    @pytest.mark.parametrize(
        ("channel", "text", "expected"),
        [
            ('<channel name="F" min="0" max="1023"/>', "0 0 0, 1 1 1023", [0, 1]),
            ('<channel name="F" min="-10" max="10"/>', "0 0 0, 1 1 99", [0.5, 1]),
            ('<channel name="F"/>', "0 0 .25, 1 1 1", [0.25, 1]),
            ('<channel name="F"/>', "0 0 25, 1 1 100", None),
            ('<channel name="F" max="8"/>', "0 0 4, 1 1 ?", [0.5, 0.5]),
            (
                '<intermittentChannels><channel name="F"/></intermittentChannels>',
                "0 0 1, 1 1",
                [1, 0.5],
            ),
        ],
    )
    def test_pressures(self, channel: str, text: str, expected: list[float] | None) -> None:
        body = f"""<traceFormat><channel name="X"/><channel name="Y"/>{channel}</traceFormat>
            <trace>{text}</trace>"""
        (stroke,) = only_strokes(body)
        assert (None if stroke.pressures is None else stroke.pressures.tolist()) == expected

    def test_a_pen_without_a_width_suits_the_writing(self) -> None:
        small, large = "<trace>0 0, 10 5</trace>", "<trace>0 0, 20000 5</trace>"
        assert only_strokes(small)[0].width == pytest.approx(0.8)
        assert only_strokes(large)[0].width == pytest.approx(1600)
        assert only_strokes("<trace>5 5</trace>")[0].width > 0

    @pytest.mark.parametrize("value", ["", "0", "-3", "nan", "inf", "1e300", "wide"])
    def test_a_width_that_is_none(self, value: str) -> None:
        body = f"""<brush><brushProperty name="width" value="{value}"/></brush>
            <trace>0 0, 100 0</trace>"""
        assert only_strokes(body)[0].width == pytest.approx(8)

    def test_a_format_without_positions_is_refused(self) -> None:
        body = '<traceFormat><channel name="X"/></traceFormat><trace>1 2</trace>'
        check_refused(ink_xml(body), "no X and Y")

    @pytest.mark.parametrize(
        "contexts",
        [
            '<context xml:id="c" contextRef="#c"/>',
            '<context xml:id="c" contextRef="#d"/><context xml:id="d" contextRef="#c"/>',
            "".join(
                f'<context xml:id="c{i or ""}" contextRef="#c{i + 1}" brushRef="#c{i + 1}"/>'
                for i in range(40)
            ),
        ],
        ids=["itself", "one another", "a bomb"],
    )
    def test_endless_references_are_refused(self, contexts: str) -> None:
        body = f'<definitions>{contexts}</definitions><trace contextRef="#c">1 2</trace>'
        check_refused(ink_xml(body), "without end")

    def test_wide_references_are_cut_short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("inkread.core.inkml.context._MAX_STEPS", 1000)
        contexts = "".join(
            f'<context xml:id="c{i}" contextRef="#c{i + 1}" brushRef="#c{i + 1}"/>'
            for i in range(15)
        )
        body = f'<definitions>{contexts}</definitions><trace contextRef="#c0">1 2</trace>'
        check_refused(ink_xml(body), "without end")

    def test_factors_beyond_all_numbers(self) -> None:
        body = """<inkSource><traceFormat><channel name="X" type="integer" units="cm"/>
            <channel name="Y"/></traceFormat><channelProperties>
            <channelProperty channel="X" name="resolution" value="1e-320" units="1/cm"/>
            </channelProperties></inkSource><trace>0 1</trace>"""
        check_refused(ink_xml(body), "too large")


class TestGroups:
    def test_a_file_without_labels_is_one_drawing(self) -> None:
        body = """<trace>1 1</trace><traceGroup><trace>2 2</trace></traceGroup>
            <traceGroup><annotation type="writer">w7</annotation><trace>3 3</trace></traceGroup>"""
        assert labels(body) == [(None, 3)]

    def test_the_label_of_the_whole(self) -> None:
        assert labels('<annotation type="truth"> 4\n2 </annotation><trace>1 1</trace>') == [
            ("4 2", 1)
        ]

    def test_labelled_groups_are_drawings(self) -> None:
        body = """<traceGroup><annotation type="truth">7</annotation><trace>1 1</trace></traceGroup>
            <traceGroup><annotation type="LABEL">8</annotation>
            <trace>1 1</trace><trace>2 2</trace></traceGroup><trace>3 3</trace>"""
        assert labels(body) == [("7", 1), ("8", 2), (None, 1)]

    def test_the_innermost_label_counts(self) -> None:
        body = """<traceGroup><annotation type="truth">12</annotation>
            <traceGroup><annotation type="truth">1</annotation>
            <traceGroup><trace>1 1</trace></traceGroup></traceGroup>
            <traceGroup><annotation type="truth">2</annotation><trace>2 2</trace></traceGroup>
            </traceGroup>"""
        assert labels(body) == [("1", 1), ("2", 1)]

    @pytest.mark.parametrize("mark", ["", "#"])
    @pytest.mark.parametrize("name", ["id", "xml:id"])
    def test_views_as_in_the_crohme_files(self, name: str, mark: str) -> None:
        body = f"""<traceFormat><channel name="X" type="decimal"/><channel name="Y"/></traceFormat>
            <annotation type="truth">$23$</annotation><annotation type="UI">x</annotation>
            <annotationXML type="truth"><math xmlns="http://www.w3.org/1998/Math/MathML">
            <mn>23</mn></math></annotationXML>
            <trace {name}="0">1 1, 2 2</trace><trace {name}="1">3 3</trace>
            <trace {name}="2">4 4</trace>
            <traceGroup xml:id="3"><annotation type="truth">Segmentation</annotation>
            <traceGroup xml:id="4"><annotation type="truth">3</annotation>
            <traceView traceDataRef="{mark}2"/><annotationXML href="3_1"/></traceGroup>
            <traceGroup xml:id="5"><annotation type="truth">2</annotation>
            <traceView traceDataRef="{mark}0"/><traceView traceDataRef="{mark}1"/></traceGroup>
            </traceGroup>"""
        assert labels(body) == [("3", 1), ("2", 2)]

    def test_views_of_groups_and_of_views(self) -> None:
        body = """<definitions><traceGroup xml:id="g"><trace xml:id="t">1 1</trace>
            <trace>2 2</trace></traceGroup></definitions>
            <traceView xml:id="v"><annotation type="truth">5</annotation>
            <traceView traceDataRef="#g"/><traceView traceDataRef="#t"/></traceView>
            <traceView traceDataRef="#v"/><traceView traceDataRef="#missing"/>"""
        assert labels(body) == [("5", 2)]

    def test_definitions_alone_show_nothing(self) -> None:
        assert labels("<definitions><trace>1 1</trace></definitions>") == [(None, 0)]

    def test_nothing_at_all(self) -> None:
        assert labels("") == [(None, 0)]

    def test_views_of_themselves_are_refused(self) -> None:
        check_refused(ink_xml('<traceView xml:id="v" traceDataRef="#v"/>'), "without end")

    def test_views_that_multiply_stay_what_they_are(self) -> None:
        views = "".join(
            f'<traceView xml:id="v{i + 1}">'
            + f'<traceView traceDataRef="#v{i}"/>' * 10
            + "</traceView>"
            for i in range(30)
        )
        assert labels(f'<trace xml:id="v0">1 1</trace>{views}') == [(None, 1)]

    def test_too_many_references(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("inkread.core.inkml.document._MAX_MEMBERS", 100)
        body = '<traceGroup xml:id="g">' + "<trace>1 1</trace>" * 20 + "</traceGroup>"
        check_refused(ink_xml(body + '<traceView traceDataRef="#g"/>' * 9), "too many")


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


def positions() -> st.SearchStrategy[np.ndarray]:
    numbers = st.floats(-1e6, 1e6, width=32)
    shape = st.tuples(st.integers(1, 6), st.just(2))
    return hnp.arrays(np.float32, shape, elements=numbers)


@st.composite
def any_stroke(draw: st.DrawFn) -> Stroke:
    points = draw(positions())
    force = hnp.arrays(np.float32, len(points), elements=st.floats(0, 1, width=32))
    width = draw(st.floats(0.01, 1000))
    return Stroke.of(points, width, draw(st.one_of(st.none(), force)))


def any_drawing() -> st.SearchStrategy[Drawing]:
    texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=9)
    written = texts.map(lambda text: " ".join(text.split()) or "7")
    label = st.one_of(st.none(), written.filter(lambda text: text.isprintable()))
    ink = st.lists(any_stroke(), max_size=4).map(lambda strokes: Ink(tuple(strokes)))
    return st.builds(Drawing, label, ink)


class TestWriting:
    @pytest.mark.slow
    @given(st.lists(any_drawing(), min_size=1, max_size=4))
    def test_what_is_written_is_read_again(self, drawings: list[Drawing]) -> None:
        data = write_inkml(drawings)
        assert is_inkml(data)
        again = read_inkml(data, "a.inkml")
        assert [d.label for d in again] == [d.label for d in drawings]
        for was, now in zip(drawings, again, strict=True):
            for before, after in zip(was.ink.strokes, now.ink.strokes, strict=True):
                np.testing.assert_array_equal(after.points, before.points)
                assert after.width == before.width
                if before.pressures is None:
                    assert after.pressures is None
                else:
                    assert after.pressures is not None
                    np.testing.assert_allclose(after.pressures, before.pressures, atol=1e-6)

    def test_it_is_inkml(self) -> None:
        stroke = Stroke.of([[1e-7, 123456.7], [-2.5, 3]], 5, [0.25, 1])
        data = write_inkml([Drawing("7", Ink((stroke,)))])
        root = ET.fromstring(data)
        assert root.tag == f"{NAMESPACE}ink"
        (trace,) = root.iter(f"{NAMESPACE}trace")
        assert trace.text == "0.0000001 123456.7 0.25, -2.5 3 1"
        names = {e.get("{http://www.w3.org/XML/1998/namespace}id") for e in root.iter()}
        for reference in ("contextRef", "brushRef"):
            assert (trace.get(reference) or "").removeprefix("#") in names
        (group,) = root.iter(f"{NAMESPACE}traceGroup")
        assert [(a.get("type"), a.text) for a in group.iter(f"{NAMESPACE}annotation")] == [
            ("truth", "7")
        ]

    def test_no_drawings(self) -> None:
        (drawing,) = read_inkml(write_inkml([]), "a")
        assert (drawing.label, drawing.ink.strokes) == (None, ())

    def test_labels_that_xml_cannot_hold(self) -> None:
        (drawing,) = read_inkml(write_inkml([Drawing("a\0\x1b\ud800\uffffb<&>", Ink())]), "a")
        assert drawing.label == "ab<&>"


def read_or_refuse(data: bytes) -> None:
    try:
        drawings = read_inkml(data, "a.inkml")
    except InkDamaged as error:
        assert str(error).startswith("a.inkml: ")
    else:
        assert drawings
        for drawing in drawings:
            for stroke in drawing.ink.strokes:
                assert np.isfinite(stroke.points).all()
                assert 0 < stroke.width < np.inf


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    is_inkml(data)
    read_or_refuse(data)


_RICH = ink_xml(
    """<definitions><context xml:id="c" brushRef="#b"><inkSource><traceFormat>
    <channel name="Y" type="integer" units="cm" orientation="-ve"/><channel name="X"/>
    <intermittentChannels><channel name="F" min="0" max="9"/></intermittentChannels>
    </traceFormat><channelProperties>
    <channelProperty channel="Y" name="resolution" value="10" units="1/cm"/>
    </channelProperties></inkSource></context>
    <brush xml:id="b"><brushProperty name="width" value="3" units="mm"/></brush></definitions>
    <trace xml:id="0" contextRef="#c">1 2, '3"4 5, * ?, !6-7 8</trace>
    <trace xml:id="1" continuation="end" priorRef="#0">#ff 1e3</trace>
    <traceGroup xml:id="g" contextRef="#c"><annotation type="truth">7</annotation>
    <traceView traceDataRef="#0"/><trace type="penUp">1 1</trace></traceGroup>
    <traceView traceDataRef="#g"/>"""
)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_RICH)),
            st.integers(0, 20),
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from([b"#c", b"#g", b"-", b"9" * 30, b"</trace>", b"<trace>", b'"/>']),
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=400)
def test_spoilt_files_are_read_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(_RICH)
    for at, gone, new in changes:
        data[at : at + gone] = new
    read_or_refuse(bytes(data))


def any_tree(rng: random.Random, depth: int = 0) -> ET.Element:
    """Sense and nonsense made of the elements, attributes and references that mean something."""
    known = ET.fromstring(_RICH)
    elements = [element for element in known.iter() if element is not known]
    tags = sorted({element.tag for element in elements})
    pairs = sorted({pair for element in elements for pair in element.items()})
    root = ET.Element(rng.choice(tags) if depth else known.tag)
    for name, value in rng.choices(pairs, k=rng.randrange(5)):
        root.set(name, value if rng.random() < 0.7 else rng.choice(pairs)[1])
    root.text = "".join(rng.choices("0123456789 .,'\"!*?TF-+e#", k=rng.randrange(20)))
    if depth < 4:
        root.extend(any_tree(rng, depth + 1) for _ in range(rng.randrange(5 - depth)))
    return root


@pytest.mark.parametrize("seed", range(100))
def test_any_tree_is_read_or_refused(seed: int) -> None:
    read_or_refuse(ET.tostring(any_tree(random.Random(seed))))
