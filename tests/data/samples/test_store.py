"""The store undisturbed; test_disasters.py disturbs it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from inkread.core.errors import LabelUnusable, NothingToUndo, SampleUnknown
from inkread.core.ink import Ink, Stroke
from inkread.data.paths import home
from inkread.data.samples.sample import Kind, Origin, Sample
from inkread.data.samples.store import MAX_CHANGES, AddedSamples, LabelConflict, SampleStore, Undone
from inkread.data.samples.watch import OwnChanges, SampleWatch
from tests.data.stores import cell, labels, sample, sql, store_in


class TestKeeping:
    def test_at_first_there_is_nothing_and_nothing_is_made(self, tmp_path: Path) -> None:
        store = SampleStore.of(home(tmp_path))
        assert (store.samples(), store.counts(), store.notice) == ([], {}, None)
        for change in (store.undo, lambda: store.delete([1]), lambda: store.relabel([1], "a")):
            with pytest.raises((NothingToUndo, SampleUnknown)):
                change()
        assert list(tmp_path.iterdir()) == []

    def test_everything_comes_back(self, store: SampleStore) -> None:
        ink = Ink((Stroke.of([(1, 2), (3, 4)], 5.5, [0.1, 0.9]),))
        sent = Sample(
            label="é",
            cell=cell(3),
            kind=Kind.PAGE,
            ink=ink,
            picture=b"PNG",
            source="a b.png",
            origin=Origin.CORRECTED,
            model="m",
            guess="e",
            probability=0.25,
        )
        number = store.add(sent)
        (kept,) = store.samples()
        assert kept.id == number
        np.testing.assert_array_equal(kept.cell, cell(3))
        assert kept.ink is not None
        np.testing.assert_array_equal(kept.ink.strokes[0].points, ink.strokes[0].points)
        for name in ("label", "kind", "picture", "source", "origin", "model", "guess"):
            assert getattr(kept, name) == getattr(sent, name)
        assert kept.probability == 0.25
        with pytest.raises(ValueError, match="read-only"):
            kept.cell[0, 0] = 1

    def test_the_time_is_utc_and_stays(self, store: SampleStore, tmp_path: Path) -> None:
        before = datetime.now(UTC)
        store.add(sample("1"))
        (kept,) = store.samples()
        written = datetime.fromisoformat(kept.time)
        assert written.utcoffset() is not None
        assert abs((written - before).total_seconds()) < 3600
        copy = store_in(tmp_path / "copy")
        copy.add(kept)
        assert copy.samples()[0].time == kept.time

    def test_they_are_in_order_and_can_be_chosen(self, store: SampleStore) -> None:
        ids = store.add_many(sample(label, i) for i, label in enumerate("2113"))
        assert [one.id for one in store.samples()] == ids
        assert [one.id for one in store.samples("1")] == ids[1:3]
        assert store.samples("7") == []
        assert [one.label for one in store.samples(ids=[ids[3], ids[0]])] == ["2", "3"]
        assert store.counts() == {"1": 2, "2": 1, "3": 1}
        with pytest.raises(SampleUnknown, match=r"^99: no sample has that id"):
            store.samples(ids=[99])

    def test_how_many_are_newer(self, store: SampleStore) -> None:
        assert store.count_after(0) == (0, 0)
        ids = store.add_many(sample("1", i) for i in range(4))
        assert store.count_after(0) == (4, ids[3])
        store.delete(ids[2:])
        assert store.count_after(ids[0]) == (1, ids[3])
        store.undo()
        assert store.count_after(ids[0]) == (3, ids[3])

    def test_another_window_sees_the_same(self, store: SampleStore, tmp_path: Path) -> None:
        other = store_in(tmp_path)
        store.add(sample("1"))
        other.add(sample("2"))
        assert labels(store) == labels(other) == ["1", "2"]

    def test_threads_may_share_a_store(self, store: SampleStore) -> None:
        with ThreadPoolExecutor(4) as threads:
            made = threads.map(lambda i: store.add(sample(str(i), i)), range(20))
            assert len(set(made)) == 20
        assert sorted(labels(store), key=int) == [str(i) for i in range(20)]

    def test_nothing_added_is_no_change(self, store: SampleStore) -> None:
        assert store.add_many([]) == []
        store.relabel([], "a")
        store.delete([])
        with pytest.raises(NothingToUndo):
            store.undo()

    def test_only_new_ones_are_added(self, store: SampleStore) -> None:
        store.add_many([sample("1", 1), sample("2", 2)])
        brought = [sample("1", 1), sample("2", 1), sample("3", 3), sample("3", 3)]
        assert store.add_new(brought) == AddedSamples((3,), 2, (LabelConflict(1, "1", "2"),))
        assert labels(store) == ["1", "2", "3"]

    def test_one_shape_may_be_brought_under_two_labels(self, store: SampleStore) -> None:
        brought = [sample("0", 1), sample("O", 1)]
        assert store.add_new(brought) == AddedSamples((1, 2), 0, ())
        assert store.add_new(brought) == AddedSamples((), 2, ())

    def test_what_was_deleted_may_come_back(self, store: SampleStore) -> None:
        store.delete(store.add_many([sample("1")]))
        assert store.add_new([sample("1")]).ids == (2,)

    def test_of_damaged_ink_the_cell_is_left(self, store: SampleStore) -> None:
        store.add(Sample(label="1", cell=cell(), ink=Ink((Stroke.of([(1, 2)]),))))
        sql(store.path, "UPDATE samples SET ink = x'00'")
        (kept,) = store.samples()
        assert kept.ink is None
        np.testing.assert_array_equal(kept.cell, cell())


class TestForms:
    """Labels as older versions kept them: an accent behind its letter."""

    @pytest.fixture
    def older(self, store: SampleStore) -> SampleStore:
        store.add_many([sample("é", 1), sample("z", 2), sample("é", 3)])
        sql(store.path, "UPDATE samples SET label = 'e\u0301' WHERE id = 3")
        return store

    def test_they_are_one_label(self, older: SampleStore) -> None:
        assert older.counts() == {"z": 1, "é": 2}
        assert older.labels() == {1: "é", 2: "z", 3: "é"}
        assert labels(older) == ["é", "z", "é"]
        assert [(one.label, one.id) for one in older.listed()] == [("z", 2), ("é", 1), ("é", 3)]
        for form in ("é", "e\u0301"):
            assert [one.id for one in older.samples(form)] == [1, 3]
            assert [one.id for one in older.listed(form)] == [1, 3]

    def test_they_are_known_when_they_come_again(self, older: SampleStore) -> None:
        assert older.add_new([sample("é", 3), sample("e\u0301", 1)]) == AddedSamples((), 2, ())

    def test_a_change_of_them_that_is_undone_is_an_own_one(self, tmp_path: Path) -> None:
        own = OwnChanges()
        store = SampleStore.open(tmp_path / "samples.db", own)
        store.add(sample("é"))
        sql(store.path, "UPDATE samples SET label = 'e\u0301'")
        watch = SampleWatch(own)
        watch.news(1, store.labels())
        store.relabel([1], "7")
        watch.news(1, store.labels())
        store.undo()
        assert watch.news(1, store.labels()) is None


class TestChanging:
    def test_relabelled(self, store: SampleStore) -> None:
        ids = store.add_many([sample("1"), sample("2"), sample("3")])
        store.relabel(ids[:2], " x ")
        assert labels(store) == ["x", "x", "3"]

    def test_a_label_that_cannot_be_changes_nothing(self, store: SampleStore) -> None:
        ids = store.add_many([sample("1")])
        with pytest.raises(LabelUnusable):
            store.relabel(ids, "")
        assert labels(store) == ["1"]

    def test_deleted_ones_are_gone(self, store: SampleStore) -> None:
        ids = store.add_many([sample("1"), sample("2")])
        store.delete(ids[:1])
        assert labels(store) == ["2"]
        assert store.counts() == {"2": 1}
        with pytest.raises(SampleUnknown, match=rf"^{ids[0]}: "):
            store.relabel(ids, "a")
        with pytest.raises(SampleUnknown, match=rf"^{ids[0]}: "):
            store.delete(ids)
        assert labels(store) == ["2"]

    @pytest.mark.parametrize("number", [0, -1, 99, 10**30])
    def test_of_an_unknown_number_nothing_is_changed(self, store: SampleStore, number: int) -> None:
        ids = store.add_many([sample("1")])
        with pytest.raises(SampleUnknown):
            store.delete([*ids, number])
        assert labels(store) == ["1"]

    def test_a_number_is_never_given_again(self, store: SampleStore) -> None:
        first = store.add(sample("1"))
        store.undo()
        assert store.add(sample("1")) > first

    def test_a_change_is_all_or_nothing(self, store: SampleStore) -> None:
        def failing() -> list[Sample]:
            made = [sample("1"), sample("2")]
            object.__setattr__(made[1], "label", "")  # the table refuses it
            return made

        store.add(sample("0"))
        with pytest.raises(Exception, match="could not be kept"):
            store.add_many(failing())
        assert labels(store) == ["0"]
        assert store.undo().action == "add"


class TestUndo:
    def test_everything_is_taken_back_in_turn(self, store: SampleStore) -> None:
        states = [labels(store)]
        ids = store.add_many([sample("1"), sample("2")])
        states.append(labels(store))
        store.relabel(ids, "7")
        states.append(labels(store))
        store.relabel(ids[:1], "8")
        states.append(labels(store))
        store.delete(ids)
        for action, changed in (
            ("delete", ids),
            ("relabel", ids[:1]),
            ("relabel", ids),
            ("add", ids),
        ):
            assert store.undo() == Undone(action, tuple(changed))
            assert labels(store) == states.pop()
        with pytest.raises(NothingToUndo, match="no change of the samples is left"):
            store.undo()

    def test_what_comes_back_is_what_was_there(self, store: SampleStore) -> None:
        number = store.add(Sample(label="1", cell=cell(5), ink=Ink((Stroke.of([(1, 2)]),))))
        store.delete([number])
        store.undo()
        (kept,) = store.samples()
        assert (kept.id, kept.ink is None) == (number, False)
        np.testing.assert_array_equal(kept.cell, cell(5))

    def test_another_window_undoes_too(self, store: SampleStore, tmp_path: Path) -> None:
        store.add(sample("1"))
        store_in(tmp_path).undo()
        assert labels(store) == []

    def test_whether_a_change_is_left_is_known(self, store: SampleStore) -> None:
        assert not store.can_undo()
        assert not store.path.exists()
        store.add(sample("1"))
        assert store.can_undo()
        store.undo()
        assert not store.can_undo()

    def test_added_and_undone_it_is_gone_for_good(self, store: SampleStore) -> None:
        store.add(sample("1"))
        store.undo()
        assert sql(store.path, "SELECT count(*) FROM samples") == [(0,)]

    def test_what_was_deleted_long_ago_is_gone_for_good(self, store: SampleStore) -> None:
        ids = store.add_many([sample("1"), sample("2")])
        store.delete(ids[:1])
        for turn in range(MAX_CHANGES - 1):
            store.relabel(ids[1:], str(turn))
        assert sql(store.path, "SELECT count(*) FROM samples") == [(2,)]
        store.relabel(ids[1:], "x")
        assert sql(store.path, "SELECT count(*) FROM samples") == [(1,)]
        for _ in range(MAX_CHANGES):
            store.undo()
        assert labels(store) == ["2"]
        with pytest.raises(NothingToUndo):
            store.undo()


def test_of_large_changes_only_the_last_can_be_undone(
    store: SampleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of changes stays within what an opening checks."""
    monkeypatch.setattr("inkread.data.samples.changes.MAX_CHANGED", 10)
    ids = store.add_many(sample("1", i) for i in range(4))
    for label in "abc":
        store.relabel(ids, label)
    assert sql(store.path, "SELECT count(*) FROM changed") == [(8,)]
    assert [store.undo().action, store.undo().action] == ["relabel", "relabel"]
    assert not store.can_undo()
    assert labels(store) == ["a"] * 4


def test_a_list_has_no_ink_and_is_by_label(store: SampleStore) -> None:
    ink = Ink((Stroke.of([(1, 1), (2, 2)]),))
    first = Sample(label="b", cell=cell(1), ink=ink, guess="6", probability=0.5, source="a.png")
    store.add_many([first, sample("c"), sample("a"), sample("b", 4)])
    listed = store.listed()
    assert [(one.label, one.id) for one in listed] == [("a", 3), ("b", 1), ("b", 4), ("c", 2)]
    assert np.array_equal(listed[1].pixels, cell(1))
    assert listed[1] == (1, "b", cell(1).tobytes(), "a.png", "6", 0.5)
    assert [one.id for one in store.listed("b")] == [1, 4]


def test_cells_alone_are_read_without_ink_and_crop(store: SampleStore) -> None:
    ink = Ink((Stroke.of([(1, 1), (2, 2)]),))
    store.add_many([
        Sample(label="b", cell=cell(1), ink=ink, picture=b"PNG", guess="6", source="a.png"),
        sample("c"),
    ])  # fmt: skip
    (whole,) = store.samples("b")
    (part,) = store.samples("b", cells_only=True)
    assert (whole.ink is None, whole.picture) == (False, b"PNG")
    assert (part.ink, part.picture) == (None, None)
    assert np.array_equal(part.cell, whole.cell)
    facts = ("id", "label", "kind", "source", "origin", "guess", "time")
    assert [getattr(part, name) for name in facts] == [getattr(whole, name) for name in facts]
    assert [one.id for one in store.samples(cells_only=True)] == [1, 2]


def test_a_label_of_a_newer_python_is_no_damage(store: SampleStore, tmp_path: Path) -> None:
    """What is printable depends on the version of Unicode."""
    store.add_many([sample("1"), sample("2", 2)])
    label = "a\U000e0fff"
    sql(store.path, f"UPDATE samples SET label = '{label}' WHERE id = 1")
    again = store_in(tmp_path)
    assert (again.notice, labels(again)) == (None, [label, "2"])
    assert [one.label for one in again.listed()] == ["2", label]
    assert again.counts() == {"2": 1, label: 1}
    again.relabel([1], "3")
    again.undo()
    assert labels(again) == [label, "2"]
    with pytest.raises(LabelUnusable):
        again.relabel([2], label)
