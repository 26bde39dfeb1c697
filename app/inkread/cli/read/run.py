"""``inkread read`` at work: pictures and ink in, text out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator, Iterable
from contextlib import closing
from itertools import groupby
from typing import BinaryIO

from tqdm import tqdm

from inkread import api
from inkread.cli.common.library import gate_of, library_of
from inkread.cli.common.progress_bars import bar
from inkread.cli.common.streams import report, standard_output
from inkread.cli.read.forms import run_forms
from inkread.cli.read.trace import Tracer
from inkread.cli.read.writers import (
    FORMATS,
    PLAIN,
    fill,
    remark,
    remark_lines_beside,
    remark_notes,
)
from inkread.core.batch.page_choice import PageChoice
from inkread.core.batch.read_files import each_result, results_of
from inkread.core.batch.result_formats import Format, Result
from inkread.core.batch.sources import STANDARD_INPUT, Source, expand
from inkread.core.batch.table_csv import csv_of_one
from inkread.core.batch.workbook import Workbook
from inkread.core.errors import FileUnusable, InputEmpty, LineModelUnusable, NothingToWrite
from inkread.core.field_types.field_type import FieldType
from inkread.core.files import MAX_FILE_BYTES, read_stream, replacing
from inkread.core.layout import Layout
from inkread.core.picture.page_part import PagePart
from inkread.core.recognition.recognise import labels_of
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.line_model import open_lines


def run(args: argparse.Namespace) -> int:
    """Read all that the paths name.

    Returns
    -------
    int
        Exit status: 0 if all was read, 1 if some was not.

    Raises
    ------
    InkreadError
        If the model, the type, the output file or the folder of the traces cannot be used.
    """
    if args.template is not None:
        return run_forms(args, lambda: _model(args), _standard_input)
    model = _model(args)
    sources = expand(args.paths, args.recursive)
    tracer = None if args.trace is None else Tracer(args.trace, len(sources))
    chosen = None if args.pages is None else PageChoice.of(args.pages)
    asked = None if args.type is None else FieldType.parse(args.type)
    if asked is not None:
        asked.check_readable(labels_of(model))
    cut = PagePart.named(args.region, args.rotate)
    with closing(_results(sources, model, args.layout, chosen, tracer, asked, cut)) as results:
        if args.xlsx is not None:
            book = Workbook(args.is_of_one, args.table)
            return _write_book(book, results, args.xlsx, len(sources))
        with standard_output() if args.out is None else replacing(args.out) as stream:
            failed = write_all(results, _format(args), stream, len(sources))
    return 1 if failed else 0


def _write_book(book: Workbook, results: Iterable[Result], path: str, count: int) -> int:
    """Write a workbook of what was read; the exit status. Of nothing there is none."""
    try:
        with replacing(path) as stream:
            failed = fill(book, results, count)
            if book.is_empty:
                raise NothingToWrite(name=path)
            stream.write(book.encoded())
    except NothingToWrite as error:
        report(str(error))
        return 1
    return 1 if failed else 0


def _format(args: argparse.Namespace) -> Format:
    """The tables of one picture, or a row for each file."""
    if args.is_of_one and args.format in {"csv", "raw csv"}:
        return csv_of_one(args.table, args.format == "raw csv")
    return FORMATS[args.format]


def _model(args: argparse.Namespace) -> OnnxClassifier:
    """The model of ``--model``, or else the one in use."""
    library = library_of(args.home)
    gate = gate_of(library)
    if args.model is not None:
        return _with_lines(gate.open_file(args.model))
    opened = library.open_current(gate.open)
    for error in opened.passed_over:
        report(str(error))
    return _with_lines(opened.model)


def _with_lines(model: OnnxClassifier) -> OnnxClassifier:
    """The model, with the line network beside it; without one, a remark says so."""
    try:
        model.lines = open_lines(bundled(api.SHIPPED_LINES))
    except LineModelUnusable as error:
        report(str(error))
    return model


def _results(
    sources: Iterable[Source],
    model: OnnxClassifier,
    layout: str,
    chosen: PageChoice | None,
    tracer: Tracer | None,
    asked: FieldType | None,
    cut: PagePart,
) -> Generator[Result, None, None]:
    """Standard input is read when its turn comes."""
    for is_input, some in groupby(sources, lambda source: source.name == STANDARD_INPUT):
        if is_input:
            for _ in some:
                yield from _results_of_input(model, Layout(layout), chosen, tracer, asked, cut)
        else:
            for result in results_of(
                list(some), model, Layout(layout), chosen=chosen, field_type=asked, cut=cut
            ):
                _trace(tracer, result)
                yield result


def _results_of_input(
    model: OnnxClassifier,
    layout: Layout,
    chosen: PageChoice | None,
    tracer: Tracer | None,
    asked: FieldType | None,
    cut: PagePart,
) -> Generator[Result, None, None]:
    data = b""

    def load() -> bytes:
        nonlocal data
        data = _standard_input()
        return data

    for result in each_result(load, STANDARD_INPUT, model, layout, chosen, asked, cut):
        _trace(tracer, result, data)
        yield result


def _trace(tracer: Tracer | None, result: Result, data: bytes | None = None) -> None:
    untraced = tracer.add(result, data) if tracer else None
    if untraced:
        report(untraced)


def write_all(results: Iterable[Result], form: Format, stream: BinaryIO, count: int) -> int:
    """Write the results as they come, flushed one by one.

    Returns
    -------
    int
        How many files and pages could not be read.
    """
    failed, before = 0, b""
    stream.write(form.head)
    with bar(count, unit=" files") as shown:
        for result in results:
            with tqdm.external_write_mode():
                stream.write(before + form.row(result))
                stream.flush()
                if form is PLAIN:
                    remark(result)
                else:
                    remark_notes(result)
                if form.has_tables_alone:
                    remark_lines_beside(result)
            before = form.separator
            failed += result.error is not None
            shown.update(result.is_last)
    stream.write(form.tail)
    return failed


def _standard_input() -> bytes:
    try:
        data = read_stream(sys.stdin.buffer, STANDARD_INPUT, MAX_FILE_BYTES)
    except (OSError, AttributeError) as error:  # closed, or none at all
        raise FileUnusable(name=STANDARD_INPUT, reason="it is closed") from error
    if not data:
        raise InputEmpty(name=STANDARD_INPUT)
    return data
