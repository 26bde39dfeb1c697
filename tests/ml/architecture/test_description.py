"""Network descriptions: the presets, and every way to get one wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import checker, numpy_helper

from inkread.data.paths import bundled
from inkread.ml.architecture.description import Architecture, ArchitectureWrong, parse_architecture
from inkread.ml.architecture.layers import LAYERS
from inkread.ml.graph.forward import read_forward
from inkread.ml.graph.half_weights import with_half_weights
from inkread.ml.training.graph import build
from inkread.ml.training.losses import SoftmaxCrossEntropy, SquaredError
from inkread.ml.training.optimisers import AdamW, Sgd
from inkread.ml.training.schedules import Cosine, OneCycle
from tests.ml.networks import evaluate

#: Name -> parameters, counted by hand from the articles' layers.
PRESETS = {
    "numpy-cnn-8x8": 320 + 18496 + 73856 + 512 * 64 + 64 + 650,
    "cnn-5x5": 832 + 51264 + 3136 * 1024 + 1024 + 10250,
    "lenet-keras": 60 + 880 + 576 * 120 + 120 + 120 * 84 + 84 + 850,
    "two-layer-50": 784 * 50 + 50 + 510,
    "mlp-256-64": 784 * 256 + 256 + 256 * 64 + 64 + 650,
    "fcn-16-16": 1024 * 16 + 16 + 16 * 16 + 16 + 170,
    "inkread": 624 + 10416 + 27712 + 55392 + 864 * 128 + 128 + 1290,
    "inkread-deep": (624 + 48)
    + (10416 + 96)
    + (41568 + 192)
    + (83040 + 192)
    + 864 * 112
    + 112
    + 1130,
}


def _preset(name: str) -> Architecture:
    path = bundled(f"models/architectures/{name}.toml")
    return parse_architecture(path.read_bytes(), path.name)


def _parse(layers: str, rest: str = "", training: str = "") -> Architecture:
    text = f"input = [6, 6]\n{rest}\nlayers = [{layers}]\n[training]\n{training}"
    return parse_architecture(text.encode(), "mine.toml")


DENSE = '{ type = "dense", units = "classes" }'


def test_every_preset_is_tested() -> None:
    files = bundled("models/architectures").glob("*.toml")
    assert {path.stem for path in files} == {*PRESETS, "lines"}


@pytest.mark.parametrize("name", PRESETS)
def test_presets(name: str) -> None:
    architecture = _preset(name)
    model = architecture.model(10)
    checker.check_model(model, full_check=True)
    forward = read_forward(model)
    assert sum(forward.values[p].size for p in forward.parameters) == PRESETS[name]
    x = np.zeros((2, *forward.cell_shape), np.float32)
    assert evaluate(forward.model, {forward.input: x})[0].shape == (2, 10)
    build(forward, architecture.recipe.loss, architecture.recipe.optimiser)
    assert architecture.title != architecture.name
    assert architecture.source


def test_the_sizes_of_presets() -> None:
    sizes = {name: (_preset(name).height, _preset(name).width) for name in PRESETS}
    assert sizes.pop("numpy-cnn-8x8") == (8, 8)
    assert sizes.pop("fcn-16-16") == (32, 32)
    assert set(sizes.values()) == {(28, 28)}


@pytest.mark.parametrize("width", [64, 156])
def test_the_line_network_takes_any_width_and_gives_a_row_for_each_four_pixels(width: int) -> None:
    model = _preset("lines").model(24)
    checker.check_model(model, full_check=True)
    x = np.random.default_rng(0).random((2, 1, 32, width), np.float32)
    (logits,) = evaluate(model, {"pictures": x})
    assert logits.shape == (2, width // 4, 24)
    assert len(with_half_weights(model).SerializeToString()) < 2_000_000


def test_the_seed_decides_the_weights() -> None:
    one, same, other = (
        _preset("two-layer-50").model(10, seed).SerializeToString() for seed in (1, 1, 2)
    )
    assert one == same != other


def test_every_kind_of_layer() -> None:
    layers = """
        { type = "conv", channels = 4, kernel = 3, padding = "same", stride = 2 },
        { type = "batch_norm", momentum = 0.8, epsilon = 0.001 },
        { type = "gelu" },
        { type = "conv", channels = 6, kernel = 2, padding = 1, groups = 2 },
        { type = "leaky_relu", slope = 0.2 },
        { type = "average_pool", size = 2, stride = 1 },
        { type = "max_pool", size = 2, stride = 1 },
        { type = "tanh" }, { type = "relu" },
        { type = "global_average_pool" },
        { type = "steps" },
        { type = "flatten" },
        { type = "dropout", rate = 0.1 },
        { type = "dense", units = 7 },
        { type = "residual", layers = [{ type = "sigmoid" }] },
        { type = "dense", units = "classes" },
    """
    model = _parse(layers).model(3)
    assert {line.split('"')[1] for line in layers.split("{") if '"' in line} == set(LAYERS)
    assert evaluate(model, {"pictures": np.ones((2, 1, 6, 6), np.float32)})[0].shape == (2, 3)


def test_kernels_pools_and_padding_have_two_sides() -> None:
    layers = """
        { type = "conv", channels = 2, kernel = [1, 3], padding = [0, 2], dilation = [1, 2] },
        { type = "max_pool", size = [3, 1] },
        { type = "conv", channels = 1, kernel = [2, 1], stride = [1, 2] },
    """
    weights = {t.name: t.dims for t in _parse(f"{layers} {DENSE}").model(2).graph.initializer}
    assert list(weights["1_weight"]) == [2, 1, 1, 3]
    assert list(weights["3_weight"]) == [1, 2, 2, 1]
    assert list(weights["4_weight"]) == [2, 3]


def test_even_kernels_keep_the_size_with_same_padding() -> None:
    layer = '{ type = "conv", channels = 1, kernel = 4, padding = "same" },'
    model = _parse(f"{layer} {DENSE}").model(2)
    weights = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    assert weights["2_weight"].shape == (2, 36)


def test_training_settings() -> None:
    recipe = _parse(
        DENSE,
        training="""
        epochs = 3
        batch = 7
        rate = 0.5
        clip = 2.0
        average = 0.9
        loss = { type = "cross-entropy", smoothing = 0.1 }
        optimiser = { type = "sgd", momentum = 0.8, nesterov = true, weight_decay = 0.01 }
        schedule = { type = "cosine", warm_up = 0.1 }
        """,
    ).recipe
    assert (recipe.epochs, recipe.batch, recipe.rate) == (3, 7, 0.5)
    assert (recipe.clip, recipe.average) == (2.0, 0.9)
    assert recipe.loss == SoftmaxCrossEntropy(0.1)
    assert recipe.optimiser == Sgd(0.8, True, 0.01)
    assert recipe.schedule == Cosine(0.0, 0.1)


def test_training_settings_that_are_missing() -> None:
    recipe = _parse(DENSE, training='loss = { type = "squared-error" }').recipe
    assert recipe.loss == SquaredError()
    assert recipe.optimiser == AdamW()
    assert recipe.schedule == OneCycle()
    assert recipe.clip is recipe.average is None


@pytest.mark.parametrize(
    ("layers", "place", "reason"),
    [
        ('{ type = "convolution" }', "layer 1 (convolution)", "type must be one of average_pool"),
        ("{ units = 3 }", "layer 1 (without type)", 'lacks the key "type"'),
        (
            f'{{ type = "conv", channels = 1, kernel = 1, padding = {"9" * 400} }}, {DENSE}',
            "layer 1 (conv)",
            "makes over 10^18 values",
        ),
        (
            f'{{ type = "dense", units = {"9" * 4000} }}, {DENSE}',
            "layer 1 (dense)",
            "has over 10^18 weights",
        ),
        (f'{{ type = "conv", kernel = 3 }}, {DENSE}', "layer 1 (conv)", 'lacks the key "channels"'),
        (
            f'{{ type = "relu", slope = 1 }}, {DENSE}',
            "layer 1 (relu)",
            'does not know the key "slope"',
        ),
        (
            f'{{ type = "flatten" }}, {{ type = "max_pool" }}, {DENSE}',
            "layer 2 (max_pool)",
            "needs pictures",
        ),
        (
            f'{{ type = "conv", channels = 2, kernel = 9 }}, {DENSE}',
            "layer 1 (conv)",
            "larger than the picture of 6 x 6",
        ),
        (
            f'{{ type = "conv", channels = 2, kernel = "3" }}, {DENSE}',
            "layer 1 (conv)",
            "kernel must be a whole number of at least 1, not '3'",
        ),
        (
            f'{{ type = "conv", channels = 2, kernel = 3, padding = "full" }}, {DENSE}',
            "layer 1 (conv)",
            "padding must be a number or same or valid",
        ),
        (
            f'{{ type = "conv", channels = 3, kernel = 1, groups = 2 }}, {DENSE}',
            "layer 1 (conv)",
            "cannot be divided",
        ),
        (f'{{ type = "dropout", rate = 1.0 }}, {DENSE}', "layer 1 (dropout)", "rate cannot be 1.0"),
        (
            f'{{ type = "conv", channels = 1, kernel = 1, padding = 9999 }}, {DENSE}',
            "layer 1 (conv)",
            "makes 400,160,016 values",
        ),
        (
            f'{{ type = "conv", channels = 1, kernel = [1, 2, 3] }}, {DENSE}',
            "layer 1 (conv)",
            "kernel must be a whole number of at least 1, not [1, 2, 3] (or two of them)",
        ),
        (
            f'{{ type = "residual", layers = [{{ type = "max_pool" }}] }}, {DENSE}',
            "layer 1 (residual)",
            "must make values of the shape that they get",
        ),
        (f'{{ type = "residual", layers = 3 }}, {DENSE}', "layer 1 (residual)", "must list"),
        (f'{{ type = "steps" }}, {DENSE}', "layer 1 (steps)", "needs pictures of height 1"),
        ('{ type = "dense", units = 0 }', "layer 1 (dense)", "units must be at least 1"),
        ('{ type = "dense", units = 5 }', "the last layer", "does not make 10 values"),
        ('{ type = "relu" }', "the last layer", "does not make 10 values"),
        ("", "the last layer", "does not make 10 values"),
        (
            '{ type = "dense", units = 900000 }',
            "layer 1 (dense)",
            "more than 20,000,000",
        ),
        (
            ", ".join(['{ type = "dense", units = 4000 }'] * 3 + [DENSE]),
            "layer 3 (dense)",
            "larger than 20,000,000 parameters",
        ),
    ],
)
def test_wrong_layers_are_named(layers: str, place: str, reason: str) -> None:
    with pytest.raises(ArchitectureWrong) as caught:
        _parse(layers)
    assert str(caught.value).startswith(f"mine.toml: {place} ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("layers = [", "mine.toml: the file is not TOML (Invalid"),
        ("\xff", "mine.toml: the file is not TOML"),
        ("layers = []", 'the description lacks the key "input"'),
        ("input = [28]\nlayers = []", "must say input = [height, width]"),
        ("input = [28, 0]\nlayers = []", "must say input = [height, width]"),
        ("input = [28, true]\nlayers = []", "must say input = [height, width]"),
        ("input = [6, 6]", 'lacks the key "layers"'),
        ("input = [6, 6]\nlayers = [1]", "must list its layers"),
        (
            "input = [6, 6]\nlayers = [" + "{ type = 'relu' }, " * 1001 + "]",
            "has 1001 layers, more than 1000",
        ),
        (".".join("a" * 202) + " = 1", "has a line with more than 200 dots"),
        ("# " + "a" * 200_000, "is longer than 200 kB"),
        ("input = [6, 6]\nlayers = []\ntitle = 3", "title must be a text, not 3"),
        ("input = [6, 6]\nlayers = []\ncolour = 3", 'does not know the key "colour"'),
        (
            'input = [6, 6]\nlayers = []\ninitialiser = "ones"',
            "initialiser must be one of he, normal, xavier, not 'ones'",
        ),
        ("input = [6, 6]\nlayers = []\ntraining = 1", "training must be a table"),
    ],
)
def test_wrong_files(text: str, reason: str) -> None:
    with pytest.raises(ArchitectureWrong) as caught:
        parse_architecture(text.encode("latin-1"), "mine.toml")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("training", "reason"),
    [
        ("epochs = 0", "epochs must be a whole number of at least 1, not 0"),
        ("rate = 0", "rate cannot be 0"),
        ("rate = nan", "rate cannot be nan"),
        ("clip = -1", "clip cannot be -1"),
        ("average = 1.0", "average cannot be 1.0"),
        ("patience = 3", 'does not know the key "patience"'),
        ('loss = "cross-entropy"', "loss must be a table"),
        ('optimiser = { type = "lion" }', "optimiser: type must be one of adagrad, adam"),
        ('optimiser = { type = "sgd", momentum = 1.0 }', "optimiser: momentum cannot be 1.0"),
        ('optimiser = { type = "sgd", nesterov = 1 }', "nesterov must be true or false"),
        ('optimiser = { type = "adamw", decoupled = false }', 'does not know the key "decoupled"'),
        ('schedule = { type = "step", drops = 1.5 }', "schedule: drops must be a whole number"),
    ],
)
def test_wrong_training(training: str, reason: str) -> None:
    with pytest.raises(ArchitectureWrong) as caught:
        _parse(DENSE, training=training)
    assert "mine.toml: [training] " in str(caught.value)
    assert reason in str(caught.value)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_description_or_refused(data: bytes) -> None:
    with pytest.raises(ArchitectureWrong):
        parse_architecture(data, "mine.toml")


VALUES = st.one_of(
    st.integers(-2, 9), st.booleans(), st.floats(-1, 2), st.sampled_from(["same", "classes", "x"])
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(sorted(LAYERS))},
            optional=dict.fromkeys(
                ("units", "channels", "kernel", "stride", "padding", "groups", "size", "rate"),
                VALUES,
            ),
        ),
        max_size=5,
    )
)
def test_any_layers_fit_or_are_refused(layers: list[dict[str, object]]) -> None:
    architecture = _parse(DENSE)
    try:
        model = Architecture(
            **{**vars(architecture), "layers": (*layers, *architecture.layers)}
        ).model(4)
    except ArchitectureWrong:
        return
    x = np.zeros((1, 1, 6, 6), np.float32)
    assert evaluate(model, {"pictures": x})[0].shape == (1, 4)
