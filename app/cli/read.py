"""``inkread read``: pictures and ink in, text out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from tqdm import tqdm

from app.cli.bars import bar
from app.cli.sources import STANDARD_INPUT, Source, expand
from app.cli.streams import standard_output, tell
from app.cli.writers import writer
from app.core.errors import FileUnusable, InkreadError, InputEmpty, ReadingFailed
from app.core.files import LARGEST_FILE, read_file, read_stream, replacing
from app.core.image import open_page
from app.core.inkml import is_inkml, read_inkml
from app.core.reading import Reading
from app.core.recognise import Classifier, read_ink, read_page
from app.core.results import Result, Writer
from app.data.models import ModelLibrary
from app.data.paths import home
from app.ml.classifier import OnnxClassifier


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command."""

    format: str = "plain"
    recursive: bool = False
    model: str | None = None
    out: str | None = None
    home: Path | None = None

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Wishes:
        return cls(**{wish.name: getattr(arguments, wish.name) for wish in fields(cls)})


def run(paths: Sequence[str], wishes: Wishes) -> int:
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
    classifier = _classifier(wishes)
    sources = expand(paths, wishes.recursive)
    with standard_output() if wishes.out is None else replacing(wishes.out) as stream:
        out = writer(wishes.format, stream)
        out.begin()
        failed = _write_all(_results(sources, classifier), out, len(sources))
        out.end()
    return 1 if failed else 0


def _classifier(wishes: Wishes) -> Classifier:
    """The model that is wished, or else the one in use."""
    if wishes.model is not None:
        return OnnxClassifier.open(wishes.model)
    opened = ModelLibrary.of(home(wishes.home)).open_current(OnnxClassifier)
    for error in opened.passed_over:
        tell(str(error))
    return opened.model


def _results(sources: Iterable[Source], classifier: Classifier) -> Iterator[Result]:
    for source in sources:
        try:
            if source.error is not None:
                raise source.error
            yield Result(source.name, read_source(source.name, classifier))
        except InkreadError as error:
            yield Result(source.name, Reading(), error)
        except Exception as error:  # one bad file, whatever it does, does not stop the others
            reason = f"{type(error).__name__}: {error}"
            yield Result(source.name, Reading(), ReadingFailed(name=source.name, reason=reason))


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


def read_source(name: str, classifier: Classifier) -> Reading:
    """Read one file, or standard input for ``-``: its content tells ink from picture.

    Raises
    ------
    InkreadError
        Whatever is wrong with it.
    """
    data = _standard_input() if name == STANDARD_INPUT else read_file(name, LARGEST_FILE)
    if is_inkml(data):
        drawings = read_inkml(data, name)
        return joined(read_ink(drawing.ink, classifier) for drawing in drawings)
    return read_page(open_page(data, name), classifier)


def joined(readings: Iterable[Reading]) -> Reading:
    """One reading of several, one below the other."""
    glyphs, lines, is_calibrated = [], 0, True
    for reading in readings:
        glyphs += [replace(glyph, line=glyph.line + lines) for glyph in reading.glyphs]
        lines += len(reading.lines)
        is_calibrated &= reading.is_calibrated
    return Reading(tuple(glyphs), is_calibrated)


def _standard_input() -> bytes:
    try:
        data = read_stream(sys.stdin.buffer, STANDARD_INPUT, LARGEST_FILE)
    except (OSError, AttributeError) as error:  # closed, or none at all
        raise FileUnusable(name=STANDARD_INPUT, reason="it is closed") from error
    if not data:
        raise InputEmpty(name=STANDARD_INPUT)
    return data
