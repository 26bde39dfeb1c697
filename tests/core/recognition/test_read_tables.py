from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from inkread.core.generators import finished
from inkread.core.layout import Layout
from inkread.core.page.page_tables import PageTables
from inkread.core.reading import Grey, Reading, cell_text
from inkread.core.recognition.read_page import read_page, reading_page, reading_without_tables
from inkread.core.recognition.read_tables import reading_tables
from inkread.core.recognition.recognise import Recogniser
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.line_model import open_lines
from tests.core.page.tables import drawn_table, write_on
from tests.core.recognition.test_recognise import page_of

ROWS = [["10", "", "4"], ["7", "23", ""], ["", "5", "610"]]


@pytest.fixture(scope="module")
def network() -> Iterator[OnnxClassifier]:
    made = OnnxClassifier.open(bundled("models/digits.onnx"))
    made.lines = open_lines(bundled("models/lines.onnx"))
    yield made


def read(grey: Grey, network: OnnxClassifier, layout: Layout = Layout.AUTO) -> Reading:
    return read_page(page_of(grey), network, layout)


def texts(reading: Reading, index: int = 0) -> list[list[str]]:
    table = reading.tables[index]
    found = [[""] * table.columns for _ in range(table.rows)]
    for cell, glyphs in zip(table.cells, reading.glyphs_of_cells(table), strict=True):
        found[cell.row][cell.column] = cell_text(glyphs)
    return found


def sudoku() -> list[list[str]]:
    return [[str((3 * r + r // 3 + c) % 9 + 1) for c in range(9)] for r in range(9)]


def test_a_table_is_read_cell_by_cell(network: OnnxClassifier) -> None:
    reading = read(drawn_table(ROWS)[0], network)
    assert texts(reading) == ROWS
    assert reading.text == "10 4\n7 23\n5 610"
    assert reading.seen is not None
    assert reading.seen.tables == (0,)


def test_glyphs_know_their_cell_on_a_page_seen_in_perspective(network: OnnxClassifier) -> None:
    grey, _ = drawn_table(ROWS, 100, 80)
    height, width = grey.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    onto = cv2.getPerspectiveTransform(
        corners, corners + np.array([[25, 0], [0, 15], [-10, 0], [0, -12]], np.float32)
    )
    photo = cv2.warpPerspective(grey, onto, (width, height), borderValue=255)
    assert texts(read(np.asarray(photo, np.uint8), network)) == ROWS


def test_signs_of_cells_for_single_signs_make_one_word(network: OnnxClassifier) -> None:
    reading = read(drawn_table([["4", "", "7", "2", "5"]], 60, 70)[0], network)
    assert reading.tables[0].has_single_signs
    assert reading.text == "4725"
    assert texts(reading) == [["4", "", "7", "2", "5"]]


def test_the_rules_of_sudoku_tell_a_digit_that_is_hard_to_read(network: OnnxClassifier) -> None:
    rows = sudoku()
    rows[4][4] = ""
    grey, _ = drawn_table(rows, 60, 60)
    x, y = 40 + 4 * 60 + 30, 40 + 4 * 60 + 30
    cv2.line(grey, (x, y - 15), (x, y + 15), 0, 4)
    cv2.line(grey, (x - 6, y + 14), (x + 6, y + 14), 0, 3)
    cv2.line(grey, (x - 8, y - 8), (x + 8, y - 12), 0, 4)
    reading = read(grey, network)
    assert reading.text.replace("\n", "")[:40] == "".join(map("".join, sudoku()))[:40]
    (glyph,) = reading.glyphs_of_cells(reading.tables[0])[40]
    right = next(guess for guess in glyph.guesses if guess.label == sudoku()[4][4])
    assert right.probability > 0.1


def test_an_empty_table_is_a_table_of_empty_cells(network: OnnxClassifier) -> None:
    reading = read(drawn_table([["", "", ""], ["", "", ""]])[0], network)
    assert reading.is_empty
    assert texts(reading) == [["", "", ""], ["", "", ""]]


def test_empty_tick_boxes_are_nothing(network: OnnxClassifier) -> None:
    grey = np.full((120, 260), 250, np.uint8)
    for x in range(30, 230, 40):
        cv2.rectangle(grey, (x, 50), (x + 18, 68), 20, 1)
    reading = read(grey, network)
    assert reading.is_empty
    assert not reading.tables


def test_what_stands_around_a_table_comes_at_its_place(network: OnnxClassifier) -> None:
    grey, _ = drawn_table([["1", "0"], ["7", "23"]], margin=120)
    write_on(grey, "407", (200, 60), 50)
    write_on(grey, "52", (200, 300), 50)
    reading = read(grey, network)
    assert reading.text == "407\n1 0\n7 23\n52"
    assert texts(reading) == [["1", "0"], ["7", "23"]]


def test_a_table_that_lies_is_read_turned(network: OnnxClassifier) -> None:
    rows = [["42", "7", "35"], ["27", "54", "4"], ["75", "2", "347"]]
    grey, _ = drawn_table(rows)
    for quarters in (1, 2, 3):
        reading = read(np.rot90(grey, -quarters).copy(), network)
        assert texts(reading) == rows
        assert reading.seen is not None
        assert reading.seen.quarters == quarters
        assert any("turned" in note for note in reading.notes)


def test_several_lines_in_a_cell_are_lines(network: OnnxClassifier) -> None:
    grey, _ = drawn_table([["10", ""], ["4", "42"]], 120, 140)
    write_on(grey, "47", (220, 75), 36)
    write_on(grey, "32", (220, 145), 36)
    reading = read(grey, network)
    assert reading.text == "10 47\n32\n4 42"
    assert texts(reading)[0] == ["10", "47\n32"]


@pytest.mark.parametrize("layout", [Layout.DIGIT, Layout.LINE])
def test_one_glyph_or_line_is_no_table(layout: Layout, network: OnnxClassifier) -> None:
    assert not read(drawn_table([["1", "0"], ["7", "2"]])[0], network, layout).tables


def test_a_grid_in_which_nothing_can_be_read_is_left_alone(network: OnnxClassifier) -> None:
    rng = np.random.default_rng(0)
    grey, _ = drawn_table([["", ""], ["", ""]], 120, 90)
    for r in range(2):
        for c in range(2):
            x, y = 100 + 120 * c, 85 + 90 * r
            for _ in range(14):
                ends = rng.integers(-30, 30, (2, 2)) + np.array([x, y])
                cv2.line(grey, ends[0].tolist(), ends[1].tolist(), 0, 3)
    reading = read(grey, network)
    assert not reading.tables
    without = finished(reading_without_tables(page_of(grey), network))
    assert reading.text == without.text


def test_print_around_a_puzzle_is_left_out_with_a_word(network: OnnxClassifier) -> None:
    grey, _ = drawn_table(sudoku(), 60, 60, margin=80)
    for y in (20, 40):
        cv2.putText(grey, "Fill each row with digits", (80, y), 0, 0.5, 0, 1)
    reading = read(grey, network)
    assert reading.text == "\n".join(map("".join, sudoku()))
    assert any("print" in note for note in reading.notes)


def test_reading_tables_can_be_cancelled_between_cells(network: OnnxClassifier) -> None:
    page = page_of(drawn_table(ROWS)[0])
    steps = reading_tables(PageTables.of(page), Recogniser(network, Layout.AUTO, False))
    assert finished(steps, is_cancelled=iter([False] * 4 + [True] * 9).__next__) is None
    asked: list[int] = []
    whole = finished(reading_page(page, network), lambda _: asked.append(1))
    assert len(asked) > 9
    assert whole.tables


def test_a_box_beside_its_cell_is_cut_to_it(network: OnnxClassifier) -> None:
    grey, _ = drawn_table([["", "80", "46"], ["", "80", "46"]], 80, 60)
    # Most of the ink of this 1 stands in the first row, the middle of its box in the second.
    cv2.line(grey, (80, 72), (80, 96), 0, 12)
    cv2.line(grey, (80, 72), (80, 131), 0, 3)
    reading = read(grey, network)
    table = reading.tables[0]
    assert len(reading.glyphs) > 8
    assert all(table.cell_index_of(glyph.box) is not None for glyph in reading.glyphs)


def test_columns_without_lines_are_kept_apart(network: OnnxClassifier) -> None:
    rows = [["10", "9", "7", "36"], ["10", "10", "10", "40"], ["4", "7", "3", "22"]]
    rows += [["9", "9", "8", "33"], ["7", "2", "6", "23"]]
    grey, grid = drawn_table(rows, 70, 60)
    x, y = grid.nodes[0, :, 0], grid.nodes[:, 0, 1]
    for at in x:
        grey[:, round(float(at)) - 2 : round(float(at)) + 3] = 255
    for at in y:
        grey[round(float(at)) - 2 : round(float(at)) + 3] = 255
    reading = read(grey, network)
    assert reading.text == "\n".join(map(" ".join, rows))
    (table,) = reading.tables
    assert not table.is_ruled
    assert texts(reading) == rows
    assert reading.seen is not None
    assert not reading.seen.tables


def test_lines_of_numbers_are_no_table(network: OnnxClassifier) -> None:
    grey = np.full((320, 400), 255, np.uint8)
    for k, text in enumerate(("407", "5211", "47 203")):
        write_on(grey, text, (150 + 30 * k, 60 + 95 * k), 50)
    assert not read(grey, network).tables
