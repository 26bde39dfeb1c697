"""An evaluation as one self-contained HTML page: no script, no font, no network."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import cv2
import numpy as np

from inkread import __version__
from inkread.core.escapes import isolated, visible
from inkread.core.reading import Grey
from inkread.data.paths import bundled
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.evaluation.results import CalibrationBin, Evaluation
from inkread.ml.inference.classifier import OnnxClassifier

#: At most this many wrong samples are shown, the most confident first.
MAX_PICTURES = 1000
#: Maximum classes of a confusion matrix; a larger one could not be surveyed.
MAX_CLASSES = 100
_MAX_SKIPPED = 1000
_PLOT = 260


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement: the model and its name, the data, the figures."""

    model: str
    classifier: OnnxClassifier
    dataset: Dataset
    evaluation: Evaluation


def page(measured: Measured) -> bytes:
    """The whole page, UTF-8."""
    found = measured.evaluation
    sections = (
        _headline(measured),
        _classes(found),
        _confusion(found),
        _calibration(found),
        _wrong(found, measured.dataset),
        _skipped(measured.dataset),
        _about(measured),
    )
    title = f"{_text(measured.model)} on {_text(', '.join(measured.dataset.sources))}"
    style = bundled("assets/report.css").read_text("utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        "style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"{''.join(sections)}</main>\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


def _text(text: str) -> str:
    """Text that others wrote, for HTML, in attributes too: no markup, nothing hidden."""
    return escape(isolated(visible(text)))


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _headline(measured: Measured) -> str:
    found = measured.evaluation
    facts = (
        ("accuracy", _percent(found.accuracy)),
        ("samples", f"{found.count:,}"),
        ("wrong", f"{len(found.wrong):,}"),
        ("calibration error", _percent(found.ece)),
    )
    cards = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    sources = _text(", ".join(measured.dataset.sources))
    return f"<h1>{_text(measured.model)}</h1>\n<p>on {sources}</p>\n<dl class=facts>{cards}</dl>\n"


def _classes(found: Evaluation) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_text(row.label)}</th><td>{row.count:,}</td>'
        f"{_bar(row.precision)}{_bar(row.recall)}{_bar(row.f1)}</tr>\n"
        for row in found.per_class()
    )
    return (
        "<h2>Class by class</h2>\n<p>Precision: of the answers of a class, how many are right. "
        "Recall: of its samples, how many are read rightly. F1: their harmonic mean.</p>\n"
        f"{_table(_COLUMNS, rows)}\n"
    )


def _table(columns: Sequence[str], rows: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"


_COLUMNS = ("class", "samples", "precision", "recall", "F1")


def _bar(share: float) -> str:
    return f'<td class=share style="--s:{100 * share:.2f}%">{_percent(share)}</td>'


def _confusion(found: Evaluation) -> str:
    counts = found.confusion
    shown = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    if len(shown) > MAX_CLASSES:
        return f"<h2>Confusion</h2>\n<p>{len(shown)} classes are too many for a matrix.</p>\n"
    pictured = {(int(found.targets[i]), int(found.answers[i])) for i in _pictured(found)}
    most = max(1, int((counts - np.diag(np.diag(counts))).max()))
    head = "".join(f'<th scope="col">{_text(found.labels[j])}</th>' for j in shown)
    rows = []
    for i in shown:
        total = max(1, int(counts[i].sum()))
        cells = (
            _cell(int(counts[i, j]), total if i == j else most, (int(i), int(j)), pictured)
            for j in shown
        )
        rows.append(f'<tr><th scope="row">{_text(found.labels[i])}</th>{"".join(cells)}</tr>\n')
    return (
        "<h2>Confusion</h2>\n<p>Rows: what it is. Columns: what was read. "
        "A number off the diagonal leads to its pictures.</p>\n"
        "<div class=wide><table class=confusion>"
        f"<thead><tr><th></th>{head}</tr></thead>\n<tbody>{''.join(rows)}</tbody></table></div>\n"
    )


def _cell(count: int, most: int, pair: tuple[int, int], pictured: set[tuple[int, int]]) -> str:
    if not count:
        return "<td class=none>·</td>"
    kind = "right" if pair[0] == pair[1] else "wrong"
    shade = 0.15 + 0.75 * (count / most) ** 0.5
    linked = f'<a href="#{_anchor(pair)}">{count}</a>' if pair in pictured else str(count)
    return f'<td class={kind} style="--a:{shade:.2f}">{linked}</td>'


def _anchor(pair: tuple[int, int]) -> str:
    return f"wrong-{pair[0]}-{pair[1]}"


def _calibration(found: Evaluation) -> str:
    rows = "".join(
        f"<tr><td>{_percent(b.lower)} to {_percent(b.upper)}</td><td>{b.count:,}</td>"
        f"<td>{_percent(b.confidence)}</td><td>{_percent(b.accuracy)}</td></tr>\n"
        for b in found.calibration()
    )
    return (
        "<h2>Calibration</h2>\n<p>How often answers of some confidence are right. On the dashed "
        "line, confidence is what it says; the calibration error is the mean distance from it.</p>"
        f"\n<div class=side>{_plot(found.calibration())}"
        f"{_table(_BIN_COLUMNS, rows)}</div>\n"
    )


_BIN_COLUMNS = ("confidence", "answers", "mean confidence", "right")


def _plot(bins: tuple[CalibrationBin, ...]) -> str:
    """A reliability diagram (Niculescu-Mizil and Caruana 2005)."""
    bars = "".join(
        f'<rect x="{_PLOT * b.lower:.1f}" y="{_PLOT * (1 - b.accuracy):.1f}" '
        f'width="{_PLOT * (b.upper - b.lower) - 1:.1f}" height="{_PLOT * b.accuracy:.1f}"/>'
        for b in bins
    )
    return (
        f'<svg viewBox="-34 -8 {_PLOT + 58} {_PLOT + 44}" role="img" '
        'aria-label="Share of right answers by confidence">'
        f'<path class=frame d="M0 0H{_PLOT}V{_PLOT}H0Z"/>{bars}'
        f'<path class=ideal d="M0 {_PLOT}L{_PLOT} 0"/>'
        f'<text x="0" y="{_PLOT + 14}">0</text><text x="{_PLOT}" y="{_PLOT + 14}">100 %</text>'
        f'<text x="{_PLOT / 2}" y="{_PLOT + 28}">confidence</text>'
        f'<text x="-16" y="{_PLOT / 2}" transform="rotate(-90 -16 {_PLOT / 2})">right</text></svg>'
    )


def _pictured(found: Evaluation) -> list[int]:
    """Indices of the wrong samples that are shown, the most confident first."""
    wrong = found.wrong
    order = np.argsort(-found.confidences[wrong], kind="stable")[:MAX_PICTURES]
    return [int(i) for i in wrong[order]]


def _wrong(found: Evaluation, dataset: Dataset) -> str:
    groups: dict[tuple[int, int], list[int]] = {}
    for i in _pictured(found):
        groups.setdefault((int(found.targets[i]), int(found.answers[i])), []).append(i)
    if not groups:
        return "<h2>The wrong ones</h2>\n<p>There are none.</p>\n"
    more = len(found.wrong) - MAX_PICTURES
    note = f" The {MAX_PICTURES:,} surest of {len(found.wrong):,} are shown." if more > 0 else ""
    parts = "".join(_group(pair, found, dataset, groups[pair]) for pair in sorted(groups))
    return (
        "<h2>The wrong ones</h2>\n<p>As the network saw them, the surest first; below each, how "
        f"sure the answer was, and the number of the sample.{note}</p>\n"
        f"<div class=groups>{parts}</div>\n"
    )


def _group(pair: tuple[int, int], found: Evaluation, dataset: Dataset, samples: list[int]) -> str:
    label, answer = (_text(found.labels[i]) for i in pair)
    figures = "".join(
        f'<figure><img src="{_data_uri(dataset.cells[i])}" width="56" height="56" '
        f'alt="{label} read as {answer}"><figcaption>{100 * found.confidences[i]:.0f} % '
        f"<span>{i}</span></figcaption></figure>\n"
        for i in samples
    )
    head = f"{label} read as {answer} <small>{len(samples)}</small>"
    return (
        f'<section><h3 id="{_anchor(pair)}">{head}</h3>\n'
        f"<div class=pictures>{figures}</div></section>\n"
    )


def _data_uri(cell: Grey) -> str:
    _, png = cv2.imencode(".png", cell)
    return f"data:image/png;base64,{base64.b64encode(png.tobytes()).decode()}"


def _skipped(dataset: Dataset) -> str:
    if not dataset.skipped:
        return ""
    lines = "".join(
        f"<li>{_text(name)}: {_text(reason)}</li>\n"
        for name, reason in dataset.skipped[:_MAX_SKIPPED]
    )
    count = len(dataset.skipped)
    return f"<details><summary>{count:,} skipped</summary><ul>{lines}</ul></details>\n"


def _about(measured: Measured) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{_text(value)}</dd>" for name, value in _facts(measured))
    return f"<h2>About the model</h2>\n<dl class=about>{rows}</dl>\n"


def _facts(measured: Measured) -> Iterator[tuple[str, str]]:
    info = measured.classifier.info
    yield "file", measured.model
    yield "SHA-256", measured.classifier.checksum
    yield "classes", ", ".join(info.labels)
    for name, value in (
        ("name", info.name),
        ("trained on", ", ".join(info.data)),
        ("licence", info.licence),
    ):
        if value:
            yield name, value
    yield "measured by", f"Inkread {__version__}"
