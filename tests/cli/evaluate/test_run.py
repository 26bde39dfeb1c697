"""``inkread evaluate``: figures in three forms, and a page that needs nothing else."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from PIL import Image
from sklearn import metrics

from inkread.cli import main
from inkread.cli.evaluate import report_page
from inkread.core.cell import PREPROCESS_VERSION, cell_from_ink
from inkread.data.models.library import Card, ModelLibrary
from inkread.data.paths import home
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from tests.cli.conftest import picture
from tests.ml import graphs
from tests.ml.datasets.data_files import pictures
from tests.written import write

Evaluate = Callable[..., tuple[int, str, str]]
TEXTS = "0123456789" * 3
#: The samples 3 and 14 bear wrong labels.
LABELS = np.array([8 if i == 3 else 9 if i == 14 else int(text) for i, text in enumerate(TEXTS)])


def cells() -> np.ndarray[Any, np.dtype[np.uint8]]:
    made = [cell_from_ink(write(text, seed=i).strokes)[1][-1].image for i, text in enumerate(TEXTS)]
    return np.stack(made)


def changed(model: Path, path: Path, temperature: float, threshold: float) -> Path:
    """A copy of `model` that says this of itself."""
    info = ModelInfo(tuple("0123456789"), PREPROCESS_VERSION, "", temperature, threshold)
    copy = onnx.load(model)
    helper.set_model_props(copy, info.to_metadata())
    onnx.save(copy, path)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "digits.npz"
    np.savez_compressed(path, x=cells(), y=LABELS)
    return path


@pytest.fixture
def evaluate(model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Evaluate:
    """``inkread evaluate ARGUMENTS`` with a small model: exit status, output, errors."""

    def call(*arguments: str | Path, model: Path = model) -> tuple[int, str, str]:
        words = ["evaluate", *map(str, arguments), "--model", str(model)]
        status = main([*words, "--home", str(tmp_path / "home")])
        return status, *capfd.readouterr()

    return call


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


class TestFigures:
    def test_json(self, evaluate: Evaluate, data: Path) -> None:
        status, out, err = evaluate("--data", data, "--json")
        assert (status, err) == (0, "")
        found = json.loads(out)
        assert found["accuracy"] == pytest.approx(28 / 30)
        assert found["count"] == 30
        assert 0 <= found["ece"] <= 1
        assert found["labels"] == list("0123456789")
        answers = [int(text) for text in TEXTS]
        expected = metrics.confusion_matrix(LABELS, answers, labels=range(10))
        assert found["confusion"] == expected.tolist()
        report = metrics.classification_report(LABELS, answers, output_dict=True)
        for label in "0123456789":
            row = found["per_class"][label]
            assert row["count"] == report[label]["support"]
            assert row["precision"] == pytest.approx(report[label]["precision"])
            assert row["recall"] == pytest.approx(report[label]["recall"])
            assert row["f1"] == pytest.approx(report[label]["f1-score"])
        assert [(w["sample"], w["label"], w["answer"]) for w in found["wrong"]] == [
            (3, "8", "3"),
            (14, "9", "4"),
        ]
        assert (found["data"], found["model"]) == (["digits.npz"], "templates.onnx")
        assert found["skipped"] == []

    def test_plain(self, evaluate: Evaluate, data: Path) -> None:
        status, out, err = evaluate("--data", data)
        assert (status, err) == (0, "")
        lines = out.splitlines()
        assert lines[0] == "templates.onnx on digits.npz: 30 samples"
        assert lines[1] == "accuracy 93.33 %, 2 wrong"
        assert lines[2].startswith("expected calibration error ")
        assert len(lines) == 4 + 11 + 2
        assert re.fullmatch(r"3 +2 +66\.67 % +100\.00 % +80\.00 %", lines[8])
        assert lines[-1] == "most often: 8 read as 3 (1), 9 read as 4 (1)"

    def test_what_is_rejected_is_counted_if_the_model_knows_a_threshold(
        self, evaluate: Evaluate, data: Path, model: Path, tmp_path: Path
    ) -> None:
        plain = json.loads(evaluate("--data", data, "--json")[1])
        assert (plain["calibrated"], plain["rejection_threshold"]) == (False, None)
        assert plain["rejected"] == 0
        assert "(the model is not calibrated)" in evaluate("--data", data)[1]
        rejecting = changed(model, tmp_path / "rejecting.onnx", temperature=30, threshold=0.6)
        found = json.loads(evaluate("--data", data, "--json", model=rejecting)[1])
        assert (found["calibrated"], found["rejection_threshold"]) == (True, 0.6)
        scaled = (cells()[:, None] / 255).astype(np.float32)
        read = OnnxClassifier.open(rejecting).probabilities(scaled)
        assert found["rejected"] == (read.max(axis=1) < 0.6).sum() > 0
        out = evaluate("--data", data, model=rejecting)[1]
        assert f"rejected below 60.00 %: {found['rejected'] / 0.3:.2f} % of the samples" in out
        assert "not calibrated" not in out

    def test_all_right(self, evaluate: Evaluate, tmp_path: Path) -> None:
        np.savez(tmp_path / "a.npz", x=cells()[:10], y=np.arange(10))
        out = evaluate("--data", tmp_path / "a.npz")[1]
        assert "accuracy 100.00 %, 0 wrong" in out
        assert "most often" not in out

    def test_a_test_part_is_what_is_measured(self, evaluate: Evaluate, tmp_path: Path) -> None:
        np.savez(
            tmp_path / "a.npz",
            x_train=pictures(),
            y_train=np.zeros(12, int),
            x_test=cells()[:10],
            y_test=np.arange(10),
        )
        found = json.loads(evaluate("--data", tmp_path / "a.npz", "--json")[1])
        assert (found["count"], found["accuracy"]) == (10, 1)

    def test_several_sources(self, evaluate: Evaluate, data: Path, tmp_path: Path) -> None:
        for label in "17":
            picture(tmp_path / "pictures" / label / "a.png", label)
        found = json.loads(evaluate("--data", data, "--data", tmp_path / "pictures", "--json")[1])
        assert found["count"] == 32
        assert found["data"] == ["digits.npz", "pictures"]

    def test_the_starter_set(self, evaluate: Evaluate) -> None:
        assert json.loads(evaluate("--data", "starter", "--json")[1])["count"] == 5000

    def test_one_class_is_enough(self, evaluate: Evaluate, tmp_path: Path) -> None:
        np.savez(tmp_path / "a.npz", x=cells()[7:8], y=np.array([7]))
        found = json.loads(evaluate("--data", tmp_path / "a.npz", "--json")[1])
        assert list(found["per_class"]) == ["7"]
        assert len(found["confusion"]) == 10

    def test_the_model_in_use_is_the_default(
        self, data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["evaluate", "--data", str(data), "--json", "--home", str(tmp_path)]) == 0
        found = json.loads(capfd.readouterr().out)
        assert found["model"] != "templates.onnx"
        assert found["accuracy"] == pytest.approx(28 / 30)

    def test_it_goes_by_the_name_that_the_library_has(
        self, data: Path, model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        card = Card(name="Anna", source="trained")
        ModelLibrary.of(home(tmp_path)).keep(model.read_bytes(), card)
        args = ["evaluate", "--data", str(data), "--home", str(tmp_path)]
        assert main(args) == 0
        assert capfd.readouterr().out.startswith("Anna on digits.npz: ")
        assert main([*args, "--report", str(tmp_path / "a.html")]) == 0
        assert "Anna" in Page(tmp_path / "a.html").text

    def test_what_is_skipped_is_reported(self, evaluate: Evaluate, tmp_path: Path) -> None:
        picture(tmp_path / "set" / "1" / "good.png", "1")
        for i in range(12):
            (tmp_path / "set" / "1" / f"bad{i:02}.png").write_bytes(b"no picture")
        status, out, err = evaluate("--data", tmp_path / "set", "--json")
        assert status == 0
        assert json.loads(out)["count"] == 1
        assert len(json.loads(out)["skipped"]) == 12
        lines = err.splitlines()
        assert len(lines) == 11
        first = str(Path("1/bad00.png"))
        assert lines[0].startswith(f"inkread: {first} is skipped: this is not a picture")
        assert lines[-1] == "inkread: 12 are skipped in all."


class TestRefusals:
    def test_classes_that_the_model_does_not_know(self, evaluate: Evaluate, tmp_path: Path) -> None:
        np.savez(tmp_path / "a.npz", x=pictures(), y=np.array(["A", "B", "C"] * 4))
        status, out, err = evaluate("--data", tmp_path / "a.npz")
        assert (status, out) == (2, "")
        assert "a.npz: the model knows none of its classes (A, B, C)" in err

    def test_some_classes_that_it_does_not_know_are_wrong(
        self, evaluate: Evaluate, tmp_path: Path
    ) -> None:
        np.savez(tmp_path / "a.npz", x=cells()[:2], y=np.array(["0", "A"]))
        found = json.loads(evaluate("--data", tmp_path / "a.npz", "--json")[1])
        assert found["accuracy"] == 0.5
        assert found["labels"] == [*"0123456789", "A"]

    @pytest.mark.parametrize(
        "arguments", [[], ["--data"], ["--data", "a", "--json", "--report", "b"]]
    )
    def test_wrong_usage(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["evaluate", *arguments])
        assert ended.value.code == 2
        assert "usage: inkread evaluate" in capsys.readouterr().err

    def test_data_that_are_not_there(self, evaluate: Evaluate, tmp_path: Path) -> None:
        status, out, err = evaluate("--data", tmp_path / "none.npz")
        assert (status, out) == (2, "")
        assert "there is no such file" in err

    def test_a_model_that_is_none(self, evaluate: Evaluate, data: Path) -> None:
        status, _, err = evaluate("--data", data, model=data)
        assert status == 2
        assert "this model cannot be used" in err

    def test_a_report_that_cannot_be_saved(
        self, evaluate: Evaluate, data: Path, tmp_path: Path
    ) -> None:
        status, out, err = evaluate("--data", data, "--report", tmp_path / "none" / "r.html")
        assert (status, out) == (2, "")
        assert "could not be saved" in err


class TestReport:
    @pytest.fixture
    def page(self, evaluate: Evaluate, data: Path, tmp_path: Path) -> Page:
        status, out, _ = evaluate("--data", data, "--report", tmp_path / "r.html")
        assert status == 0
        assert "accuracy 93.33 %" in out
        return Page(tmp_path / "r.html")

    def test_the_figures(self, page: Page) -> None:
        for words in ("templates.onnx", "digits.npz", "93.33 %", "66.67 %", "8 read as 3"):
            assert words in page.text
        assert page.tags.count("table") == 3
        assert page.tags.count("svg") == 1

    def test_the_wrong_ones_are_there_as_pictures(self, page: Page) -> None:
        found = []
        for source in page.values("src"):
            head, _, content = source.partition(",")
            assert head == "data:image/png;base64"
            found.append(np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))))
        np.testing.assert_array_equal(np.stack(found), cells()[[3, 14]])
        assert page.values("alt") == ["8 read as 3", "9 read as 4"]

    def test_numbers_of_mistakes_lead_to_their_pictures(self, page: Page) -> None:
        links = page.values("href")
        assert [link.removeprefix("#") for link in links] == page.values("id")
        assert len(links) == 2

    def test_it_needs_nothing_else(self, page: Page) -> None:
        assert not {"script", "link", "iframe", "object", "base", "form"} & set(page.tags)
        for name, value in page.attributes:
            assert "//" not in value or name == "content"
            assert not name.startswith("on")
        assert "default-src 'none'" in " ".join(page.values("content"))

    def test_the_file_is_whole_and_alone(self, page: Page, tmp_path: Path) -> None:
        assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
            "digits.npz",
            "r.html",
        ]
        assert page.tags[0] == "html"

    def test_texts_of_other_people_are_escaped(self, evaluate: Evaluate, tmp_path: Path) -> None:
        evil = '<script>alert("1")</script>&\'"'
        name = '<b onclick="x">.onnx'
        info = ModelInfo(
            labels=(evil, "b"), preprocess_version=PREPROCESS_VERSION, name=evil, licence=evil
        )
        model = tmp_path / name
        model.write_bytes(graphs.dense(classes=2, metadata=info.to_metadata()))
        np.savez(tmp_path / "<i>.npz", x=pictures(), y=np.array([evil, "b", "<u>"] * 4))
        evaluate("--data", tmp_path / "<i>.npz", "--report", tmp_path / "r.html", model=model)
        page = Page(tmp_path / "r.html")
        assert not {"script", "b", "i", "u"} & set(page.tags)
        assert page.text.count(evil) > 3
        assert "<i>.npz" in page.text
        assert not any(key == "onclick" for key, _ in page.attributes)

    def test_what_was_skipped_is_listed(self, evaluate: Evaluate, tmp_path: Path) -> None:
        picture(tmp_path / "set" / "1" / "good.png", "1")
        (tmp_path / "set" / "1" / "bad.png").write_bytes(b"no picture")
        evaluate("--data", tmp_path / "set", "--report", tmp_path / "r.html")
        page = Page(tmp_path / "r.html")
        assert "1 skipped" in page.text
        assert "this is not a picture" in page.text
        assert "There are none." in page.text  # wrong ones

    def test_only_so_many_pictures(
        self,
        evaluate: Evaluate,
        data: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(report_page, "MAX_PICTURES", 1)
        evaluate("--data", data, "--report", tmp_path / "r.html")
        page = Page(tmp_path / "r.html")
        assert len(page.values("src")) == len(page.values("href")) == 1
        assert "The 1 surest of 2 are shown." in page.text

    def test_no_matrix_of_very_many_classes(
        self,
        evaluate: Evaluate,
        data: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(report_page, "MAX_CLASSES", 9)
        evaluate("--data", data, "--report", tmp_path / "r.html")
        assert "10 classes are too many for a matrix." in Page(tmp_path / "r.html").text
