"""``inkread evaluate`` at work: a model and labelled data in, figures out."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from inkread.cli.common.library import gate_of, library_of
from inkread.cli.common.load_data import loaded
from inkread.cli.common.progress_bars import bar
from inkread.cli.common.streams import report, standard_output
from inkread.cli.evaluate.report_page import Measured, page
from inkread.core.encoding import decoded, encoded
from inkread.core.errors import LabelsForeign
from inkread.core.escapes import visible
from inkread.core.files import write_file
from inkread.core.generators import finished
from inkread.ml.datasets.dataset import Dataset, Purpose
from inkread.ml.evaluation.results import Evaluation
from inkread.ml.evaluation.run import evaluating
from inkread.ml.inference.classifier import OnnxClassifier

#: At most this many kinds of mistakes are listed in plain output.
_MAX_CONFUSED = 8
_MAX_LABELS = 10


def run(args: argparse.Namespace) -> int:
    """Run the command; returns the exit status.

    Raises
    ------
    InkreadError
        If the model or the data cannot be read, or the report cannot be written.
    """
    name, classifier = _classifier(args)
    dataset = loaded(args.data, args.home, Purpose.EVALUATION)
    _check_labels(dataset, classifier)
    measured = Measured(name, classifier, dataset, _evaluated(classifier, dataset))
    if args.report is not None:
        write_file(args.report, page(measured))
    text = f"{json.dumps(_figures(measured), indent=1)}\n" if args.json else _table(measured)
    with standard_output() as stream:
        stream.write(encoded(text))
    return 0


def _classifier(args: argparse.Namespace) -> tuple[str, OnnxClassifier]:
    """Name and classifier: the model of ``--model``, or else the one in use."""
    library = library_of(args.home)
    if args.model is not None:
        return Path(args.model).name, gate_of(library).open_file(args.model)
    opened = library.open_current(gate_of(library).open)
    for error in opened.passed_over:
        report(str(error))
    name = library.titled(opened.kept).card.name
    opened.model.rename(name)
    return name, opened.model


def _check_labels(dataset: Dataset, classifier: OnnxClassifier) -> None:
    present = [dataset.labels[i] for i in np.flatnonzero(dataset.counts)]
    if not set(present) & set(classifier.labels):
        named = ", ".join(present[:_MAX_LABELS]) + ", ..." * (len(present) > _MAX_LABELS)
        raise LabelsForeign(name=", ".join(dataset.sources), labels=named)


def _evaluated(classifier: OnnxClassifier, dataset: Dataset) -> Evaluation:
    with bar(len(dataset), unit=" samples") as shown:
        return finished(
            evaluating(classifier, dataset), lambda step: shown.update(step.done - shown.n)
        )


def _figures(measured: Measured) -> dict[str, object]:
    found = measured.evaluation
    return {
        "model": decoded(measured.model),
        "checksum": measured.classifier.checksum,
        "data": [decoded(source) for source in measured.dataset.sources],
        "count": found.count,
        "accuracy": found.accuracy,
        "ece": found.ece,
        "calibrated": measured.classifier.is_calibrated,
        "rejection_threshold": measured.classifier.rejection_threshold,
        "rejected": _rejected(measured),
        "labels": list(found.labels),
        "per_class": {
            row.label: {key: x for key, x in asdict(row).items() if key != "label"}
            for row in found.per_class()
        },
        "confusion": found.confusion.tolist(),
        "wrong": [
            {
                "sample": int(i),
                "label": found.labels[found.targets[i]],
                "answer": found.labels[found.answers[i]],
                "confidence": float(found.confidences[i]),
            }
            for i in found.wrong
        ],
        "skipped": [
            {"name": decoded(name), "reason": decoded(reason)}
            for name, reason in measured.dataset.skipped
        ],
    }


def _table(measured: Measured) -> str:
    return "".join(f"{visible(line)}\n" for line in _lines(measured))


def _lines(measured: Measured) -> Iterator[str]:
    found = measured.evaluation
    wide = max(5, *(len(label) for label in found.labels))
    yield f"{measured.model} on {', '.join(measured.dataset.sources)}: {found.count} samples"
    yield f"accuracy {100 * found.accuracy:.2f} %, {len(found.wrong)} wrong"
    calibrated = "" if measured.classifier.is_calibrated else " (the model is not calibrated)"
    yield f"expected calibration error {100 * found.ece:.2f} %{calibrated}"
    threshold = measured.classifier.rejection_threshold
    if threshold is not None:
        share = _rejected(measured) / found.count
        yield f"rejected below {100 * threshold:.2f} %: {100 * share:.2f} % of the samples"
    yield ""
    yield f"{'class':{wide}}  samples  precision    recall        F1"
    for row in found.per_class():
        shares = (f"{100 * share:6.2f} %" for share in (row.precision, row.recall, row.f1))
        yield f"{row.label:{wide}}  {row.count:7}   {'  '.join(shares)}"
    if mistakes := _mistakes(found):
        yield ""
        yield f"most often: {', '.join(mistakes)}"


def _rejected(measured: Measured) -> int:
    """Count of the samples that the model rejects."""
    threshold = measured.classifier.rejection_threshold or 0.0
    return int(np.count_nonzero(measured.evaluation.confidences < threshold))


def _mistakes(found: Evaluation) -> list[str]:
    """The most frequent ones, as "4 read as 9 (6)"."""
    counts = found.confusion
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[:_MAX_CONFUSED]
    pairs = [(int(i) // len(counts), int(i) % len(counts)) for i in order]
    return [
        f"{found.labels[i]} read as {found.labels[j]} ({counts[i, j]})"
        for i, j in pairs
        if counts[i, j]
    ]
