"""``inkread samples`` at work."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence

from inkread.cli.common.load_data import samples_in
from inkread.cli.common.printing import write_json, write_lines, write_table
from inkread.cli.common.streams import report
from inkread.core.encoding import decoded
from inkread.core.errors import InkreadError
from inkread.core.labels import normalise_label
from inkread.data.paths import home
from inkread.data.samples.export import ExportFormat, export, format_of
from inkread.data.samples.importing import ImportResult, read_sample_file
from inkread.data.samples.sample import Sample, StoredSample
from inkread.data.samples.store import AddedSamples, SampleStore

DONE, FAILED, WRONG_USAGE = 0, 1, 2
#: At most this many files that could not be used, or have another label, are named.
_MAX_NAMED = 10


def run(action: str, args: argparse.Namespace) -> int:
    """Run the command.

    Returns
    -------
    int
        Exit status: 0 if all was done, 1 if some files could not be used or nothing can be saved.

    Raises
    ------
    InkreadError
        If the arguments cannot be used.
    """
    store = SampleStore.of(home(args.home), report=lambda notice: report(str(notice)))
    return _ACTIONS[action](store, args)


def _list(store: SampleStore, args: argparse.Namespace) -> int:
    samples = store.samples(args.label, cells_only=not args.json)  # JSON counts the strokes
    if not samples:
        report(_nothing(args.label))
    if args.json:
        write_json([_object(sample) for sample in samples])
    else:
        write_table([_row(sample) for sample in samples])
    return DONE


def _add(store: SampleStore, args: argparse.Namespace) -> int:
    samples, errors = _read_all(args.files, lambda path: read_sample_file(path, args.label))
    return _kept(AddedSamples(tuple(store.add_many(samples)), 0, ()), errors)


def _import(store: SampleStore, args: argparse.Namespace) -> int:
    samples, errors = _read_all(args.paths, samples_in)
    return _kept(store.add_new(samples), errors)


def _read_all(
    paths: Sequence[str], read: Callable[[str], ImportResult]
) -> tuple[list[Sample], list[InkreadError]]:
    samples: list[Sample] = []
    errors: list[InkreadError] = []
    for path in paths:
        try:
            found = read(path)
            samples += found.samples
            errors += found.errors
        except InkreadError as error:
            errors.append(error)
    return samples, errors


def _kept(taken: AddedSamples, errors: Sequence[InkreadError]) -> int:
    _tell_some([str(error) for error in errors], "could not be used")
    others = [
        f"sample {one.id} is a {one.label} here, not a {one.claimed}, and stays so; "
        "relabel it if that is wrong."
        for one in taken.disagreements
    ]
    _tell_some(others, "have another label here")
    known = f"; {_counted(taken.known)} there already" if taken.known else ""
    write_lines([f"{_counted(len(taken.ids))} kept{known}."])
    return FAILED if errors else DONE


def _tell_some(sentences: Sequence[str], what: str) -> None:
    for sentence in sentences[:_MAX_NAMED]:
        report(sentence)
    if len(sentences) > _MAX_NAMED:
        report(f"{len(sentences)} {what} in all.")


def _relabel(store: SampleStore, args: argparse.Namespace) -> int:
    ids = set(args.ids)
    store.relabel(sorted(ids), args.label)
    write_lines([f"{_counted(len(ids))} labelled {normalise_label(args.label)} now."])
    return DONE


def _delete(store: SampleStore, args: argparse.Namespace) -> int:
    ids = set(args.ids)
    store.delete(sorted(ids))
    write_lines(
        [f'{_counted(len(ids))} deleted; "inkread samples undo" brings back what was deleted.']
    )
    return DONE


def _undo(store: SampleStore, _: argparse.Namespace) -> int:
    undone = store.undo()
    what = {
        "add": "no longer kept",
        "relabel": "labelled as before",
        "delete": "there again",
    }
    write_lines([f"{_counted(len(undone.ids))} {what[undone.action]}."])
    return DONE


def _export(store: SampleStore, args: argparse.Namespace) -> int:
    form = ExportFormat(args.form) if args.form else format_of(args.file)
    samples = store.samples(args.label, cells_only=form is ExportFormat.NPZ)
    if not samples:
        report(_nothing(args.label))
        return WRONG_USAGE
    done = export(samples, args.file, form)
    write_lines([f"{_counted(done.count)} written to {args.file}."])
    if done.omitted:
        report(f"{_counted(done.omitted)} left out, because no ink is known of them.")
    return DONE


_ACTIONS: Mapping[str, Callable[[SampleStore, argparse.Namespace], int]] = {
    "list": _list,
    "add": _add,
    "relabel": _relabel,
    "delete": _delete,
    "undo": _undo,
    "export": _export,
    "import": _import,
}


def _nothing(label: str | None) -> str:
    """There are no samples, of that label or at all."""
    if label is not None:
        return f"no sample is labelled {label}."
    return 'there are no samples yet; teach some in the window, or with "inkread samples add".'


def _counted(count: int) -> str:
    return "1 sample is" if count == 1 else f"{count} samples are"


def _row(sample: StoredSample) -> list[str]:
    guess = ""
    if sample.guess is not None and sample.probability is not None:
        guess = f"read as {sample.guess} ({100 * sample.probability:.1f} %)"
    facts = [str(sample.id), sample.label, sample.kind.value, sample.origin.value]
    return [*facts, sample.time[:10], sample.source, guess]


def _object(sample: StoredSample) -> dict[str, object]:
    return {
        "id": sample.id,
        "label": sample.label,
        "kind": sample.kind.value,
        "origin": sample.origin.value,
        "source": decoded(sample.source),
        "time": sample.time,
        "model": sample.model or None,
        "guess": sample.guess,
        "probability": sample.probability,
        "strokes": None if sample.ink is None else len(sample.ink.strokes),
    }
