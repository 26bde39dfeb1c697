"""Channels, units and pen widths of traces."""

from __future__ import annotations

import pytest

from tests.core.inkml.documents import TWO_POINTS, check_refused, ink_xml, only_points, only_strokes


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
