"""The report of ``inkread train``, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from inkread.cli.common.printing import write_json, write_lines
from inkread.cli.common.save_model import Place
from inkread.core.encoding import decoded
from inkread.ml.retraining.preparation import Prepared
from inkread.ml.training.progress import Epoch, TrainedModel


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that has ended, perhaps early, and the place of its model."""

    prepared: Prepared
    model: TrainedModel
    place: Place
    stopped: bool

    @property
    def best(self) -> Epoch:
        return self.model.epochs[self.model.best_epoch - 1]


def epoch_line(epoch: Epoch, epochs: int) -> str:
    """One epoch, on one line."""
    return (
        f"epoch {epoch.number} of {epochs}: loss {epoch.loss:.4f}, "
        f"{_percent(epoch.accuracy)} right, held out {_percent(epoch.validation_accuracy)}, "
        f"{epoch.seconds:.1f} s"
    )


def write_report(outcome: Outcome, as_json: bool) -> None:
    """Write it to standard output."""
    if as_json:
        write_json(_object(outcome))
    else:
        write_lines(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    prepared, place = outcome.prepared, outcome.place
    held_out = len(prepared.held_out)
    yield (
        f"{', '.join(prepared.info.data)}: {len(prepared.training)} samples of "
        f"{len(prepared.info.labels)} classes learned, {held_out} held out"
    )
    yield "epoch     loss  learned  held out  seconds"
    for epoch in outcome.model.epochs:
        yield (
            f"{epoch.number:5}  {epoch.loss:7.4f}  {_percent(epoch.accuracy):>7}  "
            f"{_percent(epoch.validation_accuracy):>8}  {epoch.seconds:7.1f}"
        )
    yield from _kept(outcome)
    if place.kept is not None:
        yield f"{place.kept.card.name} is in the library, at {place.file}"
        yield f'"inkread models use {place.kept.id}" reads with it'
    elif place.file:
        yield f"the model is in {place.file}"


def _kept(outcome: Outcome) -> Iterator[str]:
    """Which epoch is kept, and how far its figure can be trusted."""
    best, early = outcome.best, ", stopped early" if outcome.stopped else ""
    if best.validation_accuracy is None:
        yield f"kept: epoch {best.number}{early}; too few samples to hold some out and measure it"
        return
    right = f"{_percent(best.validation_accuracy)} of the held-out samples are right"
    if outcome.prepared.recipe.keeps_last:
        yield f"kept: the last epoch, {best.number}{early}: {right}"
    else:
        yield f"best after epoch {best.number}{early}: {right}"
        yield (
            "these samples chose the epoch, so that is a little more than to expect of others; "
            '"inkread evaluate" measures with data that had no part in it'
        )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %"


def _object(outcome: Outcome) -> dict[str, object]:
    prepared, model, place = outcome.prepared, outcome.model, outcome.place
    return {
        "accuracy": outcome.best.validation_accuracy,
        "count": len(prepared.held_out),
        "best_epoch": model.best_epoch,
        "stopped": outcome.stopped,
        "epochs": [asdict(epoch) for epoch in model.epochs],
        "data": prepared.info.data,
        "samples": len(prepared.training),
        "skipped": [[decoded(name), reason] for name, reason in prepared.training.skipped],
        "labels": prepared.info.labels,
        "recipe": dict(prepared.info.recipe),
        "parents": prepared.info.parents,
        "id": None if place.kept is None else place.kept.id,
        "file": decoded(place.file) or None,
    }
