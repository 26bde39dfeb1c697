"""Which strokes of a document belong together."""

from __future__ import annotations

import pytest

from tests.core.inkml.documents import check_refused, ink_xml, labels


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
