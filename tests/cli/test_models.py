"""``inkread models``, and which model ``inkread read`` reads with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest
from onnx import helper

from inkread.cli import main
from inkread.data.models.library import Card, ModelLibrary
from inkread.data.paths import home
from inkread.ml.inference.metadata import ModelInfo
from tests.cli.conftest import picture
from tests.template_model import template_model

Run = Callable[..., tuple[int, str, str]]
DIGITS, LETTERS = "0123456789", "abcdefghij"


def reading_as(labels: str, name: str) -> bytes:
    """A model that can read what `tests.written` writes, but calls the digits `labels`."""
    model = onnx.load_from_string(template_model())
    info = ModelInfo(tuple(labels), 1, name, scores={"mnist_accuracy": 0.9, "ece": 0.0123456})
    del model.metadata_props[:]
    helper.set_model_props(model, info.to_metadata())
    return bytes(model.SerializeToString())


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKREAD_HOME", str(tmp_path / "home"))
    shipped = tmp_path / "digits.onnx"
    shipped.write_bytes(reading_as(DIGITS, "Inkread digits"))
    monkeypatch.setattr(
        "inkread.data.models.library.bundled", lambda name: tmp_path / Path(name).name
    )
    return tmp_path / "home"


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """``inkread ARGUMENTS``: exit status, standard output and error."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        status = main([*map(str, arguments)])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A model file that is not in the library."""
    path = tmp_path / "letters.onnx"
    path.write_bytes(reading_as(LETTERS, "Letters"))
    return path


@pytest.fixture
def imported(run: Run, letters: Path) -> str:
    """The id of that model, which is in the library now."""
    found = re.search(r"use (\w+)", run("models", "import", letters)[1])
    assert found
    return found[1]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return picture(tmp_path / "page.png", "31")


def listed(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("models", "list", "--json")[1])
    return found


def damage(model_id: str) -> Path:
    path: Path = home().data / "models" / f"{model_id}.onnx"
    path.write_bytes(b"damaged")
    return path


class TestList:
    def test_at_first_there_is_the_shipped_model(self, run: Run, own_home: Path) -> None:
        status, out, err = run("models", "list")
        assert (status, err) == (0, "")
        assert out == "* shipped  Inkread digits    shipped  mnist accuracy 90.00 %, ece 1.23 %\n"
        assert not own_home.exists()

    def test_figures_stand_beside_those_before(self, run: Run, imported: str) -> None:
        card = Card(
            name="Better",
            source="trained",
            before={"accuracy": 0.98765},
            after={"accuracy": 0.99},
        )
        kept = ModelLibrary.of(home()).keep(reading_as(DIGITS, "x"), card)
        lines = run("models", "list")[1].splitlines()
        assert (
            len({line.index("imported" if "imported" in line else "trained") for line in lines[1:]})
            == 1
        )
        assert lines[1].startswith(f"  {imported}  Letters  ")
        day = kept.card.created[:10]
        assert lines[2] == (
            f"* {kept.id}  Better          {day}  trained   accuracy 99.00 % (before: 98.77 %)"
        )

    def test_json_tells_everything(self, run: Run, imported: str, letters: Path) -> None:
        shipped, kept = listed(run)
        assert (shipped["id"], shipped["in_use"], shipped["problem"]) == ("shipped", True, None)
        assert shipped["created"] is None
        assert kept["id"] == imported
        assert (kept["name"], kept["in_use"], kept["source"]) == ("Letters", False, "imported")
        assert kept["after"] == {"mnist_accuracy": 0.9, "ece": 0.0123456}
        assert (kept["before"], kept["recipe"], kept["data"], kept["parents"]) == ({}, {}, [], [])
        assert kept["size"] == letters.stat().st_size
        assert Path(kept["file"]).read_bytes() == letters.read_bytes()

    def test_a_model_that_cannot_be_used_is_marked(self, run: Run, imported: str) -> None:
        run("models", "use", imported)
        damage(imported)
        status, out, _ = run("models", "list")
        assert status == 1
        shipped, kept = out.splitlines()
        assert shipped.startswith("* shipped")
        assert kept.startswith(f"  {imported}")
        assert "cannot be used: its file is damaged" in kept
        assert "damaged" in listed(run)[1]["problem"]

    def test_a_model_that_does_not_fit_any_more_is_marked(self, run: Run) -> None:
        library = ModelLibrary.of(home())
        library.keep(b"no ONNX", Card(name="Odd", source="trained"))
        status, out, _ = run("models", "list")
        assert status == 1
        assert out.startswith("* shipped")
        assert "cannot be used: it is no ONNX model that runs" in out

    def test_control_characters_do_not_reach_the_terminal(self, run: Run, imported: str) -> None:
        card = home().data / "models" / f"{imported}.json"
        facts = json.loads(card.read_bytes()) | {"created": "\x1b[2Ja\nb", "data": ["\x9f\udcff"]}
        card.write_text(json.dumps(facts))
        status, out, _ = run("models", "list")
        assert status == 0
        assert "\x1b" not in out
        assert out.count("\n") == 2
        assert listed(run)[1]["data"] == ["\x9f\udcff"]


class TestShow:
    def test_one_model_is_reported_fact_by_fact(
        self, run: Run, imported: str, letters: Path
    ) -> None:
        status, out, err = run("models", "show", "letters")
        assert (status, err) == (0, "")
        facts = dict(line.split(None, 1) for line in out.splitlines())
        assert (facts["name"], facts["id"]) == ("Letters", imported)
        assert facts["size"] == f"{letters.stat().st_size:,} bytes"
        assert "figure   mnist accuracy 90.00 %" in out
        assert json.loads(run("models", "show", imported, "--json")[1]) == listed(run)[1]

    def test_without_a_name_it_is_the_one_in_use(self, run: Run, imported: str) -> None:
        assert "id       shipped, in use" in run("models", "show")[1]
        run("models", "use", imported)
        assert f"id       {imported}, in use" in run("models", "show", "current")[1]

    def test_what_is_wrong_with_it_is_reported(self, run: Run, imported: str) -> None:
        damage(imported)
        status, out, _ = run("models", "show", "Letters")
        assert status == 1
        assert "cannot be used  its file is damaged" in out


class TestFigures:
    def test_shares_are_percent_and_losses_are_not(self, run: Run) -> None:
        after = {"own_samples": 0.976, "reference": 0.9976, "validation_loss": 0.05}
        card = Card(name="a", source="trained", after=after, before={"own_samples": 0.5})
        ModelLibrary.of(home()).keep(reading_as(DIGITS, "a"), card)
        assert (
            run("models", "list")[1]
            .splitlines()[1]
            .endswith(
                "own samples 97.60 % (before: 50.00 %), reference 99.76 %, validation loss 0.05"
            )
        )


class TestUse:
    def test_reading_follows(self, run: Run, imported: str, page: Path) -> None:
        def read() -> str:
            return run("read", page)[1].split("\t")[1].strip()

        assert read() == "31"
        said = run("models", "use", imported)
        assert said == (0, f"Letters ({imported}) is in use now.\n", "")
        assert read() == "db"
        assert run("models", "revert") == (0, "Inkread digits (shipped) is in use again.\n", "")
        assert read() == "31"
        assert run("models", "use", "Letters")[0] == 0
        assert run("models", "use", "shipped")[0] == 0
        assert read() == "31"

    def test_a_wish_for_a_model_goes_before(
        self, run: Run, imported: str, page: Path, tmp_path: Path
    ) -> None:
        run("models", "use", imported[:5])
        assert run("read", page, "--model", tmp_path / "digits.onnx")[1].endswith("\t31\n")

    def test_home_chooses_the_library(
        self, run: Run, imported: str, page: Path, tmp_path: Path
    ) -> None:
        run("models", "use", imported)
        other = tmp_path / "other"
        assert run("read", page, "--home", other)[1].endswith("\t31\n")
        assert run("--home", other, "read", page)[1].endswith("\t31\n")
        assert run("models", "list", "--home", other)[1].count("\n") == 1
        assert run("models", "--home", other, "list")[1].count("\n") == 1
        assert not other.exists()

    def test_a_damaged_model_is_passed_over_and_reported(
        self, run: Run, imported: str, page: Path
    ) -> None:
        run("models", "use", imported)
        path = damage(imported)
        status, out, err = run("read", page)
        assert (status, out) == (0, f"{page}\t31\n")
        assert err == (
            "inkread: Letters: this model cannot be used (its file is damaged: it is not the one "
            "that was kept), so Inkread digits is; choose another model or import a good copy.\n"
        )
        assert path.read_bytes() == b"damaged"
        status, out, err = run("models", "use", imported)
        assert (status, out) == (2, "")
        assert err.startswith("inkread: Letters: this model cannot be used (its file is damaged")

    def test_a_model_that_does_not_fit_any_more_is_passed_over(self, run: Run, page: Path) -> None:
        kept = ModelLibrary.of(home()).keep(b"no ONNX", Card(name="Odd", source="trained"))
        status, out, err = run("read", page)
        assert (status, out) == (0, f"{page}\t31\n")
        assert err.startswith("inkread: Odd: this model cannot be used (it is no ONNX model")
        assert run("models", "use", kept.id)[0] == 2

    def test_without_any_model_nothing_is_read(self, run: Run, page: Path, tmp_path: Path) -> None:
        (tmp_path / "digits.onnx").unlink()
        status, out, err = run("read", page)
        assert (status, out) == (2, "")
        assert err.startswith("inkread: Shipped model: this model cannot be used (its file is mis")


class TestChanges:
    def test_rename(self, run: Run, imported: str) -> None:
        said = run("models", "rename", "Letters", "Größe 7")
        assert said == (0, f"Letters ({imported}) is called Größe 7 now.\n", "")
        assert listed(run)[1]["name"] == "Größe 7"
        assert run("models", "rename", imported, "")[0] == 2

    def test_export(self, run: Run, imported: str, letters: Path, tmp_path: Path) -> None:
        target = tmp_path / "out.onnx"
        said = run("models", "export", imported, target)
        assert said == (0, f"Letters ({imported}) is written to {target}.\n", "")
        assert target.read_bytes() == letters.read_bytes()
        status, out, err = run("models", "export", imported, tmp_path / "none" / "out.onnx")
        assert (status, out) == (2, "")
        assert "could not be saved" in err

    def test_import_of_what_does_not_fit(self, run: Run, page: Path, own_home: Path) -> None:
        status, out, err = run("models", "import", page)
        assert (status, out) == (2, "")
        assert err.startswith(f"inkread: {page}: this model cannot be used")
        assert run("models", "import", "none.onnx")[0] == 2
        assert not own_home.exists()

    def test_import_once_more(self, run: Run, imported: str, letters: Path) -> None:
        assert imported in run("models", "import", letters)[1]
        assert len(listed(run)) == 2

    def test_delete(self, run: Run, imported: str) -> None:
        run("models", "use", imported)
        status, out, err = run("models", "delete", imported)
        assert (status, out) == (2, "")
        assert err == "inkread: Letters: this model is in use; use another one, then delete it.\n"
        run("models", "revert")
        said = run("models", "delete", imported)
        assert said == (0, f"Letters ({imported}) is deleted.\n", "")
        assert len(listed(run)) == 1

    def test_a_part_of_a_name_does_not_delete(self, run: Run, imported: str) -> None:
        assert run("models", "show", "lett")[0] == 0
        status, out, err = run("models", "delete", "lett")
        assert (status, out) == (2, "")
        assert err.startswith("inkread: lett: no model in the library is called that")
        assert run("models", "delete", imported[:4])[0] == 0

    def test_several_are_deleted_or_none(self, run: Run) -> None:
        library = ModelLibrary.of(home())
        for name in ("my hand", "my hand", "my hand"):
            library.keep(reading_as(DIGITS, name), Card(name=name, source="trained"))
        status, out, err = run("models", "delete", "my hand", "my hand (3)")
        assert (status, out) == (2, "")
        assert err.startswith("inkread: my hand (3): this model is in use")
        assert len(listed(run)) == 4
        status, out, _ = run("models", "delete", "my hand", "my hand (2)")
        assert status == 0
        assert re.fullmatch(r"my hand \(\w+\), my hand \(2\) \(\w+\) are deleted\.\n", out)
        assert [one["name"] for one in listed(run)] == ["Inkread digits", "my hand (3)"]

    @pytest.mark.parametrize(
        "args",
        [
            ["use", "nobody"],
            ["revert"],
            ["rename", "shipped", "x"],
            ["export", "nobody", "x"],
            ["delete", "shipped"],
        ],
    )
    def test_what_cannot_be_done_is_one_sentence(self, run: Run, args: list[str]) -> None:
        status, out, err = run("models", *args)
        assert (status, out) == (2, "")
        assert re.fullmatch(r"inkread: [^\n]+; [^\n]+\.\n", err)

    def test_a_file_is_no_model_of_the_library(self, run: Run, letters: Path) -> None:
        status, out, err = run("models", "use", letters)
        assert (status, out) == (2, "")
        assert err.endswith('take it in with "inkread models import" first.\n')

    def test_a_library_that_cannot_be_changed_is_reported(
        self, run: Run, letters: Path, own_home: Path
    ) -> None:
        own_home.write_bytes(b"a file is in the way")
        status, out, err = run("models", "import", letters)
        assert (status, out) == (1, "")
        assert re.fullmatch(r"inkread: \S+: the model library could not be changed .+\n", err)


class TestUsage:
    @pytest.mark.parametrize(
        "arguments", [[], ["burn"], ["use"], ["revert", "x"], ["rename", "x"], ["list", "--csv"]]
    )
    def test_what_cannot_be_understood(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["models", *arguments])
        assert ended.value.code == 2
        action = " ".join(["models", *arguments[:1]]) if arguments != ["burn"] else "models"
        assert capsys.readouterr().err.startswith(f"usage: inkread {action} ")

    def test_help_names_every_action(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["models", "--help"])
        out = capsys.readouterr().out
        for action in ("list", "show", "use", "revert", "rename", "export", "import", "delete"):
            assert f"    {action} " in out

    def test_the_command_line_loads_no_library_before_it_is_wanted(self) -> None:
        script = (
            "import sys; from inkread import cli; cli._parser();"
            "wanted = {'inkread.data.models.library', 'numpy', 'json', 'sqlite3'};"
            "assert not wanted & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", script], check=True)

    def test_reading_needs_no_lock(self, page: Path, tmp_path: Path) -> None:
        script = (
            "import sys; from inkread.cli import main;"
            "main(sys.argv[1:]); assert 'sqlite3' not in sys.modules"
        )
        read = ["read", str(page), "--home", str(tmp_path)]
        subprocess.run([sys.executable, "-c", script, *read], check=True)
