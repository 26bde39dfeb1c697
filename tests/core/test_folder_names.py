"""Labels to names of folders, and back."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from inkread.core.errors import LabelUnusable
from inkread.core.folder_names import (
    MAX_NAME_BYTES,
    NOTE,
    folder_names,
    label_of,
    note_of,
    read_note,
    short_name,
)
from inkread.core.generators import finished
from inkread.core.labels import normalise_label
from inkread.data.samples.export import export
from inkread.data.samples.importing import can_read, read_samples
from inkread.data.samples.sample import Sample, StoredSample
from tests.data.stores import cell

ODD = [
    *("/", "..", ".", "CON", "nul", "aux.txt", "LPT¹", "COM9", "conin$", "a.", "a:b", "C:"),
    *("-rf", "~", "~root", "%", "%41", "100%", "a", "A", "aB", "Ab", "AB", "ab", "ß", "ss"),
    *("é", "q\u0301", "ﬁ", "fi", "ı", "i", "İ", "test", "Training", "value", NOTE, "labels.json"),
    *("𝟘" * 64, "𝟙" * 64, '"' * 64, "?" * 64, "x" * 64, "X" * 64, "\u0301" * 64, "한" * 40, "한글"),
]


@st.composite
def labels(draw: st.DrawFn) -> str:
    text = draw(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=64))
    try:
        return normalise_label(text)
    except LabelUnusable:
        assume(False)
        raise


def stored(label: str, number: int) -> StoredSample:
    return StoredSample(label=label, cell=cell(number), id=number)


def there_and_back(found: set[str], folder: Path) -> dict[str, int]:
    """Labels of the cells that come back from an export."""
    samples = [stored(label, number) for number, label in enumerate(sorted(found), 1)]
    export(samples, folder)
    assert can_read(folder)
    read: list[Sample] = list(finished(read_samples(folder)).samples)
    by_cell = {one.cell.tobytes(): one.label for one in read}
    assert len(read) == len(samples)
    return {by_cell[one.cell.tobytes()]: one.id for one in samples}


@pytest.mark.slow
@settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sets(labels(), min_size=1, max_size=8))
@example(set(ODD))
def test_every_label_comes_back(tmp_path: Path, found: set[str]) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    back = there_and_back(found, folder)
    assert back == {label: number for number, label in enumerate(sorted(found), 1)}


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(st.sets(labels(), min_size=1, max_size=8))
@example(set(ODD))
def test_every_system_can_have_the_names(found: set[str]) -> None:
    names = folder_names(found)
    assert set(names) == found
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        for case in (str.casefold, str.lower, str.upper):
            seen = {case(unicodedata.normalize(form, name)) for name in names.values()}
            assert len(seen) == len(found)
    for name in names.values():
        assert len(name.encode()) <= MAX_NAME_BYTES
        assert not set(name) & set('<>:"/\\|?*')
        assert name[0] not in "-~. "
        assert name[-1] not in ". "
        stem = name.split(".", 1)[0].strip().upper()
        assert stem not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM²"}
        assert name.casefold() != NOTE


@pytest.mark.slow
@settings(deadline=None)
@given(st.sets(labels(), min_size=1, max_size=8), st.sampled_from(["NFC", "NFD"]))
@example(set(ODD), "NFD")
def test_a_file_system_may_write_accents_in_another_way(found: set[str], form: str) -> None:
    names = folder_names(found)
    note = json.loads(note_of(names) or b"{}")
    for label, name in names.items():
        noted = {unicodedata.normalize("NFC", key): text for key, text in note.items()}
        assert label_of(unicodedata.normalize(form, name), noted) == label  # type: ignore[arg-type]


def test_plain_labels_are_plain_names_and_need_no_note() -> None:
    plain = ["0", "7", "A", "x y", "plus", "+", "=", "π"]
    assert folder_names(plain) == {label: label for label in plain}
    assert note_of(folder_names(plain)) is None


def test_a_short_name_is_plain() -> None:
    assert short_name("𝟘" * 64).isascii()
    assert short_name("Ab c" * 16).startswith("ab_cab_c")
    assert len(short_name("x" * 64)) < 50


@pytest.mark.parametrize(
    "note",
    [b"", b"[]", b"[" * 10**5, b'{"a": 1}', b'{"a": ""}', b'{"a": "\\ud800"}', b'{"a": "b\\nc"}'],
)
def test_a_note_that_is_none_is_passed_over(tmp_path: Path, note: bytes) -> None:
    (tmp_path / NOTE).write_bytes(note)
    assert read_note(tmp_path) == {}


def test_a_note_of_an_older_version_may_hold_accents_in_another_way(tmp_path: Path) -> None:
    (tmp_path / NOTE).write_text(json.dumps({"short~0123": "e\u0301" * 30}))
    assert read_note(tmp_path) == {"short~0123": "é" * 30}


def test_a_note_that_is_a_folder_is_a_class(tmp_path: Path) -> None:
    (tmp_path / NOTE).mkdir()
    assert read_note(tmp_path) == {}


def test_a_renamed_folder_has_another_label(tmp_path: Path) -> None:
    export([stored("3", 1), stored("𝟘" * 64, 2)], tmp_path / "out")
    (tmp_path / "out" / "3").rename(tmp_path / "out" / "8")
    back = [one.label for one in finished(read_samples(tmp_path / "out")).samples]
    assert sorted(back) == ["8", "𝟘" * 64]


def test_names_of_older_versions_lead_back() -> None:
    for name, label in {"%2F": "/", "%41": "A", "100%25": "100%", "%63on": "con"}.items():
        assert label_of(name, {}) == label
