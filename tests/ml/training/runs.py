"""A short training run."""

from __future__ import annotations

from inkread.ml.datasets.dataset import Dataset
from inkread.ml.training.optimisers import Adam
from inkread.ml.training.progress import Progress, TrainedModel
from inkread.ml.training.recipe import Recipe
from inkread.ml.training.trainer import Trainer
from tests.ml.bars import bars, network

RECIPE = Recipe(epochs=4, batch=16, rate=0.05, optimiser=Adam(), average=0.9, seed=5)


def train(
    recipe: Recipe = RECIPE, data: Dataset | None = None, held_out: Dataset | None = None
) -> tuple[list[Progress], TrainedModel]:
    trainer = Trainer(network(), data or bars(300), held_out, recipe, threads=1)
    run = trainer.run()
    reports = []
    while True:
        try:
            reports.append(next(run))
        except StopIteration as stop:
            assert stop.value == trainer.best
            return reports, stop.value
