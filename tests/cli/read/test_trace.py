from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkread.core.ink import rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.reading import Grey
from tests.cli.conftest import Run, picture
from tests.written import write

STAGES = [
    "01-rectify-sheet.png",
    "02-remove-edge-lines.png",
    "03-even-illumination.png",
    "04-find-line-polarity.png",
    "05-separate-tight-crop.png",
    "06-find-polarity.png",
    "07-denoise.png",
    "08-estimate-background.png",
    "09-remove-rulings.png",
    "10-reject-texture.png",
    "11-threshold.png",
    "12-remove-form-boxes.png",
    "13-drop-non-text.png",
]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def grey(path: Path) -> Grey:
    with Image.open(path) as picture_file:
        return np.asarray(picture_file.convert("L"))


def test_a_page_is_traced_from_the_first_stage_to_the_last(run: Run, tmp_path: Path) -> None:
    path, folder = picture(tmp_path / "a.png", "2047"), tmp_path / "deep" / "trace"
    assert run(path, "--trace", folder) == (0, f"{path}\t2047\n", "")
    assert names(folder) == STAGES
    last, page = grey(folder / STAGES[-1]), grey(path)
    assert last.shape == page.shape
    assert ((last < 128) == (page < 128)).mean() > 0.99


def test_several_files_have_a_folder_each(run: Run, tmp_path: Path) -> None:
    one, two = (picture(tmp_path / f"{name}.png", "47") for name in ("one", "two"))
    ink = tmp_path / "ink.inkml"
    ink.write_bytes(write_inkml([Drawing("5", write("5"))]))
    folder = tmp_path / "trace"
    status, _, err = run(one, tmp_path / "none.png", ink, two, "--trace", folder)
    assert status == 1
    assert names(folder) == ["1-one", "4-two"]
    assert names(folder / "1-one") == names(folder / "4-two") == STAGES
    assert f"inkread: {ink}: strokes have no page stages; nothing was traced.\n" in err


def test_a_page_that_lies_on_its_side_is_traced_as_it_was_read(run: Run, tmp_path: Path) -> None:
    page = rasterise_page(write("2047\n3156\n9248"), margin=60)
    path = tmp_path / "lying.png"
    Image.fromarray(np.rot90(page)).save(path)
    folder = tmp_path / "trace"
    assert run(path, "--trace", folder)[1] == f"{path}\t2047 / 3156 / 9248\n"
    assert any(name.endswith("-turn-page.png") for name in names(folder))
    assert grey(folder / names(folder)[-1]).shape == page.shape
    (folder / "01-mine.png").write_bytes(b"")
    run(picture(tmp_path / "a.png", "47"), "--trace", folder)
    assert names(folder) == sorted([*STAGES, "01-mine.png"])


def test_a_sheet_on_a_table_is_traced_flat(run: Run, tmp_path: Path) -> None:
    drawn = rasterise_page(write("2047", height=150), margin=60)
    photo = np.full((drawn.shape[0] + 160, drawn.shape[1] + 160), 90, np.uint8)
    photo[80:-80, 80:-80] = np.maximum(drawn, 20) - 20
    path = tmp_path / "photo.png"
    Image.fromarray(photo).save(path)
    run(path, "--trace", tmp_path / "trace")
    assert names(tmp_path / "trace") == STAGES
    first = grey(tmp_path / "trace" / STAGES[0])
    assert abs(first.shape[1] - drawn.shape[1]) < 12


def test_standard_input_is_traced(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = picture(tmp_path / "a.png", "47").read_bytes()
    stream = io.TextIOWrapper(io.BytesIO(data))
    monkeypatch.setattr(sys, "stdin", stream)
    other = picture(tmp_path / "b.png", "58")
    assert run("-", other, "--trace", tmp_path / "trace")[0] == 0
    assert names(tmp_path / "trace") == ["1-stdin", "2-b"]
    assert names(tmp_path / "trace" / "1-stdin") == STAGES


@pytest.mark.parametrize("below", ["", "more"])
def test_a_file_in_the_place_of_the_folder_is_one_sentence(
    run: Run, tmp_path: Path, below: str
) -> None:
    path = picture(tmp_path / "a.png", "47")
    status, out, err = run(path, "--trace", path / below if below else path)
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    reason = "Not a directory" if below else "there is a file of that name"
    place = path / below if below else path
    assert err == f"inkread: {place}: the folder cannot be made ({reason}); choose another place.\n"


def test_an_empty_name_is_no_folder(run: Run, tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", "47")
    status, out, err = run(path, "--trace", "")
    assert (status, out) == (2, "")
    assert "an empty name is no folder" in err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_must_not_be_written_to_is_one_sentence(run: Run, tmp_path: Path) -> None:
    path, locked = picture(tmp_path / "a.png", "47"), tmp_path / "locked"
    locked.mkdir(mode=0o500)
    status, _, err = run(path, "--trace", locked)
    assert status == 2
    assert err.count("\n") == 1
    assert "Permission denied" in err


def test_a_folder_that_cannot_be_made_is_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture(tmp_path / "a.png", "47")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert run(path, "--trace", tmp_path / "trace")[::2] == (
        2,
        f"inkread: {tmp_path / 'trace'}: the folder cannot be made (Permission denied);"
        " choose another place.\n",
    )
