"""The text of a <trace> becomes numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.core.inkml.documents import TWO_POINTS, check_refused, ink_xml, only_points, only_strokes


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
            ("1e7 2e30", "too large"),
            ("9" * 400 + " 1", "too large"),
            ("#" + "f" * 999 + " 1", "too large"),
            ("1 1, '9e29 0, 9e29 0", "too large"),
            ("1 2 " * 2000, "not made of points"),
        ],
    )
    def test_what_is_no_trace_is_refused(self, text: str, reason: str) -> None:
        check_refused(ink_xml(f"<trace>{text}</trace>"), reason)
