"""The page of a report: names and labels of others bring nothing into it but text."""

from __future__ import annotations

from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inkread.cli.evaluate.report_page import Measured, page
from inkread.core.escapes import visible
from inkread.ml.datasets.dataset import Dataset, Skipped
from inkread.ml.evaluation.results import Evaluation
from inkread.ml.inference.metadata import ModelInfo

#: Pieces that markup is made of.
MARKUP = ("<", ">", '"', "'", "&", "/", "=", "script", "img src=x onerror=x", "<!--", "]]>")
ENDS = ("</td>", "</style>", "</title>", "&lt;", "&#60;")
PIECES = (*MARKUP, *ENDS, "\0", "\x1b", "\u202e", "\udcff", "\n", "א", "%s", "{}")
names = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=6).map("".join)


class Parsed(HTMLParser):
    """Elements with their attributes, and all text."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text = ""
        self.others: list[str] = []
        self.feed(data.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = ((key, value) for key, value in attrs if key != "alt")
        self.elements.append((tag, tuple(kept)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def measured(model: str, first: str, second: str, source: str, other: str) -> Measured:
    labels = (f"1{first}", f"2{second}")
    targets, answers = np.array([0, 1, 0], np.int64), np.array([0, 0, 1], np.int64)
    confidences = np.array([0.9, 0.8, 0.7], np.float32)
    cells = np.zeros((3, 4, 4), np.uint8)
    info = ModelInfo(
        (first[:64] or "x",), name=f"n{other}", licence=f"l{other}", data=(f"d{source}",)
    )
    return Measured(
        model,
        cast("Any", SimpleNamespace(info=info, checksum="0", labels=labels)),
        Dataset(cells, targets, labels, (source,), (Skipped(f"s{other}", f"r{source}"),)),
        Evaluation(labels, targets, answers, confidences),
    )


PLAIN = Parsed(page(measured("m", "a", "b", "s", "o")))


NASTY = "".join((*MARKUP, *ENDS))


@pytest.mark.slow
@settings(max_examples=200)
@given(names, names, names, names, names)
@example(NASTY, NASTY, NASTY, NASTY, NASTY)
def test_no_name_brings_an_element_or_an_attribute(
    model: str, first: str, second: str, source: str, other: str
) -> None:
    found = Parsed(page(measured(model, first, second, source, other)))
    assert found.elements == PLAIN.elements
    assert found.others == []
    for text in (f"n{other}", f"1{first}", f"2{second}", f"r{source}"):
        assert visible(text) in found.text


def test_markup_in_every_name_is_text() -> None:
    found = Parsed(page(measured(NASTY, NASTY, NASTY, NASTY, NASTY)))
    assert found.elements == PLAIN.elements
    assert f"n{NASTY}" in found.text


def test_the_page_allows_nothing_from_elsewhere() -> None:
    (policy,) = [
        dict(attributes)["content"]
        for tag, attributes in PLAIN.elements
        if tag == "meta" and ("http-equiv", "Content-Security-Policy") in attributes
    ]
    assert policy is not None
    rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
    assert {rules[name] for name in ("default-src", "base-uri", "form-action")} == {"'none'"}
    assert rules["img-src"] == "data:"
    assert "script-src" not in rules


def test_everything_hidden_is_an_escape() -> None:
    found = page(measured("a\u202eb\x1b\x9b\udcff", "a", "b", "s", "o"))
    assert rb"a\u202eb\x1b\x9b\xff" in found
