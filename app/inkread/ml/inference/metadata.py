"""Metadata of a model, in the ``metadata_props`` of its ONNX file.

======================== ===================================================================
key                      value
======================== ===================================================================
``preprocess_version``   version of the preprocessing it was trained with, an integer; marks a
                         model of this program: without it only ``labels`` is used
``labels``               JSON list of distinct texts, in the order of the outputs
``kind``                 what it reads: ``cells`` (single digits) or ``lines``; absent: ``cells``
``name``                 text
``temperature``          0.01 to 100: the logits are divided by it (Guo et al. 2017); absent: not
                         calibrated
``rejection_threshold``  0 to 1: less probable answers are "not one of the labels"; 0: none is known
``scores``               JSON object: name of a measure -> number
``data``                 JSON list of texts: what it was trained on
``licence``              text
``parents``              JSON list of texts: the models it was made from, the nearest first
``recipe``               JSON object: how it was trained, name -> text, number or truth value
======================== ===================================================================
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from inkread.core.errors import ModelUnusable
from inkread.core.labels import composed

MAX_LABEL_LENGTH = 64
#: Kinds of models: those of single digits, and those of whole lines.
CELLS, LINES = "cells", "lines"
#: Types of a recipe's values.
Fact = str | int | float | bool
_FACTS = (str, int, float, bool)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Metadata of a model.

    Attributes
    ----------
    labels : tuple of str
        The classes in the order of the outputs; empty if unknown.
    preprocess_version : int or None
        Version of its preprocessing; None for other people's models.
    name : str
        For people.
    temperature : float or None
        Divides the logits, 0.01 to 100; None if not calibrated.
    rejection_threshold : float
        0 to 1; 0 if none is known: nothing is rejected.
    scores : mapping of str to float
        Measured at training time, such as ``{"mnist_accuracy": 0.99}``.
    data, parents : tuple of str
        Its training data; the models it was made from, the nearest first.
    licence : str
        Terms of the weights.
    recipe : mapping of str to str, int, float or bool
        How it was trained: epochs, batch, rate, seed and the like.
    kind : str
        What it reads: `CELLS` or `LINES`.
    """

    labels: tuple[str, ...] = ()
    preprocess_version: int | None = None
    name: str = ""
    temperature: float | None = None
    rejection_threshold: float = 0.0
    scores: Mapping[str, float] = field(default_factory=dict, hash=False)
    data: tuple[str, ...] = ()
    licence: str = ""
    parents: tuple[str, ...] = ()
    recipe: Mapping[str, Fact] = field(default_factory=dict, hash=False)
    kind: str = CELLS

    def __post_init__(self) -> None:
        """Reject impossible values; keep private copies of the mappings.

        Raises
        ------
        ValueError
            With the reason in words.
        """
        for mapping in ("scores", "recipe"):
            object.__setattr__(self, mapping, MappingProxyType(dict(getattr(self, mapping))))
        if self.kind not in (CELLS, LINES):
            raise ValueError("it is of a kind that this program does not know")
        object.__setattr__(self, "labels", _composed(self.labels))
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("its labels are not distinct")
        if not all(0 < len(label) <= MAX_LABEL_LENGTH for label in self.labels):
            raise ValueError(f"its labels are not 1 to {MAX_LABEL_LENGTH} characters long")
        if self.temperature is not None and not 0.01 <= self.temperature <= 100:
            raise ValueError("its temperature is not between 0.01 and 100")
        if not 0 <= self.rejection_threshold <= 1:
            raise ValueError("its rejection threshold is not between 0 and 1")
        if not all(math.isfinite(score) for score in self.scores.values()):
            raise ValueError("its scores are not numbers")
        if not all(math.isfinite(v) for v in self.recipe.values() if isinstance(v, float)):
            raise ValueError("its recipe is not made of finite numbers")

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str], name: str) -> ModelInfo:
        """Parse the metadata of an untrusted file.

        Parameters
        ----------
        metadata : mapping of str to str
            As in the file.
        name : str
            Name of the model in error messages.

        Raises
        ------
        ModelUnusable
            If a value cannot be understood.
        """
        try:
            return cls._parsed(metadata)
        except (ValueError, OverflowError, RecursionError) as error:
            raise ModelUnusable(name=name, reason=_reason(error)) from error

    @classmethod
    def _parsed(cls, metadata: Mapping[str, str]) -> ModelInfo:
        labels = _texts(metadata, "labels")
        kind = metadata.get("kind", CELLS)
        if "preprocess_version" not in metadata:
            return cls(labels, kind=kind)
        return cls(
            labels=labels,
            preprocess_version=_whole_number(metadata, "preprocess_version"),
            name=metadata.get("name", ""),
            temperature=_number(metadata, "temperature"),
            rejection_threshold=_number(metadata, "rejection_threshold") or 0.0,
            scores=_scores(metadata),
            data=_texts(metadata, "data"),
            licence=metadata.get("licence", ""),
            parents=_texts(metadata, "parents"),
            recipe=_recipe(metadata),
            kind=kind,
        )

    def to_metadata(self) -> dict[str, str]:
        """Convert to texts for ``metadata_props``; `from_metadata` restores an equal object."""
        kind = {} if self.kind == CELLS else {"kind": self.kind}
        if self.preprocess_version is None:
            return kind | ({"labels": json.dumps(self.labels)} if self.labels else {})
        calibration = (
            {} if self.temperature is None else {"temperature": repr(float(self.temperature))}
        )
        return (
            kind
            | calibration
            | {
                "preprocess_version": str(self.preprocess_version),
                "labels": json.dumps(self.labels),
                "name": self.name,
                "rejection_threshold": repr(float(self.rejection_threshold)),
                "scores": json.dumps(dict(self.scores)),
                "data": json.dumps(self.data),
                "licence": self.licence,
                "parents": json.dumps(self.parents),
                "recipe": json.dumps(dict(self.recipe)),
            }
        )


def _composed(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Each in one form, unless two would be one or too long: such models came before."""
    found = tuple(map(composed, labels))
    is_sound = len(set(found)) == len(found) and all(len(one) <= MAX_LABEL_LENGTH for one in found)
    return found if is_sound else labels


class _Unreadable(ValueError):
    """A value of the metadata has the wrong type."""


def _reason(error: Exception) -> str:
    # Messages of json's and float's own errors are for programmers.
    ours = type(error) in (_Unreadable, ValueError)
    return str(error) if ours else "its description of itself cannot be understood"


def _json(metadata: Mapping[str, str], key: str, empty: str) -> object:
    try:
        return json.loads(metadata.get(key, empty))
    except (ValueError, RecursionError) as error:
        raise _Unreadable(f"its {key} is not JSON") from error


def _texts(metadata: Mapping[str, str], key: str) -> tuple[str, ...]:
    value = _json(metadata, key, "[]")
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Unreadable(f"its {key} is not a JSON list of texts")
    return tuple(value)


def _scores(metadata: Mapping[str, str]) -> dict[str, float]:
    value = _json(metadata, "scores", "{}")
    if not isinstance(value, dict) or not all(type(v) in (int, float) for v in value.values()):
        raise _Unreadable("its scores is not a JSON object of numbers")
    return {key: float(score) for key, score in value.items()}


def _recipe(metadata: Mapping[str, str]) -> dict[str, Fact]:
    value = _json(metadata, "recipe", "{}")
    if not isinstance(value, dict) or not all(type(v) in _FACTS for v in value.values()):
        raise _Unreadable("its recipe is not a JSON object of texts and numbers")
    return value


def _number(metadata: Mapping[str, str], key: str) -> float | None:
    try:
        return float(metadata[key]) if key in metadata else None
    except ValueError as error:
        raise _Unreadable(f"its {key} is not a number") from error


def _whole_number(metadata: Mapping[str, str], key: str) -> int:
    try:
        return int(metadata[key])
    except ValueError as error:
        raise _Unreadable(f"its {key} is not a whole number") from error
