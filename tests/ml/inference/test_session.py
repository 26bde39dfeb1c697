from __future__ import annotations

import numpy as np
import pytest
from onnx import ModelProto

from inkread.core.errors import ModelUnusable
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.inference.session import info_of, open_session, run_options
from tests.ml import graphs


def test_a_session_runs_what_its_bytes_say() -> None:
    session = open_session(graphs.dense(), "m", 1)
    fed = {"x": np.zeros((2, 1, 28, 28), np.float32)}
    output = session.run(None, fed, run_options())[0]
    np.testing.assert_allclose(output, np.tile(graphs.dense_weights()["b"], (2, 1)), atol=1e-6)


def test_metadata_are_those_of_the_file() -> None:
    info = ModelInfo(labels=("a", "b"), preprocess_version=3, name="Two")
    data = graphs.dense(classes=2, metadata=info.to_metadata())
    assert info_of(open_session(data, "m", 1), "m") == info


def test_a_weight_in_another_file_is_never_loaded() -> None:
    model = ModelProto.FromString(graphs.dense())
    weight = model.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = 1
    location = weight.external_data.add()
    location.key, location.value = "location", "other.bin"
    with pytest.raises(ModelUnusable, match="part of it is in another file"):
        open_session(model.SerializeToString(), "m", 1)
