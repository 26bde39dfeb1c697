"""Train a model from a recipe, and calibrate it to reject what is not a digit."""

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
from inkread.ml.synthesis.recipe_file import ModelRecipe, TeacherOptions
from inkread.ml.training.batches import Outliers, TeacherEnsemble
from inkread.ml.training.losses import Distillation, SoftmaxCrossEntropy
from inkread.ml.training.progress import TrainedModel


def prepare_teacher(
    recipe: ModelRecipe, mixture: Mixture, architecture: Architecture, index: int
) -> Prepared:
    """Prepare the run of one teacher of a recipe: like its model, with another seed.

    Parameters
    ----------
    recipe, mixture, architecture
        As for `prepare_from_recipe`.
    index : int
        Of the teacher, counted from 1.
    """
    epochs = recipe.teachers.epochs
    calm = min(epochs, round(recipe.calm_epochs * epochs / recipe.epochs))
    own = replace(
        recipe, title=f"{recipe.title}, teacher {index}", seed=recipe.seed + index,
        epochs=epochs, calm_epochs=calm, teachers=TeacherOptions(),
    )  # fmt: skip
    return prepare_from_recipe(own, mixture, architecture)


def is_teacher(classifier: OnnxClassifier, prepared: Prepared) -> bool:
    """Whether the metadata of a model show that it came from this run."""
    info = classifier.info
    return (info.name, info.recipe) == (prepared.info.name, prepared.info.recipe)


def prepare_from_recipe(
    recipe: ModelRecipe,
    mixture: Mixture,
    architecture: Architecture,
    teachers: Sequence[OnnxClassifier] = (),
) -> Prepared:
    """Prepare the training run that a recipe describes.

    Parameters
    ----------
    recipe : ModelRecipe
        The recipe.
    mixture : Mixture
        Its data.
    architecture : Architecture
        Its network.
    teachers : sequence of OnnxClassifier
        As many as the recipe demands.
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
        assert isinstance(how.loss, SoftmaxCrossEntropy), "distillation needs cross-entropy"
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
            "others": len(mixture.non_digits),
            "teachers": len(teachers),
        },
    )
    network = architecture.model(len(recipe.labels), recipe.seed)
    outliers = Outliers(mixture.non_digits, recipe.others.weight)
    teacher = TeacherEnsemble(teachers) if teachers else None
    return Prepared(network, mixture.digits, mixture.validation, how, info, outliers, teacher)


def calibrate(model: TrainedModel, digits: Dataset, refused: float) -> TrainedModel:
    """Adapt a trained model to unaugmented cells, and calibrate it.

    Its first layer is softened (`inkread.ml.graph.soften_input`); then temperature and rejection
    threshold are fitted.

    Parameters
    ----------
    model : TrainedModel
        A classifier of digits.
    digits : Dataset
        Digits that it was not trained on, in the order of its classes; at least one.
    refused : float
        Share of them below the threshold, 0 to 1.

    Returns
    -------
    TrainedModel
        The same with accuracy, calibration error and threshold in its metadata.
    """
    proto = soften_input(onnx.load_from_string(model.data))
    plain = OnnxClassifier(proto.SerializeToString(), "the trained model")
    logits = plain.logits(digits.cells[:, np.newaxis].astype(np.float32) / np.float32(255))
    calibrated = replace(plain.info, temperature=best_temperature(logits, digits.targets))
    found = evaluate(OnnxClassifier(_with_metadata(proto, calibrated), "the trained model"), digits)
    threshold = float(np.quantile(found.confidences, refused, method="lower"))
    scores = {"validation_accuracy": found.accuracy, "calibration_error": found.ece}
    info = replace(
        calibrated, rejection_threshold=threshold, scores={**calibrated.scores, **scores}
    )
    return replace(model, data=_with_metadata(proto, info))


def _with_metadata(proto: onnx.ModelProto, info: ModelInfo) -> bytes:
    helper.set_model_props(proto, info.to_metadata())
    data: bytes = proto.SerializeToString()
    return data
