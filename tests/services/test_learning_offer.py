from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from inkread.services.learning_offer import MIN_NEW_SAMPLES, LearningOffer
from inkread.services.settings import Settings
from tests.data.stores import sample, store_in
from tests.services.manual import ManualExecutor


class Offers:
    """An offer over a store in a folder; `again` is the next start of the program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = 0
        self.again()

    def again(self) -> None:
        self._executor = ManualExecutor()
        self.settings = Settings(self._folder / "settings.ini")
        self.offer = LearningOffer(lambda: store_in(self._folder), self.settings, self._executor)
        self.emitted: list[int] = []
        self.offer.made.connect(self.emitted.append)
        self.offer.withdrawn.connect(lambda: self.emitted.append(0))

    def keep(self, count: int) -> list[int]:
        """Add samples; what is emitted then."""
        store_in(self._folder).add_many(sample("7", self._kept + i) for i in range(count))
        self._kept += count
        return self.look()

    def look(self) -> list[int]:
        self.offer.count_new()
        return self.drain()

    def drain(self) -> list[int]:
        self._executor.drain()
        emitted, self.emitted[:] = self.emitted[:], []
        return emitted


@pytest.fixture
def offers(qapp: QCoreApplication, tmp_path: Path) -> Offers:
    return Offers(tmp_path)


def test_ten_are_enough_and_fewer_are_not(offers: Offers) -> None:
    assert MIN_NEW_SAMPLES == 10
    assert offers.look() == [0]
    assert offers.keep(9) == [0]
    assert offers.keep(1) == [10]
    assert offers.keep(2) == [12]


def test_those_of_the_last_session_count(offers: Offers) -> None:
    offers.keep(9)
    offers.again()
    assert offers.keep(1) == [10]


def test_what_was_dismissed_is_not_offered_again_but_ten_others_are(offers: Offers) -> None:
    offers.keep(10)
    offers.offer.dismiss()
    assert offers.drain() == [0]
    offers.settings.save()
    offers.again()
    assert offers.look() == [0]
    assert offers.keep(9) == [0]
    assert offers.keep(1) == [10]


def test_what_was_learned_is_not_offered(offers: Offers) -> None:
    offers.keep(15)
    offers.offer.settle(12)
    offers.drain()
    assert offers.keep(6) == [0]
    assert offers.keep(1) == [10]


def test_what_was_deleted_does_not_count(offers: Offers, tmp_path: Path) -> None:
    offers.keep(10)
    store_in(tmp_path).delete([10])
    assert offers.look() == [0]
    offers.offer.dismiss()
    assert offers.keep(9) == [0, 0]
    assert offers.keep(1) == [10]


def test_nobody_is_asked_who_does_not_want_to(offers: Offers) -> None:
    offers.settings.offers_learning = False
    assert offers.keep(20) == [0, 0]
    offers.settings.offers_learning = True
    assert offers.drain() == [20]


def test_who_was_asked_elsewhere_is_not_asked_again(offers: Offers) -> None:
    offers.keep(9)
    offers.offer.decline()
    assert offers.drain() == [0]
    assert offers.keep(1) == [10]
    offers.offer.decline()
    assert offers.drain() == [0]
    assert offers.look() == [0]


def test_another_store_begins_anew(offers: Offers, tmp_path: Path) -> None:
    offers.keep(12)
    offers.offer.dismiss()
    offers.drain()
    for path in tmp_path.glob("samples.db*"):
        path.unlink()
    assert offers.look() == [0]
    assert offers.keep(10) == [10]


def test_a_store_that_cannot_be_read_is_not_reported_here(offers: Offers, tmp_path: Path) -> None:
    (tmp_path / "samples.db").mkdir()
    assert offers.look() == []


def test_what_another_window_learned_is_offered_no_more(offers: Offers, tmp_path: Path) -> None:
    assert offers.keep(10) == [10]
    offers.settings.save()
    (tmp_path / "settings.ini").write_text("[learning]\nup_to=10\n", "utf-8")
    offers.settings.load()
    assert offers.drain() == [0]
    assert offers.look() == [0]
