"""``inkread read``: pictures and ink in, text out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path

from tqdm import tqdm

from inkread.cli.common.library import library_of
from inkread.cli.common.progress_bars import bar
from inkread.cli.common.streams import standard_output, tell
from inkread.cli.read.writers import writer
from inkread.core.batch.read_files import open_bytes, read_content, results_of, unexpected
from inkread.core.batch.result_formats import Result, Writer
from inkread.core.batch.sources import STANDARD_INPUT, Source, expand
from inkread.core.classifier import Classifier
from inkread.core.errors import FileUnusable, InkreadError, InputEmpty
from inkread.core.files import LARGEST_FILE, read_stream, replacing
from inkread.core.layout import Layout
from inkread.core.reading import Reading
from inkread.ml.inference.classifier import OnnxClassifier


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command."""

    format: str = "plain"
    layout: str = Layout.AUTO.value
    recursive: bool = False
    model: str | None = None
    out: str | None = None
    home: Path | None = None

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Wishes:
        return cls(**{wish.name: getattr(arguments, wish.name) for wish in fields(cls)})


def run(paths: Sequence[str], args: Wishes) -> int:
    """Read everything that `paths` stand for.

    Returns
    -------
    int
        Exit status: 0 if all was read, 1 if some was not.

    Raises
    ------
    InkreadError
        If the model or the output file cannot be had at all.
    """
    classifier = _classifier(args)
    sources = expand(paths, args.recursive)
    with standard_output() if args.out is None else replacing(args.out) as stream:
        out = writer(args.format, stream)
        out.begin()
        with closing(_results(sources, classifier, Layout(args.layout))) as results:
            failed = _write_all(results, out, len(sources))
        out.end()
    return 1 if failed else 0


def _classifier(args: Wishes) -> Classifier:
    """The model that is wished, or else the one in use."""
    if args.model is not None:
        return OnnxClassifier.open(args.model)
    opened = library_of(args.home).open_current(OnnxClassifier)
    for error in opened.passed_over:
        tell(str(error))
    return opened.model


def _results(
    sources: Sequence[Source], classifier: Classifier, layout: Layout
) -> Generator[Result, None, None]:
    """Standard input is read here; files are read on all cores."""
    for is_input, some in groupby(sources, lambda source: source.name == STANDARD_INPUT):
        if is_input:
            yield from (_result_of_input(classifier, layout) for _ in some)
        else:
            yield from results_of(list(some), classifier, layout)


def _result_of_input(classifier: Classifier, layout: Layout) -> Result:
    try:
        content = open_bytes(_standard_input(), STANDARD_INPUT)
        return Result(STANDARD_INPUT, read_content(content, classifier, layout))
    except InkreadError as error:
        return Result(STANDARD_INPUT, Reading(), error)
    except Exception as error:
        return Result(STANDARD_INPUT, Reading(), unexpected(STANDARD_INPUT, error))


def _write_all(results: Iterable[Result], out: Writer, count: int) -> int:
    """Write the results as they come; returns how many files could not be read."""
    failed = 0
    with bar(count, unit=" files") as shown:
        for result in results:
            with tqdm.external_write_mode():
                out.write(result)
            failed += result.error is not None
            shown.update()
    return failed


def _standard_input() -> bytes:
    try:
        data = read_stream(sys.stdin.buffer, STANDARD_INPUT, LARGEST_FILE)
    except (OSError, AttributeError) as error:  # closed, or none at all
        raise FileUnusable(name=STANDARD_INPUT, reason="it is closed") from error
    if not data:
        raise InputEmpty(name=STANDARD_INPUT)
    return data
