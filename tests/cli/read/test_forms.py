"""``inkread read --template``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from openpyxl import load_workbook

from inkread.core.errors import TemplateUnusable
from inkread.core.forms.template_json import encode_template
from inkread.core.ink import draw_strokes
from tests.cli.conftest import Run
from tests.core.batch.test_form_results import small_form, small_template
from tests.written import write


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scans of a form, another page, and the template beside them."""
    folder = tmp_path_factory.mktemp("forms")
    paper = small_form()
    cv2.imwrite(str(folder / "empty.png"), paper)
    ink = write("407", height=34, width=4, at=(140, 108))
    cover = draw_strokes(
        paper.shape, [s.points for s in ink.strokes], [s.width for s in ink.strokes]
    )
    full = np.minimum(paper, 255 - cover)
    turned = cv2.warpAffine(
        full, cv2.getRotationMatrix2D((210, 150), 3, 1), (420, 300), borderValue=255
    )
    cv2.imwrite(str(folder / "full.png"), turned)
    cv2.imwrite(str(folder / "other.png"), np.full((300, 420), 255, np.uint8))
    (folder / "form.json").write_bytes(encode_template(small_template()))
    return folder


def test_csv_has_a_row_for_each_file(run: Run, folder: Path) -> None:
    status, out, err = run(folder, "--template", folder / "form.json", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 1
    assert [Path(row["file"]).name for row in rows] == ["empty.png", "full.png", "other.png"]
    assert [(row["number"], row["total"]) for row in rows] == [("", ""), ("407", ""), ("", "")]
    assert "does not look like the form" in rows[2]["error"]
    assert "other.png: this does not look like the form" in err


def test_json_and_plain_lines_say_the_same(run: Run, folder: Path) -> None:
    path = folder / "full.png"
    rows = json.loads(run(path, "--template", folder / "form.json", "--json")[1])
    assert rows[0]["fields"]["number"]["text"] == "407"
    out = run(path, "--template", folder / "form.json")[1]
    assert out == f"{path}\tnumber\t407\n{path}\ttotal\t\n"


def test_a_workbook_has_a_row_for_each_file(run: Run, folder: Path, tmp_path: Path) -> None:
    book = tmp_path / "forms.xlsx"
    run(folder, "--template", folder / "form.json", "--xlsx", book)
    rows = list(load_workbook(book).worksheets[0].iter_rows(values_only=True))
    assert rows[2][2:4] == (407, None)


def test_a_damaged_template_is_told_before_anything_is_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "form.json"
    path.write_bytes(b"{")
    status, out, err = run(tmp_path / "none.png", "--template", path, "--csv")
    assert (status, out) == (2, "")
    assert str(TemplateUnusable(name=str(path), reason="it is no JSON")) in err


@pytest.mark.parametrize(
    "option", [("--table", "1", "--csv"), ("--trace", "x"), ("--layout", "line")]
)
def test_what_has_no_meaning_for_forms_is_refused(
    run: Run, folder: Path, option: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit):
        run(folder / "full.png", "--template", folder / "form.json", *option)
