from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.errors import ModelUnusable
from inkread.ml.inference.metadata import MAX_LABEL_LENGTH, ModelInfo

FULL = ModelInfo(
    labels=("0", "1", "ä"),
    preprocess_version=1,
    name="Inkread's digits",
    temperature=1.25,
    rejection_threshold=0.5,
    scores={"mnist_accuracy": 0.995},
    data=("MNIST", "UNIPEN"),
    licence="MIT",
    parents=("abc",),
    recipe={"architecture": "inkread", "epochs": 12, "rate": 0.002, "augment": True},
)

labels = st.lists(st.text(min_size=1, max_size=MAX_LABEL_LENGTH), unique=True).map(tuple)
texts = st.lists(st.text()).map(tuple)
infos = st.builds(
    ModelInfo,
    labels=labels,
    preprocess_version=st.integers(0, 1000),
    name=st.text(),
    temperature=st.none() | st.floats(0.01, 100),
    rejection_threshold=st.floats(0, 1),
    scores=st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)),
    data=texts,
    licence=st.text(),
    parents=texts,
    recipe=st.dictionaries(
        st.text(),
        st.text()
        | st.integers()
        | st.booleans()
        | st.floats(allow_nan=False, allow_infinity=False),
    ),
)


@given(infos)
def test_there_and_back_again(info: ModelInfo) -> None:
    assert ModelInfo.from_metadata(info.to_metadata(), "m") == info


@given(labels)
def test_somebody_elses_model_keeps_its_labels(found: tuple[str, ...]) -> None:
    info = ModelInfo(labels=found)
    assert ModelInfo.from_metadata(info.to_metadata(), "m") == info


def test_the_keys_are_the_documented_ones() -> None:
    written = FULL.to_metadata()
    assert written["preprocess_version"] == "1"
    assert written["labels"] == '["0", "1", "\\u00e4"]'
    assert written["scores"] == '{"mnist_accuracy": 0.995}'
    assert set(written) == {
        "preprocess_version",
        "labels",
        "name",
        "temperature",
        "rejection_threshold",
        "scores",
        "data",
        "licence",
        "parents",
        "recipe",
    }


def test_a_temperature_of_one_is_not_a_missing_one() -> None:
    written = replace(FULL, temperature=None).to_metadata()
    assert "temperature" not in written
    assert ModelInfo.from_metadata(written, "m").temperature is None
    assert ModelInfo.from_metadata(written | {"temperature": "1.0"}, "m").temperature == 1.0


def test_no_metadata_says_nothing() -> None:
    assert ModelInfo.from_metadata({}, "m") == ModelInfo()


def test_without_a_version_the_other_keys_are_not_ours() -> None:
    foreign = {"name": "x", "temperature": "hot", "scores": "many", "labels": '["a", "b"]'}
    assert ModelInfo.from_metadata(foreign, "m") == ModelInfo(labels=("a", "b"))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("labels", "0,1,2", "not JSON"),
        ("labels", '{"0": 1}', "JSON list of texts"),
        ("labels", "[0, 1]", "JSON list of texts"),
        ("labels", '["a", "a"]', "distinct"),
        ("labels", '["a", ""]', "characters"),
        ("labels", f'["{"a" * (MAX_LABEL_LENGTH + 1)}"]', "characters"),
        ("labels", "[" * 100_000, "not JSON"),
        ("labels", "[" + "9" * 5000 + "]", "not JSON"),
        ("preprocess_version", "one", "whole number"),
        ("preprocess_version", "9" * 5000, "whole number"),
        ("temperature", "hot", "not a number"),
        ("temperature", "0", "between"),
        ("temperature", "nan", "between"),
        ("temperature", "1e-300", "between"),
        ("rejection_threshold", "1.5", "between 0 and 1"),
        ("rejection_threshold", "nan", "between 0 and 1"),
        ("scores", "[1]", "JSON object of numbers"),
        ("scores", '{"a": "good"}', "JSON object of numbers"),
        ("scores", '{"a": true}', "JSON object of numbers"),
        ("scores", '{"a": NaN}', "scores"),
        ("scores", '{"a": ' + "9" * 400 + "}", "understood"),
        ("data", '"MNIST"', "JSON list of texts"),
        ("parents", "null", "JSON list of texts"),
        ("recipe", "[]", "JSON object of texts"),
        ("recipe", '{"epochs": [1]}', "JSON object of texts"),
        ("recipe", '{"rate": Infinity}', "finite"),
    ],
)
def test_nonsense_is_refused_with_its_reason(key: str, value: str, reason: str) -> None:
    with pytest.raises(ModelUnusable) as refused:
        ModelInfo.from_metadata(FULL.to_metadata() | {key: value}, "odd.onnx")
    assert str(refused.value).startswith("odd.onnx: ")
    assert reason in str(refused.value)


@given(st.dictionaries(st.sampled_from(list(FULL.to_metadata())), st.text()))
def test_any_metadata_is_read_or_refused(metadata: dict[str, str]) -> None:
    try:
        info = ModelInfo.from_metadata(metadata, "m")
    except ModelUnusable:
        return
    assert 0 <= info.rejection_threshold <= 1
    assert all(math.isfinite(score) for score in info.scores.values())


def test_an_info_does_not_change() -> None:
    scores = {"a": 1.0}
    info = ModelInfo(scores=scores)
    scores["a"] = 2.0
    assert info.scores == {"a": 1.0}
    with pytest.raises(TypeError):
        info.scores["a"] = 3.0  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        info.name = "b"  # type: ignore[misc]
    assert hash(info) == hash(ModelInfo(scores={"a": 1.0}))


@pytest.mark.parametrize(
    ("labels", "known"),
    [
        (("0", "e\u0301"), ("0", "é")),
        (("é", "e\u0301"), ("é", "e\u0301")),  # a model of an older version, of two classes
        (("\u0958" * MAX_LABEL_LENGTH,), ("\u0958" * MAX_LABEL_LENGTH,)),  # would get longer
    ],
)
def test_labels_are_composed_where_they_stay_apart(
    labels: tuple[str, ...], known: tuple[str, ...]
) -> None:
    assert ModelInfo(labels).labels == known
