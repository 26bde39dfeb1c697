"""From a recipe and its data to a model that knows when it sees no digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import onnx
from onnx import helper

from inkread.core.cell import PREPROCESS_VERSION
from inkread.ml.architecture.description import Architecture
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.evaluation.run import evaluate
from inkread.ml.graph.soften_input import soften_input
from inkread.ml.inference.calibration import best_temperature
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.retraining.preparation import Prepared, recipe_facts
from inkread.ml.synthesis.mixture import Mixture
from inkread.ml.synthesis.recipe_file import ModelRecipe, TeacherWish
from inkread.ml.training.batches import Outliers
from inkread.ml.training.distillation import TeacherEnsemble
from inkread.ml.training.losses import Distillation, SoftmaxCrossEntropy
from inkread.ml.training.progress import TrainedModel


def prepared_teacher(
    recipe: ModelRecipe, mixture: Mixture, architecture: Architecture, number: int
) -> Prepared:
    """Prepare one of the teachers that a recipe asks for: like its model, with another seed.

    Parameters
    ----------
    recipe, mixture, architecture
        As for `prepared_from`.
    number : int
        Which teacher, from 1.
    """
    epochs = recipe.teachers.epochs
    calm = min(epochs, round(recipe.calm_epochs * epochs / recipe.epochs))
    own = replace(
        recipe, title=f"{recipe.title}, teacher {number}", seed=recipe.seed + number,
        epochs=epochs, calm_epochs=calm, teachers=TeacherWish(),
    )  # fmt: skip
    return prepared_from(own, mixture, architecture)


def is_teacher(classifier: OnnxClassifier, prepared: Prepared) -> bool:
    """Whether a model says of itself that it has come from this very run."""
    known = classifier.info
    return (known.name, known.recipe) == (prepared.info.name, prepared.info.recipe)


def prepared_from(
    recipe: ModelRecipe,
    mixture: Mixture,
    architecture: Architecture,
    teachers: Sequence[OnnxClassifier] = (),
) -> Prepared:
    """Prepare the training run that a recipe describes.

    Parameters
    ----------
    recipe : ModelRecipe
        Says how.
    mixture : Mixture
        Its data.
    architecture : Architecture
        Its network.
    teachers : sequence of OnnxClassifier
        As many as it asks for.
    """
    how = replace(
        architecture.recipe,
        epochs=recipe.epochs,
        batch=recipe.batch,
        rate=recipe.rate,
        augment=recipe.augment,
        calm=recipe.augment.scaled(recipe.calm),
        calm_epochs=recipe.calm_epochs,
        keeps_last=True,
        seed=recipe.seed,
    )
    if teachers:
        assert isinstance(how.loss, SoftmaxCrossEntropy), "only that can be taught"
        how = replace(how, loss=Distillation(how.loss, recipe.teachers.share))
    info = ModelInfo(
        labels=recipe.labels,
        preprocess_version=PREPROCESS_VERSION,
        name=recipe.title,
        data=(*mixture.digits.sources, recipe.letters.file),
        licence=recipe.licence,
        recipe={
            "start": recipe.network,
            **recipe_facts(how),
            "others": len(mixture.others),
            "teachers": len(teachers),
        },
    )
    network = architecture.model(len(recipe.labels), recipe.seed)
    others = Outliers(mixture.others, recipe.others.weight)
    teacher = TeacherEnsemble(teachers) if teachers else None
    return Prepared(network, mixture.digits, mixture.choice, how, info, others, teacher)


def fitted(model: TrainedModel, digits: Dataset, refused: float) -> TrainedModel:
    """Fit a trained model to cells as they come, and tell it how sure it may be.

    Its first layer is softened (`soften_input.py`); then the temperature is found anew, and from
    which probability on it may be believed.

    Parameters
    ----------
    model : TrainedModel
        Of digits.
    digits : Dataset
        Digits that it was not trained on, in the order of its classes; at least one.
    refused : float
        The share of them that the threshold refuses, 0 to 1.

    Returns
    -------
    TrainedModel
        The same, with its accuracy, its calibration error and the threshold in what it says of
        itself.
    """
    proto = soften_input(onnx.load_from_string(model.data))
    plain = OnnxClassifier(proto.SerializeToString(), "the trained model")
    logits = plain.logits(digits.cells[:, np.newaxis].astype(np.float32) / np.float32(255))
    calibrated = replace(plain.info, temperature=best_temperature(logits, digits.targets))
    found = evaluate(OnnxClassifier(_saying(proto, calibrated), "the trained model"), digits)
    threshold = float(np.quantile(found.confidences, refused, method="lower"))
    scores = {"validation_accuracy": found.accuracy, "calibration_error": found.ece}
    info = replace(
        calibrated, rejection_threshold=threshold, scores={**calibrated.scores, **scores}
    )
    return replace(model, data=_saying(proto, info))


def _saying(proto: onnx.ModelProto, info: ModelInfo) -> bytes:
    helper.set_model_props(proto, info.to_metadata())
    data: bytes = proto.SerializeToString()
    return data
