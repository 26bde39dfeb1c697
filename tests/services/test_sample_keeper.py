from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from inkread.core.errors import SamplesFailed
from inkread.core.ink import Ink
from inkread.core.reading import Glyph, Guess
from inkread.core.recognition.recognise import read_ink
from inkread.data.samples.sample import Kind, Origin
from inkread.data.samples.store import SampleStore
from inkread.services.sample_keeper import Correction, SampleKeeper
from tests.core.templates import Templates
from tests.data.stores import labels, store_in
from tests.services.manual import ManualExecutor
from tests.written import write


class Keeping:
    """A keeper whose worker works when a test says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened = 0
        self.executor = ManualExecutor()
        self.keeper = SampleKeeper(self._open, self.executor)
        self.emitted: list[tuple[str, object]] = []
        for name in ("kept", "taken_out", "failed"):
            signal = getattr(self.keeper, name)
            signal.connect(lambda value, name=name: self.emitted.append((name, value)))
        self.ink: Ink = write("61")
        self.glyphs: tuple[Glyph, ...] = read_ink(self.ink, Templates()).glyphs

    def _open(self) -> SampleStore:
        self.opened += 1
        return store_in(self.folder)

    @property
    def store(self) -> SampleStore:
        return store_in(self.folder)

    def keep(self, label: str, glyph: Glyph | None = None) -> None:
        glyph = glyph or self.glyphs[0]
        self.keeper.keep(Correction(glyph, label, self.ink, "", "mine 0123"))


@pytest.fixture
def keeping(qapp: QCoreApplication, tmp_path: Path) -> Keeping:
    return Keeping(tmp_path)


def test_a_correction_is_kept_with_all_that_is_known_of_it(keeping: Keeping) -> None:
    keeping.keep("4")
    keeping.keep("1", keeping.glyphs[1])
    keeping.executor.drain()
    assert keeping.emitted == [("kept", 1), ("kept", 2)]
    corrected, confirmed = keeping.store.samples()
    assert (corrected.label, corrected.guess, corrected.origin) == ("4", "6", Origin.CORRECTED)
    assert (confirmed.label, confirmed.guess, confirmed.origin) == ("1", "1", Origin.CONFIRMED)
    assert (corrected.kind, corrected.source, corrected.model) == (Kind.INK, "canvas", "mine 0123")
    assert corrected.ink is not None


def test_a_glyph_of_a_picture_is_kept_with_the_pictures_name(keeping: Keeping) -> None:
    keeping.keeper.keep(Correction(keeping.glyphs[0], "4", None, "page.png", ""))
    keeping.executor.drain()
    (sample,) = keeping.store.samples()
    assert (sample.kind, sample.source, sample.ink) == (Kind.PAGE, "page.png", None)


def test_nothing_is_done_but_by_the_worker(keeping: Keeping) -> None:
    keeping.keep("4")
    assert (keeping.opened, keeping.emitted, list(keeping.folder.iterdir())) == (0, [], [])


def test_what_is_undone_is_no_sample_and_is_one_again_when_done_again(keeping: Keeping) -> None:
    keeping.keep("4")
    keeping.keeper.take_out(keeping.glyphs[0])
    keeping.executor.drain()
    assert (labels(keeping.store), keeping.emitted[-1]) == ([], ("taken_out", 0))
    keeping.keep("4")
    keeping.executor.drain()
    assert labels(keeping.store) == ["4"]


def test_a_glyph_that_is_corrected_again_stays_one_sample(keeping: Keeping) -> None:
    keeping.keep("4")
    corrected = keeping.glyphs[0].confirmed_as("4")
    keeping.keep("5", corrected)
    keeping.executor.drain()
    assert labels(keeping.store) == ["5"]
    keeping.keeper.take_out(corrected)
    keeping.executor.drain()
    assert labels(keeping.store) == ["4"]
    keeping.keeper.take_out(keeping.glyphs[0])
    keeping.executor.drain()
    assert labels(keeping.store) == []


@pytest.mark.parametrize("sign", [",", "/", ":", "%"])
def test_a_sign_is_no_sample(keeping: Keeping, sign: str) -> None:
    keeping.keep(sign)
    keeping.executor.drain()
    assert keeping.emitted == []
    keeping.keep("4")
    keeping.keep("-", keeping.glyphs[0].confirmed_as("4"))
    keeping.executor.drain()
    assert (labels(keeping.store), keeping.emitted) == ([], [("kept", 1), ("taken_out", 0)])


def test_a_sign_that_the_model_has_as_a_class_is_a_sample(keeping: Keeping) -> None:
    digit = keeping.glyphs[0]
    keeping.keep("+", replace(digit, guesses=(*digit.guesses, Guess("+", 0.1))))
    keeping.executor.drain()
    assert labels(keeping.store) == ["+"]


def test_undoing_what_was_never_kept_changes_nothing(keeping: Keeping) -> None:
    keeping.keeper.take_out(keeping.glyphs[0])
    keeping.keeper.take_out(keeping.glyphs[0].confirmed_as("4"))
    keeping.executor.drain()
    assert (keeping.emitted, list(keeping.folder.iterdir())) == ([], [])


def test_a_correction_of_an_earlier_start_has_its_sample_still(
    keeping: Keeping, tmp_path: Path
) -> None:
    six, one = keeping.glyphs
    for glyph, label in ((six, "4"), (one, "7")):
        keeping.keeper.keep(Correction(glyph, label, None, "page.png", ""))
    keeping.executor.drain()
    later = Keeping(tmp_path)
    for glyph, label in ((six, "4"), (one, "7")):
        later.keeper.expect(glyph, label)
    later.executor.drain()
    assert later.opened == 0
    later.keeper.keep(Correction(six.confirmed_as("4"), "9", None, "page.png", ""))
    later.keeper.take_out(one)
    later.executor.drain()
    assert labels(later.store) == ["9"]


def test_a_sample_that_was_deleted_elsewhere(keeping: Keeping) -> None:
    keeping.keep("4")
    keeping.executor.drain()
    keeping.store.delete([keeping.store.samples()[0].id])
    keeping.keep("5", keeping.glyphs[0].confirmed_as("4"))
    keeping.executor.drain()
    assert labels(keeping.store) == ["5"]
    keeping.store.delete([keeping.store.samples()[0].id])
    keeping.keeper.take_out(keeping.glyphs[0])
    keeping.executor.drain()
    assert [what for what, _ in keeping.emitted] == ["kept", "kept", "taken_out"]


def test_a_failing_store_is_reported_once_until_it_works_again(
    keeping: Keeping, tmp_path: Path
) -> None:
    keeping.folder = tmp_path / "file" / "folder"
    (tmp_path / "file").write_bytes(b"in the way")
    for _ in range(3):
        keeping.keep("4")
        keeping.executor.drain()
    ((what, error),) = keeping.emitted
    assert what == "failed"
    assert isinstance(error, SamplesFailed)
    (tmp_path / "file").unlink()
    keeping.keep("4")
    keeping.executor.drain()
    assert keeping.emitted[1:] == [("kept", 1)]
    assert labels(keeping.store) == ["4"]


def test_one_that_fails_does_not_cost_the_next(keeping: Keeping) -> None:
    keeping.keep("")  # no label
    keeping.keep("1", keeping.glyphs[1])
    keeping.executor.drain()
    assert [what for what, _ in keeping.emitted] == ["failed", "kept"]
    assert labels(keeping.store) == ["1"]


def test_a_damaged_file_costs_no_correction(keeping: Keeping) -> None:
    (keeping.folder / "samples.db").write_bytes(b"no samples at all" * 1000)
    keeping.keep("4")
    keeping.executor.drain()
    assert [what for what, _ in keeping.emitted] == ["kept"]


def test_what_is_to_be_done_afterwards_finds_all_of_it(keeping: Keeping) -> None:
    found: list[list[str]] = []

    def look() -> None:
        found.append(labels(keeping.store))

    keeping.keeper.queue.afterwards(look)
    assert found == [[]]
    keeping.keep("4")
    keeping.keep("1", keeping.glyphs[1])
    keeping.keeper.queue.afterwards(look)
    assert len(found) == 1
    keeping.executor.drain()
    assert found[1:] == [["4", "1"]]


def test_the_rest_is_done_at_the_end(keeping: Keeping) -> None:
    keeping.keep("4")
    keeping.keep("1", keeping.glyphs[1])
    keeping.keeper.queue.finish()
    assert labels(keeping.store) == ["4", "1"]
    keeping.executor.drain()
    assert labels(keeping.store) == ["4", "1"]
