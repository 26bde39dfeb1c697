"""``inkread read --template``: scans of a form in, a table of its fields out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from functools import partial
from itertools import groupby

from tqdm import tqdm

from inkread.cli.common.progress_bars import bar
from inkread.cli.common.streams import report, standard_output
from inkread.core.batch.form_results import (
    FormResult,
    columns_of,
    each_form,
    form_csv_row,
    form_json_row,
    form_results_of,
    load_template,
)
from inkread.core.batch.form_workbook import form_workbook
from inkread.core.batch.page_choice import PageChoice
from inkread.core.batch.result_formats import csv_line
from inkread.core.batch.sources import STANDARD_INPUT, Source, expand
from inkread.core.classifier import Classifier
from inkread.core.encoding import encoded
from inkread.core.escapes import one_line
from inkread.core.files import replacing
from inkread.core.forms.template import Template


def run_forms(
    args: argparse.Namespace, model: Callable[[], Classifier], standard_input: Callable[[], bytes]
) -> int:
    """Read the forms that the paths name.

    Parameters
    ----------
    args : Namespace
        Those of ``inkread read``.
    model : callable
        Opens the model; the template is read first.
    standard_input : callable
        Reads standard input.

    Returns
    -------
    int
        Exit status: 0 if all was read, 1 if some was not.

    Raises
    ------
    InkreadError
        If the template, the model or the output file cannot be used.
    """
    template = load_template(args.template)
    chosen = None if args.pages is None else PageChoice.of(args.pages)
    sources = expand(args.paths, args.recursive)
    results = _results(sources, template, model(), chosen, standard_input)
    path = args.out if args.xlsx is None else args.xlsx
    failed, before, kept = 0, b"", list[FormResult]()
    head, row, separator, tail = _format(args.format, template)
    with (
        standard_output() if path is None else replacing(path) as stream,
        closing(results),
        bar(len(sources), unit=" files") as shown,
    ):
        if args.xlsx is None:
            stream.write(head)
        for result in results:
            with tqdm.external_write_mode():
                if args.xlsx is None:
                    stream.write(before + row(result))
                    stream.flush()
                else:
                    kept.append(result)
                _remark(result)
            before = separator
            failed += result.error is not None
            shown.update(result.is_last)
        stream.write(tail if args.xlsx is None else form_workbook(kept, template))
    return 1 if failed else 0


def _format(
    name: str, template: Template
) -> tuple[bytes, Callable[[FormResult], bytes], bytes, bytes]:
    """What stands before all rows, each row, and what stands between and behind them."""
    if name == "json":
        return b"[", form_json_row, b",", b"\n]\n"
    if name == "plain":
        return b"", _plain_row, b"", b""
    is_raw = name == "raw csv"
    head = csv_line(*columns_of(template), raw=is_raw)
    return head, partial(form_csv_row, template=template, raw=is_raw), b"", b""


def _plain_row(result: FormResult) -> bytes:
    """``path<TAB>name<TAB>text``, a line for each field."""
    fields = result.reading.fields if result.reading else ()
    rows = (
        f"{one_line(result.title)}\t{one_line(field.name)}\t{one_line(field.text)}\n"
        for field in fields
    )
    return encoded("".join(rows))


def _remark(result: FormResult) -> None:
    """Report on standard error what was not read, or is doubtful."""
    if result.error is not None:
        report(str(result.error))
        return
    doubtful = result.reading.doubtful if result.reading else ()
    if result.notes:
        report(f"{result.title}: {' '.join(result.notes)}")
    if doubtful:
        names = ", ".join(field.name for field in doubtful)
        report(f"{result.title}: doubtful: {names}.")


def _results(
    sources: Iterable[Source],
    template: Template,
    model: Classifier,
    chosen: PageChoice | None,
    standard_input: Callable[[], bytes],
) -> Generator[FormResult, None, None]:
    """Standard input is read when its turn comes."""
    for is_input, some in groupby(sources, lambda source: source.name == STANDARD_INPUT):
        if is_input:
            for _ in some:
                yield from each_form(standard_input, STANDARD_INPUT, template, model, chosen)
        else:
            yield from form_results_of(list(some), template, model, chosen=chosen)
