"""Recipes that cannot be are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ml.training.runs import RECIPE


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"batch": 0}, {"rate": 0.0}, {"clip": 0.0}, {"average": 1.0}],
    ids=str,
)
def test_recipes_that_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        replace(RECIPE, **wrong)  # type: ignore[arg-type]
