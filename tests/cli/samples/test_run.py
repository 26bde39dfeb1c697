"""``inkread samples``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inkread.cli import main
from inkread.core.inkml import Drawing, write_inkml
from inkread.data.paths import home
from inkread.data.samples.sample import Origin, Sample
from inkread.data.samples.store import SampleStore
from tests.cli.conftest import blank, picture
from tests.data.stores import cell
from tests.written import write

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKREAD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``inkread samples ARGUMENTS``: exit status, standard output and error."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        status = main(["samples", *map(str, arguments)])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


@pytest.fixture
def two(run: Run, tmp_path: Path) -> None:
    """A picture of a 3 and ink of a 4 are kept, as 1 and 2."""
    ink = tmp_path / "four.inkml"
    ink.write_bytes(write_inkml([Drawing("4", write("4"))]))
    assert run("add", "--label", "3", picture(tmp_path / "three.png", "3"))[0] == 0
    assert run("add", ink)[0] == 0


def listed(run: Run, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("list", "--json", *options)[1])
    return found


def labels(run: Run) -> list[str]:
    return [one["label"] for one in listed(run)]


class TestList:
    def test_at_first_there_is_nothing_and_nothing_is_made(self, run: Run, own_home: Path) -> None:
        status, out, err = run("list")
        assert (status, out) == (0, "")
        assert err.startswith("inkread: there are no samples yet; teach some")
        assert run("list", "--json")[:2] == (0, "[]\n")
        assert run("list", "--label", "x") == (0, "", "inkread: no sample is labelled x.\n")
        assert not own_home.exists()

    def test_each_has_a_line(self, run: Run, two: None) -> None:
        corrected = Sample(
            label="10",
            cell=cell(),
            origin=Origin.CORRECTED,
            model="m",
            guess="1",
            probability=0.625,
        )
        SampleStore.of(home()).add(corrected)
        day = listed(run)[0]["time"][:10]
        assert run("list")[1].splitlines() == [
            f"1  3   page  taught     {day}  three.png",
            f"2  4   ink   taught     {day}  four.inkml",
            f"3  10  ink   corrected  {day}  canvas      read as 1 (62.5 %)",
        ]
        assert run("list", "--label", "4")[1].split()[:2] == ["2", "4"]

    def test_json_tells_everything(self, run: Run, two: None) -> None:
        first, second = listed(run)
        time = first.pop("time")
        assert first == {
            "id": 1,
            "label": "3",
            "kind": "page",
            "origin": "taught",
            "source": "three.png",
            "model": None,
            "guess": None,
            "probability": None,
            "strokes": None,
        }
        assert time.endswith("+00:00")
        assert (second["kind"], second["strokes"]) == ("ink", len(write("4").strokes))
        assert [one["id"] for one in listed(run, "--label", "3")] == [1]


class TestAdd:
    def test_what_can_be_used_is_kept_and_the_rest_reported(self, run: Run, tmp_path: Path) -> None:
        good = picture(tmp_path / "a.png", "3")
        status, out, err = run(
            "add", "--label", "3", tmp_path / "none.png", good, blank(tmp_path / "b.png"), good
        )
        assert (status, out) == (1, "2 samples are kept.\n")
        first, second = err.splitlines()
        assert "none.png: there is no such file" in first
        assert "b.png: nothing is written there" in second
        assert labels(run) == ["3", "3"]

    def test_a_picture_without_a_label_is_refused(self, run: Run, tmp_path: Path) -> None:
        status, out, err = run("add", picture(tmp_path / "a.png", "3"))
        assert (status, out) == (1, "0 samples are kept.\n")
        assert "a.png: the labels are missing (--label says what a picture shows)" in err

    def test_a_label_that_cannot_be_one_is_refused(self, run: Run, tmp_path: Path) -> None:
        status, _, err = run("add", "--label", " ", picture(tmp_path / "a.png", "3"))
        assert status == 1
        assert "this cannot be a label" in err


class TestChange:
    def test_relabelled_deleted_and_undone(self, run: Run, two: None) -> None:
        out = run("relabel", "--label", "7", "2", "1", "2")[1]
        assert out == "2 samples are labelled 7 now.\n"
        assert labels(run) == ["7", "7"]
        assert run("delete", "1")[1].startswith("1 sample is deleted; ")
        assert labels(run) == ["7"]
        said = [run("undo")[1] for _ in range(3)]
        assert said == [
            "1 sample is there again.\n",
            "2 samples are labelled as before.\n",
            "1 sample is no longer kept.\n",
        ]
        assert labels(run) == ["3"]
        run("undo")
        status, out, err = run("undo")
        assert (status, out) == (2, "")
        assert err.endswith("no change of the samples is left to undo.\n")

    def test_an_unknown_number_is_refused(self, run: Run, two: None) -> None:
        status, out, err = run("delete", "1", "99")
        assert (status, out) == (2, "")
        assert err == "inkread: 99: no sample has that id; choose one of the list.\n"
        assert labels(run) == ["3", "4"]

    @pytest.mark.parametrize("number", ["one", "1.5", ""])
    def test_what_is_no_number_is_wrong_usage(self, run: Run, number: str) -> None:
        with pytest.raises(SystemExit, match="2"):
            run("delete", number)


class TestExportAndImport:
    @pytest.mark.parametrize("name", ["out.npz", "out.inkml", "out"])
    def test_what_was_exported_is_imported_elsewhere_once(
        self, run: Run, two: None, tmp_path: Path, name: str
    ) -> None:
        status, out, err = run("export", tmp_path / name)
        count = 1 if name.endswith("inkml") else 2
        assert status == 0
        assert out.endswith(f"written to {tmp_path / name}.\n")
        assert ("1 sample is left out" in err) is (count == 1)
        other = ["--home", tmp_path / "other"]
        for sentence in ("kept.", "there already."):
            status, out, err = run("import", tmp_path / name, *other)
            assert (status, err) == (0, "")
            assert out.endswith(f"{sentence}\n")
        found = json.loads(run("list", "--json", *other)[1])
        assert sorted(one["label"] for one in found) == ["3", "4"][-count:]

    @pytest.mark.parametrize("name", ["out.npz", "out.inkml", "out"])
    def test_imported_again_nothing_is_doubled_and_new_labels_stay(
        self, run: Run, two: None, tmp_path: Path, name: str
    ) -> None:
        run("export", tmp_path / name)
        run("relabel", "--label", "9", "2")
        status, out, err = run("import", tmp_path / name)
        assert status == 0
        assert out.startswith("0 samples are kept")
        assert err == (
            "inkread: sample 2 is a 9 here, not a 4, and stays so; relabel it if that is wrong.\n"
        )
        assert labels(run) == ["3", "9"]

    def test_only_one_label_is_exported(self, run: Run, two: None, tmp_path: Path) -> None:
        run("export", "--label", "4", tmp_path / "out.npz")
        with np.load(tmp_path / "out.npz") as arrays:
            assert arrays["labels"].tolist() == ["4"]

    def test_the_form_can_be_said(self, run: Run, two: None, tmp_path: Path) -> None:
        assert run("export", "--form", "npz", tmp_path / "out")[0] == 0
        assert (tmp_path / "out").read_bytes().startswith(b"PK")

    def test_nothing_to_export_is_reported(self, run: Run, tmp_path: Path) -> None:
        status, out, err = run("export", tmp_path / "out")
        assert (status, out) == (2, "")
        assert "there are no samples yet" in err
        assert not (tmp_path / "out").exists()

    def test_nothing_of_a_label_to_export_is_reported(
        self, run: Run, two: None, tmp_path: Path
    ) -> None:
        status, out, err = run("export", "--label", "x", tmp_path / "out")
        assert (status, out, err) == (2, "", "inkread: no sample is labelled x.\n")

    def test_of_a_bare_picture_it_is_reported_what_to_do(self, run: Run, tmp_path: Path) -> None:
        status, out, err = run("import", picture(tmp_path / "a.png", "3"))
        assert (status, out) == (1, "0 samples are kept.\n")
        assert 'or keep it with "inkread samples add --label".' in err

    def test_data_sets_are_imported_too(self, run: Run, tmp_path: Path) -> None:
        small = np.zeros((3, 8, 8), np.uint8)
        small[:2, 1:7, 3:5] = 16
        np.savez(tmp_path / "a.npz", images=small, labels=[5, 5, 6])
        status, out, err = run("import", tmp_path / "a.npz", tmp_path / "none.npz")
        assert status == 1
        assert out == "1 sample is kept; 1 sample is there already.\n"  # both look the same
        blank_one, missing = err.splitlines()
        assert "a.npz, sample 3: nothing is written there" in blank_one
        assert "none.npz: there is no such file" in missing


class TestTrouble:
    def test_a_damaged_file_is_set_aside_and_reported(
        self, run: Run, two: None, own_home: Path
    ) -> None:
        path = own_home / "data" / "samples.db"
        path.write_bytes(b"damaged")
        status, out, err = run("list")
        assert (status, out) == (0, "")
        assert err.count("the file of your samples was damaged") == 1
        assert "set aside as samples-damaged-" in err
        assert "damaged" not in run("list")[2]

    def test_where_nothing_can_be_kept_it_is_reported(
        self, run: Run, own_home: Path, tmp_path: Path
    ) -> None:
        own_home.write_bytes(b"not a folder")
        status, out, err = run("add", "--label", "3", picture(tmp_path / "a.png", "3"))
        assert (status, out) == (1, "")
        assert "the samples could not be kept or changed" in err
