"""``inkread learn`` at work: samples and a model in, a verdict and perhaps a model out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from inkread.cli.common.library import gate_of
from inkread.cli.common.load_data import loaded, samples_in
from inkread.cli.common.printing import write_json, write_lines
from inkread.cli.common.progress_bars import bar, followed
from inkread.cli.common.save_model import Place, library_checked
from inkread.cli.common.streams import report
from inkread.cli.train.run import Start, start_of
from inkread.core.encoding import decoded
from inkread.core.errors import LibraryFailed, SaveFailed
from inkread.core.files import write_file
from inkread.data.models.card import Card, proper_name
from inkread.data.models.library import Kept, ModelLibrary
from inkread.data.paths import home
from inkread.data.samples.sample import Sample
from inkread.data.samples.store import SampleStore
from inkread.ml.adaptation.examples import example_of
from inkread.ml.adaptation.learn import adapt
from inkread.ml.adaptation.verdict import AdaptationProgress, Reason, Score, Verdict
from inkread.ml.datasets.dataset import Purpose
from inkread.ml.datasets.load import STARTER
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.retraining.run import CurrentModel

DONE, FAILED = 0, 1
T = TypeVar("T")
_WORDS = {
    Reason.BETTER: "taken: it reads more of your samples, and has forgotten nothing to speak of",
    Reason.NOT_WORSE: "taken: it reads your samples as well, and has forgotten nothing to speak of",
    Reason.OWN_WORSE: "not taken: it would read your samples worse; the old model stays",
    Reason.KNOWN: "nothing new: the model in use has learned these samples already",
    Reason.FORGETS: "not taken: it would forget too much of the reference set; the old model stays",
}
_NOT_KEPT = "not taken: it is good enough, but could not be kept; the old model stays"


def run(args: argparse.Namespace) -> int:
    """Run the command.

    Returns
    -------
    int
        Exit status: 0 if there is a verdict, whatever it is; 1 if the accepted model could not be
        saved.

    Raises
    ------
    InkreadError
        If the arguments or the data cannot be used.
    """
    library = library_checked(args.out, args.home)
    start = start_of(args.start, library, gate_of(library))
    samples = [example_of(sample) for sample in _samples(args)]
    reference = loaded([STARTER], args.home, Purpose.TRAINING)
    current = CurrentModel(start.data, start.title, start.lineage)
    verdict = followed(adapt(current, samples, reference), lambda step: step.phase, _bar)
    place = _kept(verdict, start, library, args.out)
    _write_report(verdict, start, place, args.json)
    return FAILED if place.failed else DONE


def _samples(args: argparse.Namespace) -> Sequence[Sample]:
    if args.samples is None:
        store = SampleStore.of(home(args.home), report=lambda notice: report(str(notice)))
        return store.samples()
    found = samples_in(args.samples)
    for error in found.errors:
        report(str(error))
    return found.samples


def _bar(step: AdaptationProgress) -> Any:
    return bar(step.total, desc=step.phase.value)


def _kept(verdict: Verdict, start: Start, library: ModelLibrary, out: str | None) -> Place:
    """Write the model to `out`, or to the library, and use it from now on."""
    if verdict.model is None:
        return Place()
    try:
        if out is not None:
            write_file(out, verdict.model)
            return Place(out)
        kept = library.keep(verdict.model, card(verdict, start), instead_of=start.in_use)
        return Place(str(kept.path), kept, instead=_instead(kept, library))
    except (SaveFailed, LibraryFailed) as error:
        report(str(error))
        return Place(failed=True)


def _instead(kept: Kept, library: ModelLibrary) -> str:
    """The model that came into use meanwhile and stays in use; empty: none."""
    in_use = library.current()
    return "" if in_use.id == kept.id else in_use.card.name


def card(verdict: Verdict, start: Start) -> Card:
    """The card of a model that has learned a hand."""
    assert verdict.model is not None
    info = OnnxClassifier(verdict.model, start.name).info
    return Card(
        name=proper_name(info.name) or "my hand",
        source="trained",
        before=verdict.before,
        after=verdict.after,
        data=info.data,
        recipe=dict(info.recipe),
        parents=info.parents,
    )


def _write_report(verdict: Verdict, start: Start, place: Place, as_json: bool) -> None:
    if as_json:
        write_json(_object(verdict, place))
    else:
        write_lines(_lines(verdict, start, place))


def _lines(verdict: Verdict, start: Start, place: Place) -> Iterator[str]:
    if verdict.reason is Reason.KNOWN:
        yield f"{start.name}: {_WORDS[verdict.reason]}"
        return
    yield f"{start.name}: {verdict.samples} sample{'s' * (verdict.samples != 1)} learned"
    if verdict.new_labels:
        yield f"new classes: {', '.join(verdict.new_labels)}"
    yield f"your samples   before {_told(verdict.own_before)}, after {_told(verdict.own_after)}"
    yield (
        f"reference set  before {_told(verdict.reference_before)}, "
        f"after {_told(verdict.reference_after)}"
    )
    yield _NOT_KEPT if place.failed else _WORDS[verdict.reason]
    if place.kept is not None and place.instead:
        yield f"{place.instead} came into use meanwhile and stays; {place.kept.card.name} is kept"
        yield f'"inkread models use {place.kept.id}" reads with it'
    elif place.kept is not None:
        yield f'{place.kept.card.name} is in use; "inkread models revert" goes back'
    elif place.file:
        yield f"the model is in {place.file}"


def _told(score: Score) -> str:
    return f"{score.right} of {score.count} right ({100 * score.accuracy:.2f} %)"


def _object(verdict: Verdict, place: Place) -> dict[str, object]:
    return {
        "taken": verdict.is_accepted and not place.failed,
        "reason": verdict.reason.value,
        "samples": verdict.samples,
        "new_labels": verdict.new_labels,
        "labels": verdict.labels,
        "own": _pair(verdict.own_before, verdict.own_after),
        "reference": _pair(verdict.reference_before, verdict.reference_after),
        "id": None if place.kept is None else place.kept.id,
        "in_use": place.kept is not None and not place.instead,
        "file": decoded(place.file) or None,
    }


def _pair(before: Score, after: Score) -> dict[str, object]:
    return {
        "count": before.count,
        "before": before.accuracy,
        "after": after.accuracy,
    }
